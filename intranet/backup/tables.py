"""How a value of each column lies in SQLite, and what it is in PostgreSQL. Reads no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator

Read = Callable[[Any], Any]


class WrongValue(Exception):
    """A value that its column cannot hold; SQLite lets every column hold everything."""


@dataclass(frozen=True)
class Plain:
    """One table by the plain values of its columns, in the order of its key."""

    name: str
    columns: tuple[str, ...]
    reads: tuple[Read, ...]
    sqlite: str
    postgresql: str

    def row(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of SQLite as PostgreSQL has it. Raises `WrongValue` naming the column."""
        values = []
        for name, read, value in zip(self.columns, self.reads, found, strict=True):
            try:
                values.append(None if value is None else read(value))
            except (ValueError, TypeError) as error:
                raise WrongValue(f"{self.name}.{name}") from error
        return tuple(values)


def plain_of(table: Table) -> Plain:
    """Return how the table is read on both sides; texts are sorted by their bytes on both."""
    columns = tuple(column.name for column in table.columns)
    keys = list(table.primary_key.columns)
    shown = ", ".join(_shown(column) for column in table.columns)
    names = ", ".join(f'"{name}"' for name in columns)
    by_bytes = ", ".join(
        f'"{key.name}"' + (' COLLATE "C"' if _is_text(key) else "") for key in keys
    )
    by_key = ", ".join(f'"{key.name}"' for key in keys)
    return Plain(
        table.name,
        columns,
        tuple(_read_of(column) for column in table.columns),
        # The names are our own models'.
        f'SELECT {names} FROM "{table.name}" ORDER BY {by_key}',  # noqa: S608
        f'SELECT {shown} FROM "{table.name}" ORDER BY {by_bytes}',  # noqa: S608
    )


def number_of(table: Table) -> str | None:
    """Return the column whose numbers the database gives out, or None."""
    column = table.autoincrement_column
    return None if column is None else column.name


def _kind(column: Column[Any]) -> Any:
    kind = column.type
    return kind.impl if isinstance(kind, TypeDecorator) else kind


def _is_text(column: Column[Any]) -> bool:
    return isinstance(_kind(column), String)


def _shown(column: Column[Any]) -> str:
    # As it was written: what reads JSON may make another text of it.
    return f'"{column.name}"' + ("::text" if isinstance(_kind(column), JSON) else "")


def _read_of(column: Column[Any]) -> Read:
    kind = _kind(column)
    if isinstance(kind, Boolean):
        return _truth
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return bytes
    if isinstance(kind, String | JSON):
        return _text
    return _number


def _truth(value: Any) -> bool:
    if value not in (0, 1) or isinstance(value, str):
        raise ValueError
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value
