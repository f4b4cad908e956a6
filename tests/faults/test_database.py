"""The database is locked, away, full of connections or read-only: waiting, then words; no loss."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from intranet.deviations.models import Deviation
from tests.faults.sending import WHAT, check_told, fields_of, resend
from tests.servers import postgresql, small_site
from tests.servers.small_site import SmallSite


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    """The processes on SQLite."""
    with small_site.running(tmp_path_factory.mktemp("locked")) as site:
        yield site


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL that may be stopped and started."""
    with postgresql.running(is_durable=True) as started:
        yield started


@pytest.fixture(scope="module")
def on_postgresql(
    server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallSite]:
    """The processes on that PostgreSQL."""
    with small_site.running(tmp_path_factory.mktemp("away"), server.url) as site:
        yield site


@contextmanager
def write_lock(site: SmallSite, seconds: float) -> Iterator[None]:
    """Let another process's connection hold SQLite's write lock, as a backup program may."""
    file = Path(site.environment["INSTANCE_DIR"]) / "intranet.sqlite3"
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        over.wait(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    try:
        yield
    finally:
        over.set()
        holder.join()


@pytest.mark.parametrize("seconds", [1, 10])
def test_report_waits_for_a_lock_that_is_held_for_a_while(
    on_sqlite: SmallSite, seconds: int
) -> None:
    """CF-05."""
    person, before = on_sqlite.person("ingrid"), on_sqlite.count(Deviation)
    with write_lock(on_sqlite, seconds):
        began = time.monotonic()
        answer = person.post("/avvik/meld", fields_of(on_sqlite))
        took = time.monotonic() - began
    assert answer.status == 303, answer.text[-1500:]
    assert answer.location.endswith("/kvittering")
    assert took > seconds * 0.8
    assert on_sqlite.count(Deviation) == before + 1


def test_report_comes_back_with_its_text_when_the_lock_is_held_for_a_minute(
    on_sqlite: SmallSite,
) -> None:
    """CF-05: whoever only reads notices nothing meanwhile; pressed again, it is one report."""
    person, leader, before = (
        on_sqlite.person("ingrid"), on_sqlite.person("mona"), on_sqlite.count(Deviation),
    )  # fmt: skip
    with write_lock(on_sqlite, 60), ThreadPoolExecutor(4) as pool:
        sendings = [
            pool.submit(person.post, "/avvik/meld", fields_of(on_sqlite, f"{WHAT} {number}"))
            for number in range(4)
        ]
        time.sleep(1)
        began = time.monotonic()
        assert [leader.get(page).status for page in ("/", "/avvik", "/bibliotek")] == [200] * 3
        assert time.monotonic() - began < 8
        pages = [sending.result() for sending in sendings]
    for number, page in enumerate(pages):
        check_told(page, f"{WHAT} {number}")
        assert "opptatt" in page.text
    assert on_sqlite.count(Deviation) == before
    answers = [resend(person, page) for page in [*pages, pages[0]]]
    assert [answer.status for answer in answers] == [303] * 5
    assert answers[0].location == answers[4].location
    assert on_sqlite.count(Deviation) == before + 4


def test_report_comes_back_with_its_text_while_postgresql_only_lets_read(
    on_postgresql: SmallSite,
) -> None:
    """CF-09."""
    person, before = on_postgresql.person("ingrid"), on_postgresql.count(Deviation)
    with psycopg.connect(_plain(on_postgresql.database_url), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        admin.execute("SELECT pg_reload_conf()")
        try:
            time.sleep(1)
            page = person.post("/avvik/meld", fields_of(on_postgresql))
            reading = person.get("/avvik/mine")
        finally:
            admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
            admin.execute("SELECT pg_reload_conf()")
    check_told(page, WHAT)
    assert "kan leses" in page.text
    assert reading.status == 200
    time.sleep(1)
    assert resend(person, page).status == 303
    assert on_postgresql.count(Deviation) == before + 1


def test_report_comes_back_with_its_text_when_postgresql_takes_no_more_connections(
    on_postgresql: SmallSite,
) -> None:
    """CF-09."""
    person = on_postgresql.person("ingrid")
    url = _plain(on_postgresql.database_url)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE ROLE other LOGIN")
        admin.execute("ALTER ROLE other SUPERUSER")
        with taken(url, admin):
            page = person.post("/avvik/meld", fields_of(on_postgresql))
    check_told(page, WHAT)
    assert "svarer ikke" in page.text
    assert resend(person, page).status == 303


@contextmanager
def taken(url: str, admin: psycopg.Connection) -> Iterator[None]:  # type: ignore[type-arg]
    """Let others take every connection, those that the portal had included."""
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'intranet' AND pid <> pg_backend_pid()"
    )
    others = []
    try:
        while True:
            try:
                others.append(psycopg.connect(url.replace("intranet@", "other@")))
            except psycopg.OperationalError:
                break
        assert len(others) > 10
        yield
    finally:
        for other in others:
            other.close()
        admin.execute("DROP ROLE other")


def test_no_request_fails_while_postgresql_is_started_anew(
    on_postgresql: SmallSite, server: postgresql.Server
) -> None:
    """CF-08: stopped without warning under load, away for some seconds, and back."""
    before, stop = on_postgresql.count(Deviation), threading.Event()
    persons = [on_postgresql.person(name) for name in ("ingrid", "jonas", "nils", "tor")]

    def working(number: int) -> list[int]:
        person, told = persons[number], []
        while not stop.is_set():
            answer = person.post("/avvik/meld", fields_of(on_postgresql))
            assert answer.status == 303, answer.text[-1500:]
            told.append(int(answer.location.split("/")[2]))
            assert person.get("/avvik/mine").status == 200
        return told

    with ThreadPoolExecutor(len(persons)) as pool:
        work = [pool.submit(working, number) for number in range(len(persons))]
        for pause in (0.0, 3.0):
            time.sleep(3)
            server.stop()
            time.sleep(pause)
            server.start()
        time.sleep(3)
        stop.set()
        numbers = [number for each in work for number in each.result()]
    assert [person.failures for person in persons] == [[]] * len(persons)
    assert len(numbers) == len(set(numbers)) > len(persons)
    # Each receipt is a report, and a report is made once, also when it was sent again by the portal.
    assert on_postgresql.count(Deviation) == before + len(numbers)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
