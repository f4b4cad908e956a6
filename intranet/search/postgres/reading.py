"""What is asked of the index's tables, on the request's connection for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, Row, Text, bindparam, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from intranet.core.reads import reading_connection
from intranet.search.errors import IndexUnavailable
from intranet.search.postgres.tables import FORM, GONE, INDEX, ROWS, STATE, TERMS, VALUES
from intranet.search.postgres.vectors import LABELS, STEPS
from intranet.search.postings import Numbers

_STATE = select(
    STATE.c.name, STATE.c.form, STATE.c.generation, STATE.c.next_row, STATE.c.is_damaged
)
# Whole columns as PostgreSQL sends arrays: numbers of four bytes, each behind its length.
_HEAD = 20
_INTEGERS = np.dtype([("length", ">i4"), ("value", ">i4")])
_FLOATS = np.dtype([("length", ">i4"), ("value", ">f4")])
_SMALL = np.dtype([("length", ">i4"), ("value", ">i2")])
_COLUMNS: dict[str, np.dtype[Any]] = {
    "row": _INTEGERS,
    "doc": _INTEGERS,
    "day": _INTEGERS,
    "prior": _FLOATS,
    "kind": _SMALL,
    **dict.fromkeys(LABELS, _INTEGERS),
    **{f"{name}_length": _INTEGERS for name in STEPS},
}


def _sent(column: Any) -> Any:
    return func.array_send(func.array_agg(column))


_FACTS = select(*(_sent(ROWS.c[name]) for name in _COLUMNS)).where(
    ROWS.c.row >= bindparam("first"), ROWS.c.row < bindparam("end")
)
_GONE = select(_sent(GONE.c.row)).where(GONE.c.generation > bindparam("generation"))
_VALUES = select(VALUES.c.label, VALUES.c.number, VALUES.c.value).order_by(VALUES.c.number)
_TERMS = select(TERMS.c.sign, TERMS.c.term, TERMS.c.holding).where(
    TERMS.c.generation > bindparam("generation")
)
_KEYS = select(ROWS.c.row, ROWS.c.key).where(
    ROWS.c.row == func.any(bindparam("rows", type_=ARRAY(ROWS.c.row.type)))
)
_asked = (
    func.unnest(bindparam("queries", type_=ARRAY(Text)))
    .table_valued("query", with_ordinality="place")
    .render_derived(name="asked")
)
_found = (
    select(_sent(ROWS.c.row).label("rows"))
    .where(ROWS.c.words.op("@@")(cast(_asked.c.query, TSQUERY)))
    .lateral("found")
)
_FOUND = (
    select(_asked.c.place, _found.c.rows)
    .select_from(_asked.join(_found, true()))
    .where(_found.c.rows.is_not(None))
)


@dataclass(frozen=True, slots=True)
class State:
    """Which index is in use, and how far it has come."""

    name: str
    generation: int
    next_row: int


def read_state() -> State:
    """The index in use. Raises `IndexUnavailable` when there is none that we can read."""
    row = _run(_STATE, "").first()
    if row is None or row.is_damaged or row.form != FORM:
        raise IndexUnavailable("no index of today's making")
    return State(row.name, row.generation, row.next_row)


def read_facts(name: str, first: int, end: int) -> dict[str, NDArray[Any]]:
    """The columns of the rows from `first` on, all in the same order."""
    (row,) = _run(_FACTS, name, first=first, end=end).all()
    sent = dict(zip(_COLUMNS, row, strict=True))
    return {column: _values(sent[column], kind) for column, kind in _COLUMNS.items()}


def read_gone(name: str, after: int) -> Numbers:
    """The rows that were taken out after that generation."""
    return _values(_run(_GONE, name, generation=after).scalar_one(), _INTEGERS).astype(np.int64)


def read_values(name: str) -> dict[str, tuple[str, ...]]:
    """What the numbers of each label stand for."""
    values: dict[str, list[str]] = {label: [""] for label in LABELS}
    for label, _number, value in _run(_VALUES, name):
        values[label].append(value)
    return {label: tuple(held) for label, held in values.items()}


def read_terms(name: str, after: int) -> list[Row[Any]]:
    """The words of titles and the names of documents that were counted after that generation."""
    return list(_run(_TERMS, name, generation=after))


def read_keys(name: str, rows: Sequence[int]) -> dict[int, str]:
    """The keys of the rows that are still there."""
    return dict(_run(_KEYS, name, rows=list(rows)).all())


def find_rows(name: str, queries: Sequence[str]) -> dict[int, Numbers]:
    """The rows that each query finds, ascending, by its place; one that finds none is left out."""
    found = {}
    for place, sent in _run(_FOUND, name, queries=list(queries)).all():
        rows = _values(sent, _INTEGERS).astype(np.int64)
        if len(rows) > 1 and not (rows[1:] > rows[:-1]).all():
            rows.sort()
        found[place - 1] = rows
    return found


def _values(sent: bytes | None, kind: np.dtype[Any]) -> NDArray[Any]:
    if not sent:
        return np.zeros(0, dtype=kind["value"].newbyteorder("="))
    values: NDArray[Any] = np.frombuffer(sent, dtype=kind, offset=_HEAD)["value"]
    return values.astype(kind["value"].newbyteorder("="))


def _run(statement: Executable, name: str, **values: Any) -> Any:
    options = {"schema_translate_map": {INDEX: name}} if name else {}
    return reading_connection().execute(statement, values, execution_options=options)
