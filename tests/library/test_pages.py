"""The library's pages as each person gets them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.files import path_of
from intranet.core.models import StoredFile
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import addresses
from intranet.library.actions import approve
from intranet.library.models import Document, Revision
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.library.search_source import LibrarySource
from tests import cast
from tests.browser import Browser, Page
from tests.cast import Cast
from tests.core import hostile
from tests.library.conftest import Attach, MakeDocument

LogIn = Callable[[int], Browser]
DRAFT = {
    "title": "Ny rutine",
    "body": "Tekst med **vekt**",
    "keywords": "en, to",
    "change_note": "Ny",
    "is_significant": "y",
}


def search_keys(app: Flask) -> set[str]:
    with app.app_context():
        keys = {entry.key for entry in LibrarySource().entries()}
        db.session.remove()
    return keys


def send_file(browser: Browser, number: str, name: str, data: bytes, mime: str = "") -> Page:
    upload = (io.BytesIO(data), name, mime) if mime else (io.BytesIO(data), name)
    return browser.post(
        f"/bibliotek/{number}/vedlegg", {"file": upload}, content_type="multipart/form-data"
    )


def test_a_procedure_goes_from_writer_to_reader(app: Flask, people: Cast, log_in: LogIn) -> None:
    """The whole story: write, save, send, approve by another, read, found by search."""
    writer, leader, reader = (log_in(p) for p in (people.eva, people.mona, people.ingrid))
    start = writer.get("/bibliotek/ny")
    assert start.heading == "Nytt dokument"
    page = writer.post("/bibliotek/ny", {**DRAFT, "kind": "RUT", "unit": str(people.strandheim)})
    assert page.status == 200
    assert page.heading == "Rediger utkastet"
    form = page.form("/bibliotek/RUT-1/rediger")
    page = writer.post("/bibliotek/RUT-1/rediger", {**form, "body": "Bedre tekst", "step": "show"})
    assert "Bedre tekst" in page.text
    page = writer.post(
        "/bibliotek/RUT-1/til-godkjenning", page.form("/bibliotek/RUT-1/til-godkjenning")
    )
    assert "Til godkjenning" in page.text
    assert reader.get("/bibliotek/RUT-1").status == 404
    assert "RUT-1" not in reader.get("/bibliotek").text
    assert search_keys(app) == set()
    page = leader.get("/bibliotek/RUT-1/godkjenning")
    page = leader.post("/bibliotek/RUT-1/godkjenn", page.form("/bibliotek/RUT-1/godkjenn"))
    assert page.status == 200
    page = reader.get("/bibliotek/RUT-1")
    assert page.heading == "Ny rutine"
    for words in ("Bedre tekst", "Eva Åsen", "Mona Dahl", "Strandheim sykehjem", "Versjon 1",
                  "Ses over innen", "Ukontrollert utskrift, skrevet ut"):  # fmt: skip
        assert words in page.text, words
    assert "Ny rutine" in reader.get("/bibliotek").text
    assert search_keys(app) == {"library/RUT-1"}


def test_the_page_offers_to_report_a_deviation_from_this_procedure(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document()
    page = log_in(people.ingrid).get(f"/bibliotek/{number}")
    assert f"/avvik/meld?prosedyre={number}" in page.links()


def test_addresses_are_those_of_the_pages(app: Flask) -> None:
    with app.test_request_context():
        from flask import url_for

        assert addresses.document_url("PRO-1") == url_for("library.show_document", number="PRO-1")
        assert addresses.edit_url("PRO-1") == url_for("library.edit_document", number="PRO-1")
        assert addresses.approval_url("PRO-1") == url_for("library.show_approval", number="PRO-1")


@pytest.mark.parametrize(
    "path",
    ["", "/versjon/1", "/rediger", "/godkjenning", "/fil/{file}", "/trekk-tilbake"],
)
def test_a_draft_is_not_found_by_any_address(
    people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach, path: str
) -> None:
    """AZ-05, AZ-06, AZ-25: and the answer is that of a number that does not exist."""
    number = make_document("draft")
    file_id = attach(number)
    for person in (people.ingrid, people.rita, people.adam):
        browser = log_in(person)
        hidden = browser.get(f"/bibliotek/{number}{path}".format(file=file_id))
        missing = browser.get(f"/bibliotek/PRO-999{path}".format(file=file_id))
        assert (hidden.status, missing.status) == (404, 404)
        # The foot of a printed page names its own address.
        told = [page.text.replace(f"/{number}", "/PRO-999") for page in (hidden, missing)]
        told = [re.sub(r"sak [0-9a-f]{12}", "sak", text) for text in told]
        assert told[0] == told[1]
        assert "legemidler" not in hidden.text.lower()


@pytest.mark.parametrize(
    "path",
    ["ny-versjon", "legg-bort", "vedlegg", "vedlegg/{file}/fjern", "fortsatt-riktig",
     "til-godkjenning", "ta-tilbake", "godkjenn", "send-tilbake", "trekk-tilbake"],
)  # fmt: skip
def test_nobody_changes_a_document_that_is_not_theirs(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach, path: str
) -> None:
    """AZ-22, HD-05: refused with 404 for a draft and 403 for what may be read; nothing changes."""
    draft = make_document("draft")
    file_id = attach(draft)
    published = make_document()
    data = {"reason": "x", "version": "2", "file": (io.BytesIO(b"x"), "a.txt")}
    options = {"content_type": "multipart/form-data"}
    browser = log_in(people.ingrid)
    page = browser.post(f"/bibliotek/{draft}/{path}".format(file=file_id), dict(data), **options)
    assert page.status == 404
    data["file"] = (io.BytesIO(b"x"), "a.txt")
    page = browser.post(f"/bibliotek/{published}/{path}".format(file=file_id), data, **options)
    assert page.status in (403, 404)
    with app.app_context():
        rows = db.session.execute(select(Document.number, Document.state).order_by(Document.id))
        assert [tuple(row) for row in rows] == [(draft, "unpublished"), (published, "published")]
        db.session.remove()


def test_a_future_text_is_hidden_while_the_old_one_is_read(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """AZ-25: by address, list, history and search."""
    number = make_document()
    writer = log_in(people.eva)
    page = writer.post(f"/bibliotek/{number}/ny-versjon")
    writer.post(
        f"/bibliotek/{number}/rediger",
        {**page.form(f"/bibliotek/{number}/rediger"), "title": "FREMTID", "body": "FREMTID"},
    )
    reader = log_in(people.ingrid)
    for address in (f"/bibliotek/{number}", "/bibliotek", "/bibliotek?q=FREMTID"):
        page = reader.get(address)
        assert "FREMTID" not in page.text.replace("q=FREMTID", "")
    assert "Versjon 2" not in reader.get(f"/bibliotek/{number}").text
    assert reader.get(f"/bibliotek/{number}/versjon/2").status == 404
    with app.app_context():
        assert all("FREMTID" not in entry.text for entry in LibrarySource().entries())
        db.session.remove()


def test_older_versions_stay_readable_and_say_that_they_are_old(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document()
    writer, leader = log_in(people.eva), log_in(people.mona)
    page = writer.post(f"/bibliotek/{number}/ny-versjon")
    form = page.form(f"/bibliotek/{number}/rediger")
    form |= {"body": "Vask hendene grundig.", "change_note": "Grundigere", "step": "show"}
    page = writer.post(f"/bibliotek/{number}/rediger", form)
    writer.post(
        f"/bibliotek/{number}/til-godkjenning", page.form(f"/bibliotek/{number}/til-godkjenning")
    )
    page = leader.get(f"/bibliotek/{number}/godkjenning")
    assert page.find("//ins") or page.find("//del")
    assert "lagt til:" in page.text or "fjernet:" in page.text
    leader.post(f"/bibliotek/{number}/godkjenn", page.form(f"/bibliotek/{number}/godkjenn"))
    old = log_in(people.tor).get(f"/bibliotek/{number}/versjon/1")
    assert (old.status, "Eldre versjon" in old.text) == (200, True)
    assert "Før du deler ut" in old.text
    assert "Grundigere" in log_in(people.tor).get(f"/bibliotek/{number}").text


def test_the_second_editor_gets_409_with_the_text_kept_and_can_save_it_knowingly(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """CC-02, D8."""
    number = make_document("draft")
    address = f"/bibliotek/{number}/rediger"
    first, second = log_in(people.eva), log_in(people.mona)
    mine, theirs = first.get(address).form(address), second.get(address).form(address)
    first.post(address, {**mine, "body": "Den første skrev dette"})
    page = second.post(address, {**theirs, "body": "Den andre skrev dette"})
    assert page.status == 409
    assert page.find("//textarea[@name='body']")[0].text.strip() == "Den andre skrev dette"
    assert "Eva Åsen lagret" in page.text
    assert page.find("//ins")
    page = second.post(address, page.form(address))
    assert page.status == 200
    assert page.form(address)["body"].strip() == "Den andre skrev dette"


def test_bad_input_is_shown_at_its_field_and_the_text_is_kept(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft")
    address = f"/bibliotek/{number}/rediger"
    browser = log_in(people.eva)
    form = browser.get(address).form(address)
    page = browser.post(address, {**form, "title": "", "body": "Lang tekst som skal beholdes"})
    assert page.status == 422
    assert "Skriv en tittel." in page.text
    assert "Lang tekst som skal beholdes" in page.source
    page = browser.post("/bibliotek/ny", {**DRAFT, "title": "", "kind": "PRO", "unit": "999999"})
    assert page.status == 422
    assert "Tekst med **vekt**" in page.source
    page = browser.post(address, {**form, "body": "nul\x00tegn"})
    assert page.status == 422


def test_extra_fields_change_nothing(app: Flask, people: Cast, log_in: LogIn) -> None:
    """AZ-21."""
    extra = {"state": "published", "owner_id": "1", "number": "PRO-77", "approver_id": "1"}
    log_in(people.eva).post(
        "/bibliotek/ny", {**DRAFT, **extra, "kind": "PRO", "unit": str(people.strandheim)}
    )
    with app.app_context():
        document = db.session.scalars(select(Document)).one()
        assert (document.number, document.state) == ("PRO-1", "unpublished")
        assert document.owner_id == people.eva
        db.session.remove()


def test_the_reason_is_shown_to_the_writer(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("approval")
    leader = log_in(people.mona)
    address = f"/bibliotek/{number}/send-tilbake"
    page = leader.post(address, leader.get(f"/bibliotek/{number}/godkjenning").form(address))
    assert page.status == 422
    page = leader.post(address, {**page.form(address), "reason": "Mangler nødnummeret"})
    assert page.status == 200
    assert "Mangler nødnummeret" in log_in(people.eva).get(f"/bibliotek/{number}/rediger").text


def test_an_approver_of_a_changed_text_is_told_to_read_again(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """CC-02."""
    number = make_document("approval")
    leader = log_in(people.mona)
    form = leader.get(f"/bibliotek/{number}/godkjenning").form(f"/bibliotek/{number}/godkjenn")
    with app.app_context():
        with transaction():
            document = load_document(number)
            approve.take_back(document, actor=cast.viewer(people.eva))
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
        db.session.remove()
    page = leader.post(f"/bibliotek/{number}/godkjenn", form)
    assert page.status == 409
    assert "Les teksten på nytt" in page.text


def test_past_its_review_date_the_reader_sees_a_banner(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, at: Callable[..., None]
) -> None:
    at(datetime(2026, 1, 12, 8, tzinfo=UTC))
    number = make_document()
    at(datetime(2027, 1, 12, 8, tzinfo=UTC))
    assert "Ikke sett over i tide" not in log_in(people.ingrid).get(f"/bibliotek/{number}").text
    at(datetime(2027, 1, 13, 8, tzinfo=UTC))
    assert "Ikke sett over i tide" in log_in(people.ingrid).get(f"/bibliotek/{number}").text
    owner = log_in(people.eva)
    page = owner.get(f"/bibliotek/{number}")
    address = f"/bibliotek/{number}/fortsatt-riktig"
    page = owner.post(address, {**page.form(address), "note": "Lest"})
    assert page.status == 200
    assert "Ikke sett over i tide" not in page.text


def test_a_withdrawn_document_says_so_and_names_its_successor(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    old, new = make_document(), make_document(title="Den nye prosedyren")
    leader = log_in(people.mona)
    address = f"/bibliotek/{old}/trekk-tilbake"
    form = leader.get(address).form()
    page = leader.post(address, {**form, "reason": "Utdatert", "successor": "PRO-99"})
    assert page.status == 422
    assert "Utdatert" in page.source
    leader.post(address, {**form, "reason": "Utdatert", "successor": new})
    page = log_in(people.ingrid).get(f"/bibliotek/{old}")
    assert "Gjelder ikke lenger" in page.text
    assert "Den nye prosedyren" in page.text
    assert not [link for link in page.links() if link.startswith("/avvik/meld?")]
    assert search_keys(app) == {f"library/{new}"}


# The list


def test_the_list_is_narrowed_by_words_type_keyword_and_unit(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    make_document(title="Fall på avdelingen", valid_for=(people.strandheim,), keywords="skade")
    make_document(title="Brannøvelse", prefix="PLA", keywords="brann, 100 %")
    make_document(title="Leirskole", valid_for=(people.education,), keywords="tur")
    browser = log_in(people.ingrid)

    def titles(query: str) -> set[str]:
        page = browser.get(f"/bibliotek?{query}")
        return {link.text for link in page.find("//ul[contains(@class,'document-list')]//a")}

    assert len(titles("")) == 3
    assert titles("q=brannØVELSE") == {"Brannøvelse"}
    assert titles("type=PLA") == {"Brannøvelse"}
    assert titles("stikkord=tur") == {"Leirskole"}
    assert titles(f"enhet={people.ward}") == {"Fall på avdelingen", "Brannøvelse"}
    assert titles(f"enhet={people.school}") == {"Leirskole", "Brannøvelse"}
    assert titles("q=100+%25") == {"Brannøvelse"}
    for nothing in ("q=%25", "q=_____", "type=XXX", "q=finnes+ikke"):
        assert titles(nothing) - {"Brannøvelse"} == set()


@pytest.mark.parametrize(
    "query",
    ["q=%00", "enhet=abc", "enhet=99999999999999999999", "enhet=-1", "type=%00", "stikkord=%00",
     "neste=tull", "neste=1-1", "forrige=99999999999999999999-1", "q=" + "a" * 5000],
)  # fmt: skip
def test_a_senseless_address_gives_a_list_and_no_error(
    people: Cast, log_in: LogIn, make_document: MakeDocument, query: str
) -> None:
    """IN-05, IN-08."""
    make_document()
    assert log_in(people.ingrid).get(f"/bibliotek?{query}").status == 200


def test_pages_cost_few_queries_and_the_list_pages_by_key(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    numbers = [make_document(title=f"Dokument {n}") for n in range(27)]
    browser = log_in(people.ingrid)
    browser.get("/bibliotek")
    page = browser.get("/bibliotek")
    assert numbers[-1].replace("-", "\N{NON-BREAKING HYPHEN}") in page.text
    (older,) = [link for link in page.links() if "neste=" in link]
    second = browser.get(older)
    assert "Dokument 0" in second.text
    assert "Dokument 1" in second.text
    base = len(browser.get("/bibliotek?q=finnesikke").queries)
    assert len(page.queries) == base, page.queries
    assert len(page.queries) <= 10, page.queries
    assert len(browser.get(f"/bibliotek/{numbers[0]}").queries) <= 13


# Files (FI)


def test_a_file_is_downloaded_inert_by_those_who_may_read_its_revision(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """FI-02, FI-10: whatever type the browser claims."""
    number = make_document("draft")
    writer = log_in(people.eva)
    page = send_file(writer, number, "Sjekkliste ærlig.pdf", hostile.pdf(), "text/html")
    assert "Sjekkliste ærlig.pdf" in page.text
    (address,) = [link for link in page.links() if "/fil/" in link]
    answer = writer.get(address, inspect=False).response
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''Sjekkliste%20%C3%A6rlig.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert log_in(people.ingrid).get(address).status == 404
    shown = writer.get(f"/bibliotek/{number}/versjon/1")
    writer.post(
        f"/bibliotek/{number}/til-godkjenning", shown.form(f"/bibliotek/{number}/til-godkjenning")
    )
    leader = log_in(people.mona)
    form = leader.get(f"/bibliotek/{number}/godkjenning").form(f"/bibliotek/{number}/godkjenn")
    leader.post(f"/bibliotek/{number}/godkjenn", form)
    assert log_in(people.ingrid).get(address, inspect=False).status == 200
    with app.app_context():
        _document, file = LibrarySource().entries()
        assert "Slik gjør du det" in file.text
        db.session.remove()


def test_a_file_of_another_document_is_not_found_under_this_one(
    people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach
) -> None:
    """AZ-04, AZ-07: also for one who may read both, and for ids that do not exist."""
    first, second = make_document("draft"), make_document("draft")
    file_id = attach(first)
    writer = log_in(people.eva)
    assert writer.get(f"/bibliotek/{first}/fil/{file_id}", inspect=False).status == 200
    for address in (
        f"/bibliotek/{second}/fil/{file_id}",
        f"/bibliotek/{first}/fil/{file_id + 1}",
        f"/bibliotek/{first}/fil/{2**31}",
        f"/bibliotek/{first}/fil/{2**70}",
        f"/bibliotek/{first}/fil/0",
    ):
        assert writer.get(address).status == 404, address
    assert writer.post(f"/bibliotek/{second}/vedlegg/{file_id}/fjern").status == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("angrep.svg", b"<svg onload='alert(1)'/>"),
        ("angrep.html", b"<script>alert(1)</script>"),
        ("bombe.docx", hostile.zip_bomb(200)),
        ("makro.docx", hostile.office(**{"word/vbaProject.bin": b"x"})),
        ("flom.png", hostile.pixel_flood()),
        ("feil.pdf", hostile.png()),
        ("tom.txt", b""),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_the_text_stays(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, name: str, data: bytes
) -> None:
    """FI-03, FI-04, FI-07, FI-13, FI-14."""
    number = make_document("draft", body="Teksten som skal bli stående")
    page = send_file(log_in(people.eva), number, name, data)
    assert page.status == 422
    assert page.find("//*[contains(@class,'ds-validation-message')]")
    assert "Teksten som skal bli stående" in page.source
    with app.app_context():
        assert db.session.execute(select(StoredFile.id)).all() == []
        db.session.remove()


def test_a_removed_file_is_gone_at_once_but_old_versions_keep_theirs(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach
) -> None:
    """FI-20."""
    number = make_document("draft")
    file_id = attach(number)
    writer, leader = log_in(people.eva), log_in(people.mona)
    shown = writer.get(f"/bibliotek/{number}/versjon/1")
    writer.post(
        f"/bibliotek/{number}/til-godkjenning", shown.form(f"/bibliotek/{number}/til-godkjenning")
    )
    form = leader.get(f"/bibliotek/{number}/godkjenning").form(f"/bibliotek/{number}/godkjenn")
    leader.post(f"/bibliotek/{number}/godkjenn", form)
    page = writer.post(f"/bibliotek/{number}/ny-versjon")
    (copied,) = [link for link in page.links() if "/fil/" in link]
    copied_id = int(copied.rpartition("/")[2])
    assert copied_id != file_id
    assert writer.post(f"/bibliotek/{number}/vedlegg/{file_id}/fjern").status == 404
    writer.post(f"/bibliotek/{number}/vedlegg/{copied_id}/fjern")
    assert writer.get(copied).status == 404
    assert writer.get(f"/bibliotek/{number}/fil/{file_id}", inspect=False).status == 200
    own = attach(number, "ny.txt", b"Bare i utkastet")
    writer.post(f"/bibliotek/{number}/vedlegg/{own}/fjern")
    assert writer.get(f"/bibliotek/{number}/fil/{own}").status == 404
    with app.app_context():
        names = list(db.session.scalars(select(StoredFile.name)))
        assert names == ["skjema.txt"]
        db.session.remove()


def test_the_same_file_twice_is_one_attachment_and_the_21st_is_refused(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """FI-13, FI-18."""
    number = make_document("draft")
    writer = log_in(people.eva)
    for _time in range(2):
        page = send_file(writer, number, "a.txt", b"likt")
    assert len([link for link in page.links() if "/fil/" in link]) == 1
    for n in range(19):
        page = send_file(writer, number, f"{n}.txt", f"innhold {n}".encode())
    assert len([link for link in page.links() if "/fil/" in link]) == 20
    page = send_file(writer, number, "en-til.txt", b"en til")
    assert page.status == 422
    assert "høyst 20 filer" in page.text


def test_a_file_missing_on_disk_is_said_clearly_and_the_others_work(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """FI-12."""
    number = make_document("draft")
    lost, kept = attach(number, "borte.txt", b"borte"), attach(number, "her.txt", b"her")
    with app.app_context():
        stored = db.session.scalars(select(StoredFile).where(StoredFile.name == "borte.txt")).one()
        path_of(stored).unlink()
        db.session.remove()
    writer = log_in(people.eva)
    page = writer.get(f"/bibliotek/{number}/fil/{lost}")
    assert page.status == 404
    assert "ligger ikke lenger på serveren" in page.text
    assert any("missing on disk" in record.message for record in caplog.records)
    assert writer.get(f"/bibliotek/{number}/fil/{kept}", inspect=False).status == 200


def test_scripts_typed_into_every_field_are_shown_as_text(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """IN-01, IN-02, IN-10."""
    evil = "<script>alert(1)</script>{{7*7}}"
    body = evil + "\n\n[lenke](javascript:alert(1)) <img src=x onerror=alert(1)>"
    number = make_document(title=evil, body=body, keywords=evil, change_note=evil)
    for address in (f"/bibliotek/{number}", "/bibliotek", f"/bibliotek/{number}/versjon/1"):
        page = log_in(people.ingrid).get(address)
        assert "<script>alert" not in page.source
        assert "<img src=x" not in page.source
        assert 'href="javascript:' not in page.source
        assert "49" not in page.heading


def test_the_history_is_kept_when_time_goes_by(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """A published revision is never changed: its version counter stands still."""
    number = make_document()
    with app.app_context():
        revision = db.session.scalars(select(Revision)).one()
        assert revision.approved_at is not None
        assert now() - revision.approved_at < timedelta(minutes=1)
        assert load_document(number).published_at is not None
        db.session.remove()
