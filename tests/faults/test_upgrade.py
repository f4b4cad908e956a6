"""An upgrade that is killed or finds no room leaves the old tables; what people had open goes on."""

from __future__ import annotations

import os
import secrets
import signal
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from intranet import create_app
from intranet.config import ROOT, Settings
from intranet.core.transaction import drop_session, transaction
from intranet.deviations.models import Deviation
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.faults.conftest import filled, small_disk
from tests.servers import postgresql

MIGRATIONS = str(ROOT / "migrations")
# Far enough back that tables with rows in are made anew, and triggers exchanged.
OLD = "0024"
SECRET = secrets.token_hex(32)


def app_on(url: str, folder: Path) -> Flask:
    return create_app(
        Settings(
            instance_dir=folder, secret_key=SECRET, audit_key="a" * 32, database_url=url,
            environment="test", base_url="http://localhost", directory_file=folder / "d.json",
        )
    )  # fmt: skip


@contextmanager
def context_of(app: Flask) -> Iterator[None]:
    """Give the application's context, and let go of the database afterwards."""
    with app.app_context():
        try:
            yield
        finally:
            let_go()


def let_go() -> None:
    drop_session()
    for engine in db.engines.values():
        engine.dispose()


def fill_old(app: Flask) -> None:
    """Make the tables of an older program, with the cast in them."""
    with context_of(app):
        upgrade(directory=MIGRATIONS)
        with transaction():
            cast.make()
        downgrade(directory=MIGRATIONS, revision=OLD)


def picture(url: str) -> dict[str, object]:
    """Return what the database is: its version, its tables with columns, and their rows."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = db.metadata.__class__()
            tables.reflect(connection)
            return {
                name: (
                    sorted(column.name for column in table.columns),
                    sorted(map(repr, connection.execute(select(table)))),
                )
                for name, table in tables.tables.items()
            }
    finally:
        engine.dispose()


def killed_at(url: str, folder: Path, statement: int) -> int:
    """Upgrade in a process that is killed at the statement; return how it ended, and where."""
    child = os.fork()
    if not child:
        seen = 0

        def count(*_arguments: object) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            event.listen(Engine, "after_cursor_execute", count)
            with context_of(app_on(url, folder)):
                upgrade(directory=MIGRATIONS)
            (folder / "statements").write_text(str(seen))
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def check_kills(url: str, folder: Path, copy: Callable[[], str]) -> None:
    """Kill at the first, in the middle, near the end; each time the old is there, and goes on."""
    trial = copy()
    assert killed_at(trial, folder, 0) == 0
    count = int((folder / "statements").read_text())
    assert count > 60
    wanted, before = picture(trial), picture(url)
    assert wanted != before
    for statement in (count // 10, count // 2, count - 2):
        assert killed_at(url, folder, statement) == -signal.SIGKILL
        assert picture(url) == before
    assert killed_at(url, folder, 0) == 0
    assert picture(url) == wanted


def test_upgrade_of_sqlite_is_killed(tmp_path: Path) -> None:
    """UP-03."""
    url, trial = f"sqlite:///{tmp_path}/a.sqlite3", tmp_path / "b.sqlite3"
    fill_old(app_on(url, tmp_path))

    def copy() -> str:
        with sqlite3.connect(tmp_path / "a.sqlite3") as connection:
            connection.execute("VACUUM INTO ?", (str(trial),))
        connection.close()
        return f"sqlite:///{trial}"

    check_kills(url, tmp_path, copy)


def test_upgrade_of_postgresql_is_killed(tmp_path: Path) -> None:
    """UP-03."""
    with postgresql.running() as server:
        fill_old(app_on(server.url, tmp_path))

        def copy() -> str:
            engine = create_engine(
                f"{server.url.rpartition('/')[0]}/template1", isolation_level="AUTOCOMMIT"
            )
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE trial TEMPLATE postgres"))
            engine.dispose()
            return f"{server.url.rpartition('/')[0]}/trial"

        check_kills(server.url, tmp_path, copy)


@pytest.mark.mounts
def test_upgrade_finds_no_room(tmp_path: Path) -> None:
    """UP-03: the old tables stay as they were; with room it goes through."""
    with small_disk(tmp_path / "small", 8) as disk:
        url = f"sqlite:///{disk}/a.sqlite3"
        app = app_on(url, disk)
        fill_old(app)
        before = picture(url)
        with filled(disk), context_of(app), pytest.raises(OperationalError, match="full|disk"):
            upgrade(directory=MIGRATIONS)
        assert picture(url) == before
        with context_of(app):
            upgrade(directory=MIGRATIONS)
            names = db.session.execute(text("SELECT count(*) FROM person")).scalar_one()
            assert names == len(cast.PERSONS)


def test_form_that_was_open_during_an_upgrade_can_be_sent(tmp_path: Path) -> None:
    """UP-05: the person stays logged in, and what was typed before is taken in by the new program."""
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    before = app_on(url, tmp_path)
    with context_of(before):
        upgrade(directory=MIGRATIONS)
        with transaction():
            people = cast.make()
    person = Browser(before).logged_in_as(people.ids["ingrid"])
    (token,) = set(person.get("/avvik/meld").find("//main//input[@name='csrf_token']/@value"))
    cookie = person.client.get_cookie("okt")
    assert cookie is not None
    with context_of(before):
        downgrade(directory=MIGRATIONS, revision="-1")
        upgrade(directory=MIGRATIONS)
    after = app_on(url, tmp_path)
    same = Browser(after)
    same.client.set_cookie("okt", cookie.value)
    day = datetime.now() - timedelta(hours=2)
    fields = {
        "csrf_token": token, "send_key": str(uuid.uuid4()), "what": "Skrevet før oppgraderingen.",
        "unit_id": str(people.ward), "day": day.date().isoformat(), "clock": day.strftime("%H:%M"),
    }  # fmt: skip
    answer = same.client.post("/avvik/meld", data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-2000:]
    with context_of(after):
        assert db.session.execute(select(func.count()).select_from(Deviation)).scalar_one() == 1


# As they stand in mails that were sent: none of them may ever stop to lead somewhere.
SENT_ADDRESSES = """
/ /ansatt/7 /avvik/20260001 /avvik/20260001#plan /avvik/20260001#law-clocks /avvik/tiltak/3
/bibliotek/P-12 /bibliotek/P-12#lest /bibliotek/P-12/godkjenning /bibliotek/P-12/horing/4
/bibliotek/P-12/lest /bibliotek/P-12/lovendring/5 /bibliotek/P-12/rediger /bibliotek/inntak/2
/bibliotek/register /feil-paa-siden/meldte /fullmakter/6 /nyheter/8 /revisjonslogg /stedfortreder
/stillinger/9 /varsling/sak/1f0e8a52-0d5b-4c3e-9d25-1a4b6c7d8e9f
/varsling/min/1f0e8a52-0d5b-4c3e-9d25-1a4b6c7d8e9f
"""


def test_addresses_in_mails_that_were_sent_still_lead_somewhere(app: Flask) -> None:
    """UP-05."""
    routes = app.url_map.bind("localhost")
    lost = []
    for address in SENT_ADDRESSES.split():
        try:
            routes.match(address.partition("#")[0], "GET")
        except HTTPException:
            lost.append(address)
    assert lost == []
