"""What happens when two are at it at once: standing taken meanwhile, deadlocks, many persons."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from intranet.audit.models import AuditEntry
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle, merge
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people.models import Person, RoleGrant, Unit
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report
from tests.meanwhile import meanwhile

LogIn = Callable[[int], Browser]
PER_PERSON = 40


def state_of(app: Flask, number: int) -> str:
    with app.app_context():
        found = db.session.execute(
            select(Deviation.state).where(Deviation.number == number)
        ).scalar_one()
        db.session.remove()
    return str(found)


def made(app: Flask, people: cast.Cast) -> int:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    return number


@pytest.mark.parametrize("taken", ["the post", "the account"])
def test_standing_that_is_taken_while_a_step_is_on_its_way_stops_the_step(
    app: Flask, people: cast.Cast, log_in: LogIn, taken: str
) -> None:
    """CC-09: after the view has looked at the case, and before its transaction begins."""
    number = made(app, people)
    mona = log_in(people.mona)
    sent = mona.get(f"/avvik/{number}").form(f"/avvik/{number}/bekreft")

    def take() -> None:
        with app.app_context(), transaction():
            if taken == "the post":
                db.session.get_one(Unit, people.strandheim).leader_id = people.henrik
            else:
                db.session.get_one(Person, people.mona).is_blocked = True

    with meanwhile("deviation_concerned", take):
        answer = mona.client.post(f"/avvik/{number}/bekreft", data=sent)
    assert answer.status_code in (404, 409)
    assert state_of(app, number) == "reported"


def test_setting_is_not_changed_by_who_stopped_being_administrator_meanwhile(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-09: a right that is asked for once, at the door."""
    adam = log_in(people.adam)
    form = adam.get("/administrasjon/avvik/frister/0").form()

    def take() -> None:
        with app.app_context(), transaction():
            db.session.execute(
                RoleGrant.__table__.delete().where(RoleGrant.person_id == people.adam)
            )

    sent = {**form, "acknowledge": "99"}
    with meanwhile("deviation_deadline", take):
        answer = adam.client.post("/administrasjon/avvik/frister/0", data=sent)
    assert answer.status_code in (403, 409)
    assert "99" in answer.get_data(as_text=True)
    with app.app_context():
        days = db.session.execute(
            text("SELECT acknowledge FROM deviation_deadline WHERE severity_rank = 0")
        ).scalar_one()
        assert days != 99


@contextmanager
def failing(nth: int) -> Iterator[list[str]]:
    """Let the database give up the nth statement that changes something, once; collect them all."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("INSERT", "UPDATE", "DELETE")):
            return
        seen.append(statement)
        if len(seen) == nth:
            raise psycopg.errors.SerializationFailure

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_statement_that_the_database_gives_up_is_done_again_with_the_rest(
    app: Flask, people: cast.Cast, log_in: LogIn, database: str
) -> None:
    """CC-12: each writing statement of a step fails once in its turn; the outcome is the same."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer and gives nothing up")
    mona = log_in(people.mona)
    token = mona.csrf_token()
    nth, is_last = 0, False
    while not is_last:
        nth += 1
        number = made(app, people)
        sent = {"version": "2", "csrf_token": token}
        with app.app_context():
            sent["version"] = str(
                db.session.execute(
                    select(Deviation.version).where(Deviation.number == number)
                ).scalar_one()
            )
            before = _told(people.ingrid)
            db.session.remove()
        with failing(nth) as seen:
            answer = mona.client.post(f"/avvik/{number}/bekreft", data=sent)
        is_last = len(seen) < nth
        assert answer.status_code == 303, f"statement {nth}"
        assert state_of(app, number) == "acknowledged"
        with app.app_context():
            assert _told(people.ingrid) == (before[0] + 1, before[1] + 1)
            assert _audited("deviation.acknowledged") == nth
            db.session.remove()
    assert nth > 5


def _told(person_id: int) -> tuple[int, int]:
    """Return how many notices and mails the person has."""
    return tuple(  # type: ignore[return-value]
        db.session.execute(
            select(func.count()).select_from(table).where(table.recipient_id == person_id)
        ).scalar_one()
        for table in (Notice, OutboxMessage)
    )


def _audited(name: str) -> int:
    return db.session.execute(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.event == name)
    ).scalar_one()


def test_deadlock_is_seen_by_nobody_and_nobody_is_told_twice(
    app: Flask,
    people: cast.Cast,
    log_in: LogIn,
    database: str,
) -> None:
    """CC-12: a real one. The other has the duplicate's row and waits for the audit's head."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer, so that two never wait for each other")
    with app.app_context():
        main, other = (report(people.ingrid, people.strandheim) for _n in range(2))
        do(people.mona, main, handle.acknowledge_deviation)
        with transaction():
            case, viewer = case_for(people.mona, other)
            merge.merge_deviation(case, case_for(people.mona, main)[0], actor=viewer)
        db.session.remove()
    mona = log_in(people.mona)
    form = mona.get(f"/avvik/{main}").form(f"/avvik/{main}/lukk")
    given_up: list[str] = []

    def note(context: Any) -> None:
        given_up.append(type(context.original_exception).__name__)

    event.listen(Engine, "handle_error", note)
    with app.app_context(), db.engine.connect() as blocker, ThreadPoolExecutor(1) as pool:
        told = _told(people.ingrid)
        db.session.remove()
        # Only the portal's transaction is ever given up.
        blocker.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        blocker.execute(text(f"SELECT id FROM deviation WHERE number = {other} FOR UPDATE"))
        sent = {**form, "answer": "Gulvet er byttet."}
        closing = pool.submit(mona.client.post, f"/avvik/{main}/lukk", data=sent)
        _wait_for_a_waiter(app)
        blocker.execute(text("SELECT id FROM audit_head FOR UPDATE"))
        blocker.rollback()
        answer = closing.result(timeout=30)
    event.remove(Engine, "handle_error", note)
    assert answer.status_code == 303
    assert (state_of(app, main), state_of(app, other)) == ("closed", "closed")
    with app.app_context():
        # One answer for each of the two reports.
        assert _told(people.ingrid) == (told[0] + 2, told[1] + 2)
        assert _audited("deviation.closed") == 1
    assert given_up == ["DeadlockDetected"]


def _wait_for_a_waiter(app: Flask) -> None:
    """Return when some transaction waits for a row that another holds."""
    for _turn in range(600):
        with db.engine.connect() as watcher:
            waits = watcher.execute(
                text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            ).scalar_one()
        if waits:
            return
        time.sleep(0.05)
    raise AssertionError("the portal never waited")


def test_what_is_given_up_again_and_again_is_said_and_the_text_kept(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-12: no 500 even then."""
    number = made(app, people)
    mona = log_in(people.mona)
    form = {"text": "Vi ser på det i morgen.", "csrf_token": mona.csrf_token()}

    def give_up(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO deviation_entry"):
            raise OperationalError(statement, {}, psycopg.errors.DeadlockDetected())

    event.listen(Engine, "before_cursor_execute", give_up)
    try:
        answer = mona.client.post(f"/avvik/{number}/melding", data=form)
    finally:
        event.remove(Engine, "before_cursor_execute", give_up)
    assert answer.status_code == 503
    assert "Vi ser på det i morgen." in answer.get_data(as_text=True)


def test_each_of_many_at_once_sees_only_their_own_page(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-13: everybody at the same moment, page after page; nothing of a request outlives it."""
    names = {people.ids[key]: name for key, (name, _unit) in cast.PERSONS.items()}
    browsers = {person_id: log_in(person_id) for person_id in names}
    barrier = Barrier(len(names))

    def read(person_id: int) -> list[str]:
        barrier.wait()
        strangers = []
        for _turn in range(PER_PERSON):
            shown = browsers[person_id].client.get("/varsler").get_data(as_text=True)
            strangers += [name for name in names.values() if name in shown]
        return strangers

    with ThreadPoolExecutor(len(names)) as pool:
        seen = dict(zip(names, pool.map(read, names), strict=True))
    for person_id, found in seen.items():
        assert set(found) == {names[person_id]}
        assert len(found) == PER_PERSON
