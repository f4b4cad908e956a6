"""Promises that stand across the rooms: lists, copies, the log of readings, and the database itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text

from intranet.audit import queries as audit_queries
from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry
from intranet.config import READS
from intranet.core.transaction import transaction
from intranet.deviations.models import Deviation
from intranet.extensions import LOCK_SECONDS, db
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people.models import Person
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import report
from tests.security import asking, matrix, shares, world
from tests.security.shares import Share
from tests.security.world import ROLES

LogIn = Callable[[int], Browser]
# What a spreadsheet is called; a cell that begins with = or + would be reckoned there.
SPREADSHEETS = ("csv", "spreadsheet", "excel", "tab-separated")
# Written by core/csv_text.py, which guards each cell; tests/delegations/test_pages.py proves it.
GUARDED = {"GET delegations.export_delegations", "GET library.download_take_in_report"}
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
    "busy_timeout": LOCK_SECONDS * 1000,
}


@pytest.mark.parametrize("bind", [None, READS])
def test_every_connection_is_set_so_that_what_is_acknowledged_survives(
    app: Flask, database: str, bind: str | None
) -> None:
    """CF-10, D3: read from the live connections, those for writing and those for reading."""
    with app.app_context():
        engine = db.engines[bind]
        with engine.connect() as connection:
            if database == "sqlite":
                found = {name: connection.execute(text(f"PRAGMA {name}")).scalar()
                         for name in PRAGMAS}  # fmt: skip
                assert found == PRAGMAS
            else:
                # What the server is told at its start is its operator's; the portal weakens nothing.
                weakened = connection.execute(text(
                    "SELECT name FROM pg_settings WHERE source IN ('session', 'client', 'user',"
                    " 'database') AND name IN ('synchronous_commit', 'fsync', 'full_page_writes',"
                    " 'session_replication_role', 'zero_damaged_pages')"
                )).scalars().all()  # fmt: skip
                assert weakened == []
                assert engine.pool._pre_ping  # type: ignore[attr-defined]
        db.session.remove()


def test_no_list_leads_to_what_its_reader_may_not_open(
    app: Flask, people: cast.Cast, share: Share
) -> None:
    """AZ-20: every link on every list and overview opens for the one who sees it."""
    built = world.build(app, people)
    browsers = asking.browsers(app, people)
    table = matrix.read()
    adapter = app.url_map.bind("localhost")
    closed, opened = [], 0
    for role in shares.some(list(ROLES), share):
        seen: set[str] = set()
        for page in _overviews(app, built, table, role):
            for path in _links(browsers[role], page) - seen:
                seen.add(path)
                if not adapter.test(path, method="GET"):
                    closed.append(f"{role}, {page}: no page at {path}")
                    continue
                response = browsers[role].client.get(path, follow_redirects=True)
                opened += 1
                if response.status_code != 200:
                    closed.append(f"{role}, {page}: {path} answers {response.status_code}")
                response.close()
    assert opened > 100
    assert not closed, "\n".join(closed)


def _overviews(app: Flask, built: world.World, table: dict[str, matrix.Row], role: str) -> set[str]:
    """Return the pages that name no object and that the role may read."""
    return {
        asking.addresses(app, rule, built)["any"]
        for route, rule in asking.routes(app)
        if route.startswith("GET ") and not rule.arguments and route in table
        if asking.kind_of(rule) == "" and table[route].get("any", {}).get(role) == 200
    }


def _links(browser: Browser, page: str) -> set[str]:
    """Return our own paths that the page's main part leads to."""
    found = browser.get(page, inspect=False)
    if not found.is_html:
        return set()
    parts = [urlsplit(urljoin(page, str(each))) for each in found.find("//main//a/@href")]
    return {part.path for part in parts if not part.netloc and part.scheme in ("", "http")}


def test_a_copy_holds_for_each_role_what_the_page_shows_and_no_more(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-19: internal notes are in the data of those who read them on the page, and only there."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    mona = log_in(people.mona)
    for words, more in (("ÅPENT SVAR", {}), ("LUKKET NOTAT", {"is_internal": "y"})):
        form = mona.get(f"/avvik/{number}").form(f"/avvik/{number}/melding")
        form.pop("is_internal", None)
        assert mona.post(f"/avvik/{number}/melding", {**form, "text": words, **more}).status == 200
    notes = {}
    for name in ("ingrid", "mona", "kaja", "ragnhild", "kari"):
        browser = log_in(people.ids[name])
        page = browser.get(f"/avvik/{number}")
        copy = browser.post(f"/avvik/{number}/kopi/json", inspect=False)
        assert page.status == copy.status == 200, name
        for words in ("ÅPENT SVAR", "LUKKET NOTAT"):
            assert (words in copy.source) == (words in page.text), (name, words)
        notes[name] = "LUKKET NOTAT" in copy.source
    assert (notes["mona"], notes["ingrid"]) == (True, False)
    assert log_in(people.tor).post(f"/avvik/{number}/kopi/json", inspect=False).status == 404


def test_no_spreadsheet_is_handed_out_but_those_whose_cells_are_guarded(
    app: Flask, people: cast.Cast
) -> None:
    """IN-13: no cell begins with a formula where there are no cells; a new export must say how."""
    built = world.build(app, people)
    quality = Browser(app).logged_in_as(people.kari)
    token = quality.csrf_token()
    kinds: set[str] = set()
    sheets: set[str] = set()
    for route, rule in asking.routes(app):
        if "download" not in route and "copy" not in route and "export" not in route:
            continue
        for address in asking.addresses(app, rule, built).values():
            response = quality.client.open(
                address, method=route.split()[0], data={"csrf_token": token}
            )
            kinds.add(response.mimetype)
            if any(word in response.mimetype for word in SPREADSHEETS):
                sheets.add(route)
            response.close()
    assert "application/json" in kinds
    assert sheets == GUARDED


def test_nothing_that_a_person_may_set_turns_a_notice_off(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """EM-11: there is no switch; whoever sends one by hand is told of a new case all the same."""
    off = {"notices": "off", "mail": "0", "epost": "nei", "language": "en", "colour": "dark"}
    log_in(people.mona).post("/innstillinger", off)
    with app.app_context():
        report(people.ingrid, people.strandheim)
        told = select(func.count()).select_from(Notice).where(Notice.recipient_id == people.mona)
        assert db.session.execute(told).scalar_one() >= 1
        db.session.remove()


@pytest.mark.parametrize("moment", ["before the entry", "after the entry"])
def test_a_process_that_is_killed_leaves_change_and_entry_or_neither(
    app: Flask, people: cast.Cast, moment: str
) -> None:
    """AD-07: kill -9 between the change and its audit entry, and between the entry and the end."""
    child = os.fork()
    if child == 0:
        _change_and_die(app, people.tor, moment)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with app.app_context():
        assert db.session.get_one(Person, people.tor).name == "Tor Tveit"
        assert not db.session.execute(
            select(AuditEntry.sequence).where(AuditEntry.subject_id == str(people.tor))
        ).all()
        assert audit_queries.find_fault() is None
        # And what comes after them goes on from the same head.
        with transaction():
            _change(people.tor)
        assert audit_queries.find_fault() is None
        db.session.remove()


def _change(person_id: int) -> None:
    db.session.get_one(Person, person_id).name = "Tor Nilsen"
    db.session.flush()
    record(AuditEvent.LOGIN_SUCCEEDED, actor=cast.viewer(person_id), subject="person",
           subject_id=person_id)  # fmt: skip


def _change_and_die(app: Flask, person_id: int, moment: str) -> None:
    """Within a child: change, and be killed at that moment; never returns."""
    wanted = "INSERT INTO AUDIT_ENTRY" if moment == "before the entry" else "UPDATE AUDIT_HEAD"

    def die(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if statement.upper().startswith(wanted):
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose(close=False)  # The parent's connections are not ours to use.
    except RuntimeError:
        pass
    try:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
            event.listen(Engine, "before_cursor_execute", die)
            with transaction():
                _change(person_id)
    finally:
        os._exit(1)


def test_whoever_read_a_confidential_case_and_nobody_else_stands_in_its_list(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AD-14, AD-08: page, data and file; the reporter, a stranger and one who was refused do not."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        with transaction():
            db.session.execute(
                select(Deviation).where(Deviation.number == number)
            ).scalar_one().is_confidential = True
        db.session.remove()
    read = {"mona": 2, "kaja": 1, "ragnhild": 3}
    for name, times in read.items():
        for _time in range(times):
            assert log_in(people.ids[name]).get(f"/avvik/{number}").status == 200
    assert log_in(people.kaja).post(f"/avvik/{number}/kopi/json", inspect=False).status == 200
    for name in ("ingrid", "tor", "jonas", "adam", "kari"):
        log_in(people.ids[name]).get(f"/avvik/{number}", inspect=False)
    with app.app_context():
        entries = db.session.execute(
            select(AuditEntry.actor_id, func.count())
            .where(AuditEntry.event == str(AuditEvent.DEVIATION_OPENED))
            .group_by(AuditEntry.actor_id)
        ).all()
        db.session.remove()
    counted = {row[0]: row[1] for row in entries}
    expected = {people.ids[name]: times for name, times in read.items()}
    expected[people.kaja] += 1
    assert counted == expected
    page = log_in(people.mona).get(f"/avvik/{number}")
    shown = page.find("//section[@id='openings']")[0].text_content()
    for name in read:
        assert cast.PERSONS[name][0] in shown
    for name in ("ingrid", "tor", "jonas", "adam", "kari"):
        assert cast.PERSONS[name][0] not in shown


def test_a_name_in_a_message_lets_nobody_in_and_tells_nobody(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-35: neither as a name, as a user name, nor as an address."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    mona = log_in(people.mona)
    words = "Kan du se på dette, Tor Tveit? @tor tor@havnsund.kommune.example"
    form = mona.get(f"/avvik/{number}").form(f"/avvik/{number}/melding")
    assert words in mona.post(f"/avvik/{number}/melding", {**form, "text": words}).text
    with app.app_context():
        for table in (Notice, OutboxMessage):
            told = select(func.count()).select_from(table).where(table.recipient_id == people.tor)
            assert db.session.execute(told).scalar_one() == 0
        db.session.remove()
    assert log_in(people.tor).get(f"/avvik/{number}").status == 404
