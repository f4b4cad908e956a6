"""Halves of what is walked: where a test runs on both databases, each walks one of them.

What these walks prove is decided above the database. Every page, form and role is walked all the
same, each route on both; `--db sqlite` alone walks everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def every_other(things: Sequence[T], half: int | None) -> Sequence[T]:
    """Return the things at even places (half 0), at odd ones (half 1), or all of them (None)."""
    return things if half is None else things[half::2]


def places(names: Iterable[str]) -> dict[str, int]:
    """Return the place of each name; one that comes again keeps its place."""
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def states(names: Iterable[str], place: int, half: int | None) -> set[str]:
    """Return which states of the route at this place are asked: all, or every other one.

    A state is asked on one database by this route and on the other by the next. A route that has
    one state only is asked on both.
    """
    ordered = sorted(names)
    if half is None or len(ordered) == 1:
        return set(ordered)
    return {name for at, name in enumerate(ordered) if (at + place) % 2 == half}
