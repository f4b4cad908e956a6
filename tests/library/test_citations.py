"""What a document in force rests on is kept, shown beside the law, and found anew after an import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.library.actions import approve, write
from intranet.library.jobs import follow_laws
from intranet.library.models import DocumentCitation
from intranet.library.queries.citations import SHOWN, find_law_citers
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.laws.builders import archive, law, paragraph
from tests.library.conftest import Attach, MakeDocument

LogIn = Callable[[int], Browser]
REFID = "lov/2001-01-05-1"
MAY, JUNE = date(2026, 5, 21), date(2026, 6, 18)
RULES = law(
    REFID,
    paragraph("1", "Formål", "Loven gjelder prøver."),
    paragraph("2 A-1", "Varsel", "Varsel gis straks."),
    paragraph("3", "Straff", "Bot."),
)
BODY = "Varsle straks, jf. prøveloven § 2 A-1 (2). Se også **prøveloven § 3** og § 2A-1 der."


def bring(document: bytes, as_of: date = MAY) -> None:
    import_archive(archive(document), "prøve.tar.bz2", as_of=as_of)


def cited(number: str) -> list[tuple[str, str, int]]:
    rows = db.session.scalars(
        select(DocumentCitation)
        .where(DocumentCitation.document_id == load_document(number).id)
        .order_by(DocumentCitation.refid, DocumentCitation.section_key)
    )
    return [(row.refid, row.section, row.revision_number) for row in rows]


def revise(number: str, people: Cast, body: str) -> None:
    """Publish a new text, written by Eva and approved by Mona."""
    with transaction():
        document = load_document(number)
        revision = write.start_revision(document, actor=cast.viewer(people.eva))
        contents = write.DraftContents(title=revision.title, body=body, change_note="Ny")
        write.edit_draft(
            document, contents, version=revision.version, actor=cast.viewer(people.eva)
        )
        approve.send_to_approval(document, version=revision.version, actor=cast.viewer(people.eva))
        version = load_working_revision(document).version
        approve.approve_revision(document, version=version, actor=cast.viewer(people.mona))


def test_publishing_keeps_each_paragraph_that_the_text_names_once(
    context: Flask, make_document: MakeDocument
) -> None:
    bring(RULES)
    number = make_document(body=BODY)
    assert cited(number) == [(REFID, "2 A-1", 1), (REFID, "3", 1)]


def test_draft_rests_on_nothing_and_the_next_revision_replaces_the_last(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    bring(RULES)
    assert cited(make_document("draft", body=BODY)) == []
    number = make_document(body=BODY)
    revise(number, people, "Nå bare prøveloven § 1.")
    assert cited(number) == [(REFID, "1", 2)]


def test_withdrawn_document_rests_on_nothing(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    bring(RULES)
    number = make_document(body=BODY)
    with transaction():
        approve.withdraw_document(load_document(number), "Utgått", actor=cast.viewer(people.mona))
    assert cited(number) == []
    assert not find_law_citers(cast.viewer(people.ingrid), REFID).is_named


def test_text_of_attached_files_counts(
    context: Flask, people: Cast, make_document: MakeDocument, attach: Attach
) -> None:
    """A procedure may be nothing but a PDF."""
    bring(RULES)
    number = make_document("draft", body="Se filen.")
    attach(number, data="Etter prøveloven § 3 gis bot.".encode("latin-1"))
    with transaction():
        document = load_document(number)
        version = load_working_revision(document).version
        approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
        version = load_working_revision(document).version
        approve.approve_revision(document, version=version, actor=cast.viewer(people.mona))
    assert cited(number) == [(REFID, "3", 1)]


def test_import_of_a_law_gives_older_documents_their_references(
    context: Flask, make_document: MakeDocument
) -> None:
    """Published before the laws were there; the job finds it, and finds nothing the second time."""
    number = make_document(body=BODY)
    other = make_document(body="Uten lov.")
    assert cited(number) == []
    bring(RULES)
    assert follow_laws() == 1
    assert cited(number) == [(REFID, "2 A-1", 1), (REFID, "3", 1)]
    assert cited(other) == []
    assert follow_laws() == 0
    bring(law(REFID, paragraph("3", "Straff", "Bot.")), JUNE)
    assert follow_laws() == 1
    assert cited(number) == [(REFID, "3", 1)]


def test_law_page_shows_the_documents_at_the_paragraph(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    with app.app_context():
        bring(RULES)
        db.session.remove()
    number = make_document(body=BODY, title="Varsling på avdelingen")
    make_document("draft", body=BODY, title="Hemmelig utkast")
    page = log_in(people.ingrid).get(f"/lover/{REFID}")
    (here,) = page.find("//section[@id='p-2-A-1']")
    assert "Varsling på avdelingen" in here.text_content()
    assert f"/bibliotek/{number}" in page.links()
    (elsewhere,) = page.find("//section[@id='p-1']")
    assert "Varsling på avdelingen" not in elsewhere.text_content()
    assert "Hemmelig utkast" not in page.text


def test_paragraph_that_many_rest_on_names_the_first_and_leads_to_all(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    with app.app_context():
        bring(RULES)
        db.session.remove()
    for place in range(SHOWN + 2):
        make_document(body=BODY, title=f"Prosedyre {place}")
    make_document(body="Bare prøveloven § 1.", title="En annen")
    reader = log_in(people.ingrid)
    page = reader.get(f"/lover/{REFID}")
    (here,) = page.find("//section[@id='p-3']")
    assert f"Prosedyre {SHOWN - 1}" in here.text_content()
    assert f"Prosedyre {SHOWN}" not in here.text_content()
    assert f"Se alle {SHOWN + 2}" in here.text_content()
    (all_of_them,) = [link for link in page.links() if "paragraf=3" in link]
    listed = reader.get(all_of_them)
    assert f"Prosedyre {SHOWN + 1}" in listed.text
    assert "En annen" not in listed.text
    assert "Bygger på Prøveloven § 3" in listed.text.replace("\N{NO-BREAK SPACE}", " ")
    whole = reader.get(f"/bibliotek?lov={REFID}")
    assert "En annen" in whole.text


@pytest.mark.parametrize("asked", ["lov=x", "lov=lov/1999-01-01-1&paragraf=%00", "lov=%27"])
def test_list_narrowed_to_a_law_that_is_not_there_is_empty(
    people: Cast, log_in: LogIn, make_document: MakeDocument, asked: str
) -> None:
    make_document()
    page = log_in(people.ingrid).get(f"/bibliotek?{asked}")
    assert page.status == 200
    assert "Håndtering av legemidler" not in page.text
