"""The whole history of a document, and an old text taken up again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from intranet.core.errors import NotAllowed, NotFound, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions.restore import restore_revision
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.library.views import history
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import Attach, MakeDocument, Revise

LogIn = Callable[[int], Browser]


def restore(app: Flask, number: str, version: int, person: int) -> None:
    try:
        with app.app_context(), transaction():
            restore_revision(load_document(number), version, actor=cast.viewer(person))
    finally:
        with app.app_context():
            db.session.remove()


def test_an_old_text_becomes_a_draft_with_its_files_and_readers_keep_what_applies(
    app: Flask, people: Cast, make_document: MakeDocument, revise: Revise, attach: Attach,
    log_in: LogIn,
) -> None:  # fmt: skip
    number = make_document("draft", body="Den første teksten")
    attach(number, "gammelt.txt")
    writer, leader = log_in(people.eva), log_in(people.mona)
    path = f"/bibliotek/{number}"
    page = writer.get(f"{path}/versjon/1")
    writer.post(f"{path}/til-godkjenning", page.form(f"{path}/til-godkjenning"))
    page = leader.get(f"{path}/godkjenning")
    leader.post(f"{path}/godkjenn", page.form(f"{path}/godkjenn"))
    revise(number, body="Den andre teksten")
    page = writer.get(f"{path}/historikk")
    restoring = f"{path}/versjon/1/ta-fram"
    page = writer.post(restoring, page.form(restoring))
    assert page.heading == "Rediger utkastet"
    assert "Den første teksten" in page.text
    assert "Teksten fra versjon 1 er tatt fram igjen." in page.source
    assert "gammelt.txt" in page.text
    assert "Den andre teksten" in log_in(people.ingrid).get(path).text
    with app.app_context():
        revision = load_working_revision(load_document(number))
        assert (revision.number, revision.state, revision.author_id) == (3, "draft", people.eva)


def test_who_may_not_write_is_refused_and_a_second_press_makes_no_second_draft(
    app: Flask, people: Cast, make_document: MakeDocument, revise: Revise
) -> None:
    number = make_document()
    revise(number)
    with pytest.raises(NotAllowed):
        restore(app, number, 1, people.ingrid)
    with pytest.raises(NotFound):
        restore(app, number, 9, people.eva)
    restore(app, number, 1, people.eva)
    with pytest.raises(NotPossibleNow):
        restore(app, number, 1, people.eva)


def test_a_reader_pages_through_what_readers_had(
    people: Cast, make_document: MakeDocument, revise: Revise, log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(history, "ON_PAGE", 2)
    number = make_document()
    revise(number)
    revise(number)
    revise(number, publish=False)
    reader = log_in(people.ingrid)
    first = reader.get(f"/bibliotek/{number}/historikk")
    assert "Versjon 3" in first.text
    assert "Versjon 4" not in first.text
    assert "Ta fram" not in first.text
    older = next(link for link in first.links() if "under=" in link)
    second = reader.get(older)
    assert "Versjon 1" in second.text
    assert "Versjon 2" not in second.text


def test_a_document_with_many_versions_asks_little(
    people: Cast, make_document: MakeDocument, revise: Revise, log_in: LogIn
) -> None:
    number = make_document(body="Etter forskrift § 4.\n\n" * 40)
    for _turn in range(3):
        revise(number)
    reader = log_in(people.ingrid)
    reader.get(f"/bibliotek/{number}")
    page = reader.get(f"/bibliotek/{number}")
    assert len(page.queries) <= 9, page.queries
