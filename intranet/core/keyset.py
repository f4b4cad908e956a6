"""Runs a select one page at a time by key: no OFFSET, no COUNT, page 200 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, tuple_

from intranet.core.reads import read
from intranet.core.rows import AnyRow, AnySelect

NEXT = "neste"
PREVIOUS = "forrige"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Moments up to the year 9999 and ids as large as the databases' integers.
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LARGEST_ID = 2**31 - 1
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Cursor:
    """A place in a list: the row's moment and its id."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """Return the place as it stands in an address."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"


@dataclass(frozen=True)
class PageRequest:
    """Which page is wanted: the one after a place, the one before a place, or the first."""

    after: Cursor | None = None
    before: Cursor | None = None


@dataclass(frozen=True)
class KeysetPage:
    """One page in reading order, and the places that its neighbours are asked for by."""

    rows: list[AnyRow]
    next: str | None
    previous: str | None


def parse_cursor(text: str | None) -> Cursor | None:
    """Return the place, or None for anything that we did not write ourselves."""
    moment, _dash, row_id = (text or "").partition("-")
    parts = (moment, row_id)
    if not all(part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS for part in parts):
        return None
    if int(moment) > _LATEST or int(row_id) > _LARGEST_ID:
        return None
    return Cursor(_EPOCH + int(moment) * _MICROSECOND, int(row_id))


def page_request(arguments: Mapping[str, str]) -> PageRequest:
    """Return what the address asks for: `?neste=place`, `?forrige=place`, or the first page."""
    return PageRequest(parse_cursor(arguments.get(NEXT)), parse_cursor(arguments.get(PREVIOUS)))


def fetch_page(
    statement: AnySelect,
    key: tuple[Any, Any],
    wanted: PageRequest,
    *,
    size: int,
    ascending: bool = False,
    values: Mapping[str, Any] | None = None,
) -> KeysetPage:
    """Run the select for one page. `key` is its (moment column, id column), both selected.

    One row more than the page holds is read, to know whether there is another page. With `values`
    for its bind parameters, `statement` must be one that the module made once: its pages are kept.
    """
    backwards = wanted.before is not None
    place = wanted.before or wanted.after
    upwards = ascending != backwards
    moment, row_id = key
    build = _page_of if values is None else _kept_page_of
    statement = build(statement, moment, row_id, upwards, place is not None, size + 1)
    here = {"place_at": place.at, "place_id": place.id} if place is not None else {}
    rows = list(read(statement, **here, **(values or {})).all())
    has_more, rows = len(rows) > size, rows[:size]
    if not rows:
        return KeysetPage([], None, None)
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, has_more) if backwards else (has_more, place is not None)
    return KeysetPage(
        rows,
        _place(rows[-1], moment.key, row_id.key) if has_next else None,
        _place(rows[0], moment.key, row_id.key) if has_previous else None,
    )


def _page_of(
    statement: AnySelect, moment: Any, row_id: Any, upwards: bool, has_place: bool, limit: int
) -> AnySelect:
    if has_place:
        here = tuple_(bindparam("place_at", type_=moment.type), bindparam("place_id", Integer))
        there = tuple_(moment, row_id)
        statement = statement.where(there > here if upwards else there < here)
    order = (moment.asc(), row_id.asc()) if upwards else (moment.desc(), row_id.desc())
    return statement.order_by(*order).limit(limit)


_kept_page_of = lru_cache(maxsize=64)(_page_of)


def _place(row: AnyRow, moment: str, row_id: str) -> str:
    return str(Cursor(getattr(row, moment), getattr(row, row_id)))
