"""What attached files say is found beneath their document, by those who may see it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask

from intranet.core.files import receive_upload, text_of_received
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, files
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.library.search_source import LibrarySource
from intranet.search import indexing
from intranet.search.entry import LONGEST_TEXT
from intranet.search.queries import find_hits
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.core import hostile
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x "zyzzyva"><!ENTITY y "&x;&x;&x;">]>'
    b"<d><p>&y;</p></d>"
)

STRINGS = b"<sst xmlns='urn:x'><si><t>Brannslokkerne telles</t></si></sst>"


def attach(app: Flask, people: Cast, number: str, name: str, data: bytes) -> None:
    """As the page does it: looked through, its text read in the child, and kept whatever came of it."""
    with app.app_context():
        received = receive_upload(io.BytesIO(data), name)
        text = text_of_received(received)
        with transaction():
            files.attach_file(load_document(number), received, text, actor=cast.viewer(people.eva))
        db.session.remove()


@pytest.fixture
def bring_out(app: Flask, people: Cast, make_document: MakeDocument) -> Callable[..., str]:
    """Return a function that publishes a document with the files."""

    def publish(**named: bytes) -> str:
        number = make_document(state="draft", title="Rutine for gulv")
        for name, data in named.items():
            attach(app, people, number, name.replace("_", "."), data)
        with app.app_context(), transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
            version = load_working_revision(document).version
            approve.approve_revision(document, version=version, actor=cast.viewer(people.mona))
        return number

    return publish


def test_the_words_of_each_kind_of_file_lead_to_it_with_its_name(
    app: Flask, people: Cast, bring_out: Callable[..., str]
) -> None:
    number = bring_out(
        beredskap_pdf=hostile.pdf("Sikringsskapet merkes fredag"),
        vaskeplan_docx=hostile.word("Mopphodene kokes grundig"),
        varer_odt=hostile.office("odt"),
        liste_xlsx=hostile.office("xlsx", **{"xl/sharedStrings.xml": STRINGS}),
    )
    with app.app_context():
        indexing.rebuild()
        viewer = cast.viewer(people.ingrid)
        for words, name in (
            ("sikringsskap", "beredskap.pdf"),
            ("mopphodene", "vaskeplan.docx"),
            ("vaskeplan", "vaskeplan.docx"),
            ("åpent format", "varer.odt"),
            ("brannslokker", "liste.xlsx"),
        ):
            (hit,) = find_hits(viewer, words).hits
            assert hit.title.striptags() == "Rutine for gulv"
            assert hit.subtitle == f"{number} · i vedlegget «{name}»"
            assert hit.url == f"/bibliotek/{number}#files-title"
        # Its own page is found by its own words, and not by those of its files.
        assert [hit.key for hit in find_hits(viewer, "legemidler gulv").hits][
            0
        ] == f"library/{number}"
        db.session.remove()


def test_the_end_of_a_long_file_is_found_too(
    app: Flask, people: Cast, bring_out: Callable[..., str]
) -> None:
    long_text = "fyll " * (LONGEST_TEXT // 2) + "slutten nevner gressklipper"
    number = bring_out(lang_txt=long_text.encode())
    with app.app_context():
        keys = [entry.key for entry in LibrarySource().entries()]
        assert len(keys) == 4
        assert all(LibrarySource().owns(key) for key in keys)
        indexing.rebuild()
        (hit,) = find_hits(cast.viewer(people.ingrid), "gressklipper").hits
        assert "gressklipper" in hit.snippet
        assert set(LibrarySource().load([hit.key, keys[1]])) == {hit.key, keys[1]}
        assert LibrarySource().load([f"library/{number}#vedlegg/999/0", "library/#vedlegg/x"]) == {}
        db.session.remove()


def test_a_draft_and_its_file_are_found_by_nobody(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """AZ-25"""
    number = make_document(state="draft")
    attach(app, people, number, "hemmelig.docx", hostile.word("Vaktmesterboligen selges"))
    with app.app_context():
        indexing.rebuild()
        for words in ("vaktmesterboligen", "hemmelig"):
            assert find_hits(cast.viewer(people.eva), words).total == 0
        db.session.remove()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "a.docx",
            hostile.zipped(
                {
                    "[Content_Types].xml": hostile.CONTENT_TYPES.format("").encode(),
                    "word/document.xml": ENTITIES,
                }
            ),
        ),
        (
            "b.docx",
            hostile.zipped(
                {
                    "[Content_Types].xml": hostile.CONTENT_TYPES.format("").encode(),
                    "word/document.xml": b"<d>" * 50_000,
                }
            ),
        ),
        ("skann.pdf", hostile.pdf("")),
    ],
)
def test_a_file_that_cannot_be_read_stays_and_its_owner_is_told(
    app: Flask, people: Cast, log_in: LogIn, bring_out: Callable[..., str], name: str, data: bytes
) -> None:
    """FI-05, XT-01: entities, endless nesting, a scanned sheet; the upload is kept as it is."""
    number = bring_out(**{name.replace(".", "_"): data, "bra_docx": hostile.word("Lesbar tekst")})
    said = "vi får ikke lest teksten"
    page = log_in(people.eva).get(f"/bibliotek/{number}")
    assert page.text.count(said) == 1
    assert name in page.text
    assert said not in log_in(people.ingrid).get(f"/bibliotek/{number}").text
    with app.app_context():
        assert len(list(LibrarySource().entries())) == 2
        db.session.remove()
