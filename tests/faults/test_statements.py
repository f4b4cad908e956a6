"""Each statement of a sending fails once, for real: nothing of it stands, and then it can be sent."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from intranet.core.clock import OSLO, now
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.extensions import db
from intranet.library.actions import approve, write
from intranet.library.contents import DraftContents
from intranet.library.queries.revisions import load_working_revision
from tests import cast
from tests.browser import Browser, Page, inspect_page
from tests.deviations.factories import do, report

TEXT = "Denne teksten er skrevet for hånd av en som har liten tid."
# No such table on either database: the server itself refuses, and PostgreSQL ends the transaction.
BROKEN = "SELECT inner_value FROM inner_table_that_is_not_there"
# What else may change: that the session was used, and a draft of what could not be sent.
_OTHERS = frozenset({"login_session", "deviation_draft"})


@dataclass(frozen=True)
class Sending:
    """One form: who sends it, where to, and what."""

    person: int
    path: str
    fields: Mapping[str, str]
    # (field, name, content)
    files: tuple[tuple[str, str, bytes], ...] = field(default=())
    kept: str = ""


def _report(people: cast.Cast) -> Sending:
    local = (now() - timedelta(hours=1)).astimezone(OSLO)
    fields = {
        "what": TEXT, "unit_id": str(people.ward), "day": f"{local:%Y-%m-%d}",
        "clock": f"{local:%H:%M}", "send_key": str(uuid.uuid4()), "concerned_person": "Mona Dahl",
    }  # fmt: skip
    return Sending(
        people.ingrid, "/avvik/meld", fields, (("files", "a.txt", b"En merknad."),), kept=TEXT
    )


def _case(people: cast.Cast, *acts: Any) -> tuple[int, str]:
    number = report(people.ingrid, people.strandheim)
    for act in acts:
        do(people.mona, number, act)
    version = do(people.mona, number, lambda case, **_k: case.deviation.version)
    return number, str(version)


def _acknowledge(people: cast.Cast) -> Sending:
    number, version = _case(people)
    return Sending(people.mona, f"/avvik/{number}/bekreft", {"version": version})


def _message(people: cast.Cast) -> Sending:
    number, _version = _case(people, handle.acknowledge_deviation)
    fields = {"text": TEXT, "send_key": str(uuid.uuid4())}
    return Sending(people.mona, f"/avvik/{number}/melding", fields, kept=TEXT)


def _close(people: cast.Cast) -> Sending:
    number, version = _case(people, handle.acknowledge_deviation, handle.start_deviation)
    fields = {"version": version, "answer": TEXT}
    return Sending(people.mona, f"/avvik/{number}/lukk", fields, kept=TEXT)


def _news(people: cast.Cast) -> Sending:
    fields = {
        "send_key": str(uuid.uuid4()), "title": "Flytting", "lead": "Vi flytter.", "body": TEXT,
        "owner_unit": str(people.strandheim), "reach": "all", "step": "publish",
    }  # fmt: skip
    return Sending(people.eva, "/nyheter/skriv", fields, kept=TEXT)


def _procedure(people: cast.Cast) -> Sending:
    contents = DraftContents(
        title="Håndhygiene", body="Vask hendene.", keywords="", change_note="Ny"
    )
    with transaction():
        document = write.write_document(
            contents, prefix="PRO", unit_id=people.strandheim, owner_id=None,
            actor=cast.viewer(people.eva),
        )  # fmt: skip
        approve.send_to_approval(document, version=1, actor=cast.viewer(people.eva))
        version = load_working_revision(document).version
        number = document.number
    fields = {"version": str(version)}
    return Sending(people.mona, f"/bibliotek/{number}/godkjenn", fields)


MAKERS: dict[str, Callable[[cast.Cast], Sending]] = {
    "report": _report,
    "acknowledge": _acknowledge,
    "message": _message,
    "close": _close,
    "news": _news,
    "procedure": _procedure,
}


@contextmanager
def failing(number: int) -> Iterator[list[str]]:
    """Let the statement of this number fail in the database; collect what was asked of it."""
    asked: list[str] = []

    def note_commit(_connection: Any) -> None:
        if len(asked) < number:
            asked.append("COMMIT")

    def change(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> tuple[str, Any]:
        if statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            return statement, parameters
        asked.append(statement)
        return (BROKEN, ()) if len(asked) == number else (statement, parameters)

    event.listen(Engine, "before_cursor_execute", change, retval=True)
    event.listen(Engine, "commit", note_commit)
    try:
        yield asked
    finally:
        event.remove(Engine, "commit", note_commit)
        event.remove(Engine, "before_cursor_execute", change)


def everything(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(map(str, row)) for row in connection.execute(select(table))), key=str
            )
            for table in db.metadata.sorted_tables
            if table.name not in _OTHERS
        }


@pytest.mark.parametrize("name", MAKERS)
def test_statement_that_fails_leaves_nothing_of_the_sending(
    name: str, app: Flask, people: cast.Cast
) -> None:
    """CF-23, CF-22: all or nothing, no inner words, the text kept; afterwards it goes through."""
    with app.app_context():
        sending = MAKERS[name](people)
        db.session.remove()
    browser = Browser(app).logged_in_as(sending.person)
    token = browser.csrf_token()
    before, number = everything(app), 0
    while True:
        number += 1
        with failing(number) as asked:
            response = _send(browser, sending, token)
        if len(asked) < number:
            break
        if "COMMIT" in asked:
            # It stands, and the person is not told otherwise.
            assert response.status_code == 303, (number, asked[number - 1])
            break
        assert response.status_code == 500, (number, asked[number - 1])
        _check_page(response, sending)
        assert everything(app) == before, asked[number - 1]
    assert number > 10
    assert response.status_code == 303, response.get_data(as_text=True)[-1500:]
    after = everything(app)
    assert after["audit_entry"] != before["audit_entry"]
    assert after != before


def _send(browser: Browser, sending: Sending, token: str) -> TestResponse:
    data: dict[str, Any] = {**sending.fields, "csrf_token": token}
    for place, name, content in sending.files:
        data[place] = (io.BytesIO(content), name)
    return browser.client.post(sending.path, data=data)


def _check_page(response: TestResponse, sending: Sending) -> None:
    page = Page(response, [])
    inspect_page(page)
    assert sending.kept in page.source
    assert "inner_" not in page.source
    assert response.headers["X-Request-Id"] in page.source
