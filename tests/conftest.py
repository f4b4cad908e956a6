"""The application, its two databases, the clock and a logged-in client for every test."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.nodeid import coerce_node_id
from flask import Flask
from sqlalchemy import Connection, event, text

from intranet import create_app
from intranet.config import Settings
from intranet.core import clock
from intranet.core.transaction import drop_session
from intranet.deviations.queries.settings import forget_categories
from intranet.extensions import db
from tests import browser, cast
from tests.servers import postgresql

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).parents[2] / "shared"))
# A Tuesday morning with no holiday near.
MORNING = datetime(2026, 10, 13, 7, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=["sqlite", "postgresql", "both"],
        default="both",
        help="which databases the tests run on (CI: both)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        names = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        metafunc.parametrize("database", names, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    """Let what was imported and collected out of the garbage collector's rounds: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each xdist_group in one process: xdist 3.8 writes the group where pytest 9.2 reads no more."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark is not None and "@" not in item.nodeid.rpartition("]")[2]:
            item._id = coerce_node_id(f"{item.nodeid}@{mark.args[0]}")


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration municipality lies, once seeded: one folder for all processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "seeds"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test is on."""
    return str(request.param)


def _settings(instance: Path, url: str) -> Settings:
    return Settings(
        instance_dir=instance,
        secret_key="s" * 32,
        audit_key="a" * 32,
        database_url=url,
        environment="test",
        base_url="http://localhost",
        directory_file=instance / "directory.json",
        mail_from="ansattportalen@havnsund.kommune.example",
    )


@pytest.fixture(scope="session")
def _prepared(database: str) -> Iterator[tuple[Flask, Callable[[], None]]]:
    """One application per database, and the function that empties its tables."""
    folder = Path(tempfile.mkdtemp(prefix="intranet-test-", dir=postgresql.in_memory()))
    try:
        if database == "sqlite":
            yield from _prepare_sqlite(folder)
        else:
            yield from _prepare_postgresql(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def dispose_engines() -> None:
    """Close every connection of the application, so that its file can be replaced."""
    for engine in db.engines.values():
        engine.dispose()


def _turn_round(connection: sqlite3.Connection, _record: object) -> None:
    """Give rows that nobody ordered backwards: PostgreSQL may, one run in a hundred."""
    connection.execute("PRAGMA reverse_unordered_selects = ON")


def _prepare_sqlite(folder: Path) -> Iterator[tuple[Flask, Callable[[], None]]]:
    file, template = folder / "test.sqlite3", folder / "template.sqlite3"
    app = create_app(_settings(folder, f"sqlite:///{file}"))
    with app.app_context():
        event.listen(db.engine, "connect", _turn_round)
        db.create_all()
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        dispose_engines()
    shutil.copy(file, template)

    def empty() -> None:
        with app.app_context():
            drop_session()
            dispose_engines()
        for suffix in ("-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        shutil.copy(template, file)

    yield app, empty
    with app.app_context():
        db.session.remove()
        dispose_engines()


def _write_emptying(connection: Connection) -> None:
    """Make the function that puts the tables back to what the schema brought with it.

    TRUNCATE of all tables makes new files for each: 200 ms a test, this 5 ms.
    """
    connection.execute(text("CREATE SCHEMA brought"))
    steps = ""
    for table in reversed(db.metadata.sorted_tables):
        steps += f"""
        IF EXISTS (SELECT 1 FROM "{table.name}") THEN DELETE FROM "{table.name}"; END IF;"""
        if connection.scalar(text(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")')):
            connection.execute(text(f'CREATE TABLE brought."{table.name}" AS TABLE "{table.name}"'))
            steps += f"""
        INSERT INTO "{table.name}" SELECT * FROM brought."{table.name}";"""
    connection.execute(
        text("""
        CREATE TABLE brought.numbers AS
        SELECT format('%I.%I', schemaname, sequencename)::regclass AS number, start_value, last_value
        FROM pg_sequences""")
    )
    connection.execute(
        text(f"""
    CREATE FUNCTION empty_tables() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        SET LOCAL session_replication_role = replica;{steps}
        PERFORM setval(number, coalesce(last_value, start_value), last_value IS NOT NULL)
        FROM brought.numbers;
    END $$""")
    )


def _prepare_postgresql(folder: Path) -> Iterator[tuple[Flask, Callable[[], None]]]:
    with postgresql.running() as server:
        app = create_app(_settings(folder, server.url))
        with app.app_context():
            db.create_all()
            with db.engine.begin() as connection:
                _write_emptying(connection)
            db.session.remove()

        def empty() -> None:
            with app.app_context():
                db.session.remove()
                with db.engine.begin() as connection:
                    connection.execute(text("SELECT empty_tables()"))

        yield app, empty
        with app.app_context():
            db.session.remove()
            dispose_engines()


@pytest.fixture
def app(_prepared: tuple[Flask, Callable[[], None]]) -> Flask:
    """The application on an empty database, with no search index yet."""
    application, empty = _prepared
    empty()
    shutil.rmtree(application.extensions["intranet_settings"].index_dir, ignore_errors=True)
    with application.app_context():
        forget_categories()
    return application


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context for tests that call actions and queries directly, without a client.

    Never together with `client`: with Flask 3.1 and Flask-Login an outer context makes the first
    user stick to later requests.
    """
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """A clock that the test sets: `at(moment)`; before that it is the machine's."""
    stack: list[AbstractContextManager[None]] = []

    def stop(moment: datetime) -> None:
        holder = clock.stopped_at(moment)
        holder.__enter__()
        stack.append(holder)

    yield stop
    while stack:
        stack.pop().__exit__(None, None, None)


@pytest.fixture
def people(app: Flask) -> cast.Cast:
    """The small organisation of `cast.py`, committed."""
    with app.app_context():
        made = cast.make()
        db.session.commit()
        db.session.remove()
    return made


@pytest.fixture
def client(app: Flask) -> browser.Browser:
    """A browser that nobody is logged in with."""
    return browser.Browser(app)


@pytest.fixture
def log_in(app: Flask) -> Callable[[int], browser.Browser]:
    """Return a new browser in which the person with the id is logged in."""

    def log_in_as(person_id: int) -> browser.Browser:
        return browser.Browser(app).logged_in_as(person_id)

    return log_in_as


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of law texts and queries; a test that needs it falls back to small ones."""
    return SHARED
