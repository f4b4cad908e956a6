"""Builds the index's tables and keeps them level with the entries; one process at a time.

A building is one transaction, so that a process that dies leaves nothing; it becomes the index in
the moment it is committed. Readers that are in the middle of a question ask it again.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, delete, func, insert, literal, select, text
from sqlalchemy import update as change
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema, DropSchema

from intranet.extensions import db
from intranet.search.entry import SearchEntry
from intranet.search.errors import IndexBusy, IndexUnavailable
from intranet.search.postgres.reading import State
from intranet.search.postgres.tables import (
    FORM,
    GONE,
    INDEX,
    PREFIX,
    ROWS,
    STATE,
    STATE_SCHEMA,
    TERMS,
    VALUES,
    make_index,
    make_state,
)
from intranet.search.postgres.vectors import LABELS, SIGNS, STEPS, Row, quoted, row_of

log = logging.getLogger(__name__)

_LOCK = 7_205_759_403_792_793
_PAUSE_SECONDS = 0.5
# More rows taken out than this, and a part of what is left: the numbers have holes, build anew.
_MOST_GONE, _MOST_GONE_SHARE = 20_000, 0.5
# The number of each value of each label.
_Numbers = dict[str, dict[str, int]]
_COLUMNS = [column.name for column in ROWS.columns]


@contextmanager
def writing(*, wait: bool) -> Iterator[None]:
    """Hold the one writer's lock, which dies with the connection. Raises `IndexBusy`."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(select(func.pg_try_advisory_lock(_LOCK))):
            if not wait:
                raise IndexBusy
            time.sleep(_PAUSE_SECONDS)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_LOCK)))


def is_whole(state: State) -> bool:
    """Whether the tables are there, and not so many rows were taken out that it is worn."""
    with _index(state.name) as connection:
        for table in (ROWS, VALUES, TERMS):
            connection.execute(select(*table.columns).limit(1))
        gone = connection.scalar(select(func.count()).select_from(GONE)) or 0
        indexes = connection.scalar(
            text(
                "SELECT count(*) FROM pg_indexes WHERE schemaname = :name AND tablename = 'entry'"
            ),
            {"name": state.name},
        )
    return indexes == 2 and not (gone > _MOST_GONE and gone > _MOST_GONE_SHARE * state.next_row)


def report_damage(state: State | None) -> None:
    """A reader met something unreadable: the jobs process is to build anew."""
    if state is None:
        return
    try:
        with db.engine.begin() as connection:
            connection.execute(
                change(STATE).values(is_damaged=True).where(STATE.c.name == state.name)
            )
    except DBAPIError:
        log.warning("search index: damage could not be noted")


def rebuild(entries: Iterable[SearchEntry], progress: Callable[[], object]) -> int:
    """Build a new index from these and put it in the old one's place; the lock must be held."""
    name = PREFIX + os.urandom(6).hex()
    with db.engine.begin() as connection:
        connection.execute(CreateSchema(STATE_SCHEMA, if_not_exists=True))
        make_state(connection)
    with _index(name) as connection:
        connection.execute(CreateSchema(name))
        make_index(connection)
        count = _fill(connection, name, entries, progress)
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        for line in (
            "ALTER TABLE {}.entry ADD PRIMARY KEY (row)",
            "CREATE INDEX entry_words ON {}.entry USING gin (words) WITH (fastupdate = off)",
            "ALTER TABLE {}.entry ALTER words SET STATISTICS 0",
            "ANALYZE {}.entry",
            "ANALYZE {}.term",
        ):
            _driver(connection).execute(sql.SQL(line).format(sql.Identifier(name)))
        _use(connection, name, count)
    _drop_others(name)
    return count


def _fill(
    connection: Connection,
    name: str,
    entries: Iterable[SearchEntry],
    progress: Callable[[], object],
) -> int:
    docs: dict[str, int] = {}
    numbers = _no_numbers()
    held: Counter[tuple[str, str]] = Counter()
    copy = sql.SQL("COPY {}.entry ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
    )
    number = 0
    with _driver(connection).cursor() as cursor, cursor.copy(copy) as out:
        for entry in entries:
            row = row_of(entry)
            held.update(_held(row))
            values = _values(row, number, docs, numbers)
            out.write_row([values[column] for column in _COLUMNS])
            number += 1
            progress()
    _insert(connection, VALUES, _new_values(numbers, _no_numbers()))
    _insert(connection, TERMS, _terms(held, 0))
    return number


def _no_numbers() -> _Numbers:
    return {label: {"": 0} for label in LABELS}


def _values(row: Row, number: int, docs: dict[str, int], numbers: _Numbers) -> dict[str, Any]:
    codes = {
        label: numbers[label].setdefault(value, len(numbers[label]))
        for label, value in row.labels.items()
    }
    return {
        "row": number,
        "doc": docs.setdefault(row.doc, number),
        "day": row.day,
        **codes,
        **{f"{name}_length": length for name, length in zip(STEPS, row.lengths, strict=True)},
        "prior": row.prior,
        "kind": row.kind,
        "key": row.key,
        "words": row.vector,
    }


def _held(row: Row) -> Iterator[tuple[str, str]]:
    yield from ((SIGNS["start"], word) for word in row.starts)
    yield from ((SIGNS["alias"], name) for name in row.aliases)


def _new_values(numbers: _Numbers, before: _Numbers) -> list[dict[str, Any]]:
    return [
        {"label": label, "number": number, "value": value}
        for label, known in numbers.items()
        for value, number in known.items()
        if value not in before[label]
    ]


def _terms(held: Counter[tuple[str, str]], generation: int) -> list[dict[str, Any]]:
    return [
        {"sign": sign, "term": term, "holding": count, "generation": generation}
        for (sign, term), count in held.items()
        if count
    ]


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _use(connection: Connection, name: str, count: int) -> None:
    before = connection.scalar(select(STATE.c.generation).with_for_update()) or 0
    values = {
        "name": name,
        "form": FORM,
        "generation": before + 1,
        "next_row": count,
        "is_damaged": False,
    }
    statement = upsert(STATE).values(is_only=True, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[STATE.c.is_only], set_=values)
    )


def _drop_others(name: str) -> None:
    """Drop what was in use before, and what was left behind; what is being read goes next time."""
    with db.engine.connect() as connection:
        pattern = PREFIX.replace("_", r"\_") + "%"
        names = connection.scalars(
            text("SELECT nspname FROM pg_namespace WHERE nspname LIKE :pattern"),
            {"pattern": pattern},
        ).all()
    for other in names:
        if other != name:
            try:
                with db.engine.begin() as connection:
                    connection.execute(text("SET LOCAL lock_timeout = '3s'"))
                    connection.execute(DropSchema(other, cascade=True))
            except DBAPIError:
                log.info("search index: an old one is still being read")


def update(doc_keys: Sequence[str], entries: Iterable[SearchEntry]) -> None:
    """Replace these documents' rows by the entries; the lock must be held."""
    rows = [row_of(entry) for entry in entries]
    with db.engine.begin() as connection:
        state = connection.execute(
            select(STATE.c.name, STATE.c.generation, STATE.c.next_row).with_for_update()
        ).first()
        if state is None:
            raise IndexUnavailable("no index")
        index = connection.execution_options(schema_translate_map={INDEX: state.name})
        generation = state.generation + 1
        held = _take_out(index, doc_keys, generation)
        _put_in(index, rows, state.next_row)
        for row in rows:
            held.update(_held(row))
        _count(index, held, generation)
        connection.execute(
            change(STATE).values(generation=generation, next_row=state.next_row + len(rows))
        )


def _take_out(
    connection: Connection, doc_keys: Sequence[str], generation: int
) -> Counter[tuple[str, str]]:
    """Delete the documents' rows and return what they held as negative numbers."""
    held: Counter[tuple[str, str]] = Counter()
    if not doc_keys:
        return held
    query = " | ".join(quoted(SIGNS["doc"] + key) for key in doc_keys)
    is_of_them = ROWS.c.words.op("@@")(literal(query, TSQUERY))
    lexemes = select(ROWS.c.row, func.tsvector_to_array(ROWS.c.words)).where(is_of_them)
    gone = []
    for number, words in connection.execute(lexemes):
        gone.append({"generation": generation, "row": number})
        for word in words:
            if word[0] in (SIGNS["start"], SIGNS["alias"]):
                held[word[0], word[1:]] -= 1
    connection.execute(delete(ROWS).where(is_of_them))
    _insert(connection, GONE, gone)
    return held


def _put_in(connection: Connection, rows: Sequence[Row], first: int) -> None:
    before = _no_numbers()
    for label, number, value in connection.execute(select(*VALUES.columns)):
        before[label][value] = number
    numbers = {label: dict(known) for label, known in before.items()}
    docs: dict[str, int] = {}
    values = [_values(row, first + place, docs, numbers) for place, row in enumerate(rows)]
    _insert(connection, VALUES, _new_values(numbers, before))
    _insert(connection, ROWS, values)


def _count(connection: Connection, held: Counter[tuple[str, str]], generation: int) -> None:
    rows = _terms(held, generation)
    if not rows:
        return
    statement = upsert(TERMS)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[TERMS.c.sign, TERMS.c.term],
            set_={
                "holding": TERMS.c.holding + statement.excluded.holding,
                "generation": statement.excluded.generation,
            },
        ),
        rows,
    )


@contextmanager
def _index(name: str) -> Iterator[Connection]:
    with db.engine.begin() as connection:
        yield connection.execution_options(schema_translate_map={INDEX: name})


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
