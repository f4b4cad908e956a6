"""A draft is saved while it is written: nothing is lost, and the log is not filled."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry
from intranet.core import clock
from intranet.extensions import db
from intranet.library.actions.autosave import SITTING
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]


def autosave(browser: Browser, number: str, version: Any, **fields: str) -> tuple[int, Any]:
    """Send what the page's script sends; return status and answer."""
    page = browser.get(f"/bibliotek/{number}/rediger")
    form = {**page.form(f"/bibliotek/{number}/rediger"), "version": str(version), **fields}
    answer = browser.client.post(f"/bibliotek/{number}/autolagre", data=form)
    return answer.status_code, answer.get_json(silent=True)


def stored(app: Flask, number: str) -> tuple[str, int, list[int]]:
    with app.app_context():
        revision = load_working_revision(load_document(number))
        found = revision.body, revision.version, list(revision.contributor_ids)
        db.session.remove()
    return found


def logged(app: Flask) -> list[Any]:
    with app.app_context():
        found = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.event == AuditEvent.DOCUMENT_DRAFT_EDITED)
            .order_by(AuditEntry.sequence)
        ).all()
        fields = [json.loads(entry.details)["fields"] for entry in found]
        db.session.remove()
    return fields


def test_each_pause_saves_and_hands_on_the_version_that_the_button_then_sends(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft")
    writer = log_in(people.eva)
    status, answer = autosave(writer, number, 1, body="Vask hendene.")
    assert (status, answer["version"]) == (200, 2)
    assert answer["saved"].startswith("Lagret kl. ")
    status, answer = autosave(writer, number, answer["version"], body="Vask hendene lenge.")
    assert (status, answer["version"]) == (200, 3)
    assert stored(app, number)[:2] == ("Vask hendene lenge.", 3)
    page = writer.get(f"/bibliotek/{number}/rediger")
    form = page.form(f"/bibliotek/{number}/rediger")
    assert writer.post(f"/bibliotek/{number}/rediger", {**form, "version": "3"}).status == 200


def test_whoever_writes_second_is_told_who_was_first_and_overwrites_nothing(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft")
    assert autosave(log_in(people.eva), number, 1, body="Evas tekst")[0] == 200
    status, answer = autosave(log_in(people.mona), number, 1, body="Monas tekst")
    assert status == 409
    assert "Eva Åsen lagret kl." in answer["message"]
    body, version, contributors = stored(app, number)
    assert (body, version) == ("Evas tekst", 2)
    # And who saved nothing may still approve it.
    assert people.mona not in contributors


def test_text_that_is_stored_already_is_no_conflict(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """The page was left while it was saving, and the browser brings it back with the old number."""
    number = make_document("draft")
    writer = log_in(people.eva)
    form = writer.get(f"/bibliotek/{number}/rediger").form(f"/bibliotek/{number}/rediger")
    autosave(writer, number, 1, body="Vask hendene.")
    assert autosave(writer, number, 1, body="Vask hendene.")[0] == 200
    assert stored(app, number)[1] == 2
    form |= {"version": "1", "body": "Vask hendene."}
    assert writer.post(f"/bibliotek/{number}/rediger", form).status == 200


def test_what_cannot_be_saved_says_why_and_changes_nothing(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft")
    status, answer = autosave(log_in(people.eva), number, 1, title="", body="Ny")
    assert (status, answer) == (422, {"message": "Skriv en tittel."})
    assert stored(app, number)[1] == 1


def test_the_log_has_one_entry_for_each_sitting_and_each_decision(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft")
    start = clock.now() + SITTING + timedelta(minutes=1)
    with clock.stopped_at(start):
        writer, leader = log_in(people.eva), log_in(people.mona)
        for pause, text in enumerate(("En", "En to", "En to tre"), start=1):
            assert autosave(writer, number, pause, body=text)[0] == 200
        assert logged(app) == [["body"]]
        # Where it applies is more than words.
        autosave(writer, number, 4, body="En to tre fire", valid_for=str(people.strandheim))
        assert logged(app)[1:] == [["body", "valid_for"]]
        # Another person begins a sitting of her own.
        autosave(leader, number, 5, body="Fem")
        autosave(leader, number, 6, body="Fem seks")
        assert logged(app)[2:] == [["body"]]
    with clock.stopped_at(start + SITTING + timedelta(minutes=1)):
        autosave(log_in(people.mona), number, 7, body="Etter lunsj")
        assert logged(app)[3:] == [["body"]]


def test_only_a_page_that_can_be_saved_over_nothing_saves_by_itself(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    """Where two texts must be put together, it is a person who saves."""
    number = make_document("draft")
    address = f"/bibliotek/{number}/rediger"
    leader = log_in(people.mona)
    page = leader.get(address)
    assert page.find(f"//form[@data-autosave='/bibliotek/{number}/autolagre']")
    form = page.form(address)
    autosave(log_in(people.eva), number, 1, body="Evas tekst")
    conflict = leader.post(address, {**form, "body": "Monas tekst"})
    assert conflict.status == 409
    assert conflict.find("//form[@data-guard]")
    assert not conflict.find("//form[@data-autosave]")
