"""Copies the database at one moment, while others write, and says what it holds.

The copy on the disk is plain, readable by the application's user only, and gone with the block:
it lies where the database itself lies.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from intranet.backup.archive import DATABASES
from intranet.core.models import ScanState
from intranet.extensions import LOCK_SECONDS, db

Ask = Callable[[str], Iterable[Any]]
_FILES = "SELECT token, size, sha256, scan FROM stored_file ORDER BY token"


class SnapshotFailed(Exception):
    """The database could not be copied, or the copy is not whole."""


@dataclass(frozen=True)
class FileRow:
    """What the copy says of one uploaded file."""

    token: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """The database's copy, and what it holds."""

    path: Path
    engine: str
    server: str
    migration: str
    counts: dict[str, int]
    files: list[FileRow]


@contextmanager
def snapshot_in(folder: Path) -> Iterator[Snapshot]:
    """Give a whole copy in the folder. Raises `SnapshotFailed`, OSError."""
    engine = db.engine.dialect.name
    path = folder / DATABASES[engine]
    try:
        if engine == "sqlite":
            yield _copy_sqlite(path)
        else:
            yield _copy_postgresql(path)
    finally:
        path.unlink(missing_ok=True)


def _copy_sqlite(path: Path) -> Snapshot:
    source = db.engine.url.database
    with closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=LOCK_SECONDS)) as live:
        try:
            live.execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise SnapshotFailed(f"databasen kunne ikke kopieres: {error}") from error
    check_sqlite(path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        ask: Ask = copy.execute
        tables = [
            name
            for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_")
        ]
        return _described(path, "sqlite", sqlite3.sqlite_version, tables, ask)


def check_sqlite(path: Path) -> None:
    """Raise `SnapshotFailed` unless the file is a whole database whose keys all point at rows."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            copy.execute("PRAGMA trusted_schema=OFF")
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            loose = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise SnapshotFailed(f"databasen kan ikke leses: {error}") from error
    if said != "ok":
        raise SnapshotFailed("databasen er skadet")
    if loose is not None:
        raise SnapshotFailed(f"databasen har rader i {loose[0]} som peker på noe som ikke finnes")


def _copy_postgresql(path: Path) -> Snapshot:
    """Let pg_dump and our own counting look at the same moment."""
    with db.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")

        def ask(statement: str) -> Iterable[Any]:
            return connection.exec_driver_sql(statement)

        moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        run_tool(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--lock-wait-timeout={LOCK_SECONDS}s", f"--snapshot={moment}", f"--file={path}",
            # The search index, where it lies in the database: it is built from the rest.
            "--exclude-schema=portal_search*",
        )  # fmt: skip
        made = _described(path, "postgresql", version, _tables_of(ask), ask)
    # Reads and unpacks every part of the copy.
    run_tool("pg_restore", "--file=/dev/null", str(path), connects=False)
    return made


def _tables_of(ask: Ask) -> list[str]:
    rows = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in rows]


def count_rows() -> dict[str, int]:
    """Return how many rows each table of the application's database has now."""
    with db.engine.connect() as connection:

        def ask(statement: str) -> Iterable[Any]:
            return connection.exec_driver_sql(statement)

        if connection.dialect.name != "sqlite":
            return _counts(_tables_of(ask), ask)
        found = ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return _counts([name for (name,) in found if not name.startswith("sqlite_")], ask)


def _counts(tables: Iterable[str], ask: Ask) -> dict[str, int]:
    # The names are the database's own.
    return {
        name: int(next(iter(ask(f'SELECT count(*) FROM "{name}"')))[0])  # noqa: S608
        for name in tables
    }


def _described(path: Path, engine: str, server: str, tables: list[str], ask: Ask) -> Snapshot:
    if "stored_file" not in tables or "alembic_version" not in tables:
        raise SnapshotFailed("databasen er tom eller ikke portalens")
    migration = ",".join(sorted(row[0] for row in ask("SELECT version_num FROM alembic_version")))
    files = [
        FileRow(token, int(size), sha256)
        for token, size, sha256, scan in ask(_FILES)
        # The bytes of these were taken away on purpose.
        if scan != ScanState.HARMFUL
    ]
    return Snapshot(path, engine, server, migration, _counts(tables, ask), files)


def run_tool(name: str, *arguments: str, connects: bool = True) -> None:
    """Run one of PostgreSQL's own tools. The password goes past the list of processes."""
    tool = shutil.which(name)
    if tool is None:
        raise SnapshotFailed(f"{name} er ikke installert (apt install postgresql-client)")
    words, environment = [tool, *arguments], dict(os.environ)
    url = db.engine.url
    if connects:
        words.append(f"--dbname={conninfo_of(url)}")
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603  Our own words, no shell.
        words, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise SnapshotFailed(f"{name}: {_first_line(done.stderr)}")


def conninfo_of(url: URL) -> str:
    """Return where the database is as PostgreSQL's own tools read it, without the password."""
    known: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "dbname": url.database,
    }
    extra = {name: str(value) for name, value in url.query.items()}
    return make_conninfo("", **{name: value for name, value in known.items() if value}, **extra)


def _first_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[0] if lines else "ukjent feil"
