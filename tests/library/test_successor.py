"""What replaces a withdrawn document: shown on its page, and found by whoever looks for the old."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import delete, select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve
from intranet.library.queries.documents import load_document
from intranet.library.search_source import LibrarySource
from intranet.search.models import PendingEntry
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]


def replace(app: Flask, people: Cast, old: str, new: str = "") -> None:
    with app.app_context():
        with transaction():
            approve.withdraw_document(
                load_document(old), "Slått sammen", actor=cast.viewer(people.mona),
                successor_number=new,
            )  # fmt: skip
        db.session.remove()


def test_search_is_led_from_each_withdrawn_document_to_what_applies_instead(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    first, second, third, other = (
        make_document(title=title) for title in ("Eldst", "Eldre", "Dosetter", "Noe annet")
    )
    replace(app, people, first, second.lower())
    replace(app, people, second, third)
    replace(app, people, other)
    with app.app_context():
        entries = list(LibrarySource().entries())
        again = list(LibrarySource().entries_for([f"library/{third}"]))
        db.session.remove()
    assert [entry.aliases for entry in entries] == [(third, second, first)]
    assert "Eldst" in entries[0].name
    assert "Eldre" in entries[0].name
    assert again == entries


def test_what_replaces_a_document_is_indexed_again_and_named_on_the_old_page(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    old, new = make_document(title="Gammel"), make_document(title="Ny dosettrutine")
    with app.app_context():
        with transaction():
            db.session.execute(delete(PendingEntry))
        db.session.remove()
    replace(app, people, old, new)
    with app.app_context():
        keys = set(db.session.execute(select(PendingEntry.doc_key)).scalars())
        db.session.remove()
    assert keys == {f"library/{old}", f"library/{new}"}
    page = log_in(people.ingrid).get(f"/bibliotek/{old}")
    assert "Ny dosettrutine" in page.text
    assert f"/bibliotek/{new}" in page.links()
