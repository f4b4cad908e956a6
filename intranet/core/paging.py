"""Paging by key: the page is named by the row it starts after, never by a count. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows and the key of the next (older) page, None at the end."""

    rows: Sequence[Row]
    older: str | None

    @classmethod
    def of(cls, rows: Sequence[Row], key: Callable[[Row], str], size: int = PAGE_SIZE) -> Page[Row]:
        """Return the page of a select that asked for one row more than `size`."""
        shown = rows[:size]
        return cls(shown, key(shown[-1]) if len(rows) > size else None)
