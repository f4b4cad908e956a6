"""Moves all that is in a SQLite file into an empty PostgreSQL: every row, compared, or nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Connection, inspect, text

from intranet.backup.snapshot import check_sqlite
from intranet.backup.tables import Plain, WrongValue, number_of, plain_of
from intranet.config import ROOT
from intranet.core.transaction import drop_session
from intranet.extensions import db

# Called with how many rows were done since last.
Progress = Callable[[int], object]
_BATCH = 5_000
_MIGRATIONS = str(ROOT / "migrations")
_VERSION = "alembic_version"


class NotMoved(Exception):
    """Something does not fit; nothing was moved."""


@contextmanager
def held_source(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the file with its write lock taken: nobody adds what would be left behind."""
    if not path.is_file():
        raise NotMoved(f"{path} finnes ikke")
    check_sqlite(path)
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=5)) as source:
        source.isolation_level = None
        try:
            source.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise NotMoved(f"noen skriver i {path}. Stopp tjenestene først") from error
        try:
            yield source
        finally:
            source.execute("ROLLBACK")


def count_source(source: sqlite3.Connection) -> int:
    """Return how many rows there are. Raises `NotMoved` unless the tables are this program's."""
    known = {table.name for table in db.metadata.sorted_tables} | {_VERSION}
    rows = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {name for (name,) in rows if not name.startswith("sqlite_")}
    versions = (
        {row[0] for row in source.execute("SELECT version_num FROM alembic_version")}
        if _VERSION in found
        else set()
    )
    if versions != set(ScriptDirectory(_MIGRATIONS).get_heads()):
        raise NotMoved("SQLite-fila har ikke programmets tabeller. Kjør «db upgrade» på den først")
    if found != known:
        raise NotMoved(f"tabeller som bare den ene har: {', '.join(sorted(found ^ known))}")
    return sum(_count(source, name) for name in known - {_VERSION})


def move_database(source: sqlite3.Connection, progress: Progress) -> int:
    """Make the tables in the application's database and fill them; return how many rows.

    Raises `NotMoved`; then the database is as empty as it was. One transaction holds all rows.
    """
    if db.engine.dialect.name != "postgresql":
        raise NotMoved("DATABASE_URL må være PostgreSQL-databasen som skal fylles")
    if inspect(db.engine).get_table_names():
        raise NotMoved("databasen i DATABASE_URL er ikke tom. Lag en ny og tom database")
    upgrade(directory=_MIGRATIONS)
    try:
        with db.engine.begin() as target:
            return _fill(source, target, progress)
    except BaseException:
        _take_away()
        raise


def _fill(source: sqlite3.Connection, target: Connection, progress: Progress) -> int:
    tables = db.metadata.sorted_tables
    keys = _drop_foreign_keys(target)
    for table in tables:
        # What the migrations bring with them comes from the source, as it is there now.
        target.execute(table.delete())
    count = 0
    for table in tables:
        plain = plain_of(table)
        _copy(source, target, plain, progress)
        count += _compare(source, target, plain, progress)
    for name, constraint, definition in keys:
        target.exec_driver_sql(f'ALTER TABLE {name} ADD CONSTRAINT "{constraint}" {definition}')
    _set_numbers(source, target)
    return count


def _drop_foreign_keys(target: Connection) -> list[tuple[str, str, str]]:
    """Drop the keys, for tables point at each other; they are made anew, and proved by that."""
    rows = target.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace "
            "ORDER BY 1, 2"
        )
    )
    keys = [(str(name), str(constraint), str(how)) for name, constraint, how in rows]
    for name, constraint, _how in keys:
        target.exec_driver_sql(f'ALTER TABLE {name} DROP CONSTRAINT "{constraint}"')
    return keys


def _copy(source: sqlite3.Connection, target: Connection, plain: Plain, progress: Progress) -> None:
    names = ", ".join(f'"{name}"' for name in plain.columns)
    cursor = _driver_of(target).cursor()
    try:
        with cursor.copy(f'COPY "{plain.name}" ({names}) FROM STDIN') as copy:
            for rows in _batches(source.execute(plain.sqlite)):
                for row in rows:
                    copy.write_row(plain.row(row))
                progress(len(rows))
    except WrongValue as error:
        raise NotMoved(f"{error} har en verdi som kolonnen ikke kan ha") from error
    except psycopg.Error as error:
        raise NotMoved(f"{plain.name} kan ikke flyttes: {_kind_of(error)}") from error


def _kind_of(error: psycopg.Error) -> str:
    """Return what is wrong and where, without the value: the driver's own text has it."""
    context = str(error.diag.context or "")
    place = re.match(r"COPY \w+, line (\d+)(?:, column (\w+))?", context)
    where = f" (rad {place[1]}, {place[2] or 'ukjent kolonne'})" if place else ""
    known = {
        "22001": "en tekst er for lang",
        "22003": "et tall er for stort",
        "22P02": "en verdi er av feil slag",
    }
    if error.sqlstate is None and "NUL" in str(error):
        return "en tekst inneholder et NUL-tegn"
    return known.get(error.sqlstate or "", f"SQLSTATE {error.sqlstate}") + where


def _compare(
    source: sqlite3.Connection, target: Connection, plain: Plain, progress: Progress
) -> int:
    """Return how many rows there are on both sides. Raises `NotMoved` at the first that differs."""
    with _driver_of(target).cursor(name="compare") as found:
        found.itersize = _BATCH
        found.execute(plain.postgresql)
        count, there = 0, iter(found)
        for rows in _batches(source.execute(plain.sqlite)):
            for row in rows:
                count += 1
                if next(there, None) != plain.row(row):
                    raise NotMoved(f"{plain.name}: rad {count} er ikke lik etter flyttingen")
            progress(len(rows))
        if next(there, None) is not None:
            raise NotMoved(f"{plain.name} har fått flere rader enn den hadde")
    return count


def _set_numbers(source: sqlite3.Connection, target: Connection) -> None:
    """Let each series of numbers go on after the last one given out, also where it was deleted."""
    given = dict(source.execute("SELECT name, seq FROM sqlite_sequence"))
    for table in db.metadata.sorted_tables:
        column = number_of(table)
        if column is None:
            continue
        series = target.execute(
            text("SELECT pg_get_serial_sequence(:name, :column)"),
            {"name": f'"{table.name}"', "column": column},
        ).scalar_one()
        # Our own names.
        statement = f'SELECT max("{column}") FROM "{table.name}"'  # noqa: S608
        newest = source.execute(statement).fetchone()[0]
        last = max(newest or 0, given.get(table.name, 0))
        if series is not None and last > 0:
            target.execute(text("SELECT setval(:series, :last)"), {"series": series, "last": last})


def _take_away() -> None:
    """Leave the database as empty as it was found."""
    drop_session()
    with db.engine.begin() as target:
        db.metadata.drop_all(target)
        target.execute(text("DROP TABLE IF EXISTS alembic_version"))
        target.execute(text("DROP FUNCTION IF EXISTS refuse_audit_change() CASCADE"))


def _driver_of(target: Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection, in the same transaction."""
    return cast("psycopg.Connection[Any]", target.connection.driver_connection)


def _count(source: sqlite3.Connection, name: str) -> int:
    return int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608


def _batches(rows: sqlite3.Cursor) -> Iterator[list[Any]]:
    while batch := rows.fetchmany(_BATCH):
        yield batch
