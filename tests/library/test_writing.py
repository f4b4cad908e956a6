"""The toolbar of the text, and the pictures that stand in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, files
from intranet.library.models import RevisionFile
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.core import hostile
from tests.library.conftest import Attach, MakeDocument, Revise

LogIn = Callable[[int], Browser]


def stored_id(app: Flask, attachment: int) -> int:
    with app.app_context():
        found = db.session.get_one(RevisionFile, attachment).stored_file_id
        db.session.remove()
    return found


def test_attached_pictures_are_offered_to_the_text_and_other_files_are_not(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach
) -> None:
    number = make_document("draft")
    attach(number)
    picture = stored_id(app, attach(number, "plan.png", hostile.png()))
    page = log_in(people.eva).get(f"/bibliotek/{number}/rediger")
    offered = page.find("//select[@id='markdown-picture-file']/option")
    assert [(one.get("value"), one.text) for one in offered] == [
        (f"/bibliotek/{number}/bilde/{picture}", "plan.png")
    ]


@pytest.mark.parametrize(
    ("path", "tools"),
    [
        ("/bibliotek/ny", 9),
        # An article has one picture, in a field of its own, and its text links no laws.
        ("/nyheter/skriv", 7),
    ],
)
def test_the_toolbar_controls_the_text_and_takes_one_tab_stop(
    people: Cast, log_in: LogIn, path: str, tools: int
) -> None:
    page = log_in(people.eva).get(path)
    (toolbar,) = page.find("//*[@role='toolbar']")
    # Shown by the script; without it the field stands alone with its help.
    assert toolbar.get("hidden") is not None
    assert page.find(f"//textarea[@id='{toolbar.get('aria-controls')}']")
    assert "Slik formaterer du" in page.text
    buttons = toolbar.xpath(".//button")
    assert [button.get("tabindex") for button in buttons] == ["0"] + ["-1"] * (tools - 1)
    assert all(button.text_content().strip() for button in buttons)
    windows = {one.get("data-markdown-dialog") for one in page.find("//dialog")}
    named = {button.get("data-tool") for button in buttons}
    assert windows == named - {"heading", "bold", "italic", "bullets", "numbers"}


def test_a_picture_follows_the_text_through_its_versions(
    app: Flask,
    people: Cast,
    log_in: LogIn,
    make_document: MakeDocument,
    attach: Attach,
    revise: Revise,
) -> None:
    """Hidden with the draft, seen with what is published, and still there when only later ones
    have it: the draft that brought it was laid aside and never read by anybody.
    """
    number = make_document("draft")
    picture = stored_id(app, attach(number, "plan.png", hostile.png()))
    note = stored_id(app, attach(number))
    address = f"/bibliotek/{number}/bilde/{picture}"
    writer, reader = log_in(people.eva), log_in(people.ingrid)
    assert writer.get(address, inspect=False).status == 200
    assert reader.get(address).status == 404
    # Nothing else than pictures is shown in a page.
    assert writer.get(f"/bibliotek/{number}/bilde/{note}").status == 404

    writer.post(f"/bibliotek/{number}/legg-bort", {})
    revise(number, body=f"![Plan]({address})")
    assert reader.get(address, inspect=False).status == 200
    page = reader.get(f"/bibliotek/{number}")
    assert [one.get("src") for one in page.find("//div[@class='prose']//img")] == [address]

    # Of another document it is not.
    other = make_document()
    assert reader.get(f"/bibliotek/{other}/bilde/{picture}").status == 404


def test_a_picture_removed_from_the_next_draft_stays_in_what_is_published(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, attach: Attach
) -> None:
    number = make_document("draft")
    picture = stored_id(app, attach(number, "plan.png", hostile.png()))
    with app.app_context():
        eva, mona = cast.viewer(people.eva), cast.viewer(people.mona)
        with transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=eva)
            version = load_working_revision(document).version
            approve.approve_revision(document, version=version, actor=mona)
        db.session.remove()
    writer = log_in(people.eva)
    writer.post(f"/bibliotek/{number}/ny-versjon", {})
    with app.app_context():
        eva = cast.viewer(people.eva)
        with transaction():
            document = load_document(number)
            revision = load_working_revision(document)
            attached = db.session.execute(
                select(RevisionFile.id).where(RevisionFile.revision_id == revision.id)
            ).scalar_one()
            files.remove_file(document, attached, actor=eva)
        db.session.remove()
    reader = log_in(people.ingrid)
    assert reader.get(f"/bibliotek/{number}/bilde/{picture}", inspect=False).status == 200
