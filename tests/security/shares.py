"""Shares of what is walked: where a test runs on both databases, PostgreSQL walks every eighth.

What these walks prove is decided above the database, and PostgreSQL takes twice the time. Every
page, form and role is walked all the same, each route on both; `--db sqlite` alone walks everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TypeVar

T = TypeVar("T")
EVERY = 8


class Share(Enum):
    """Which part of a walk a database takes."""

    ALL = "all"
    MOST = "most"
    FEW = "few"

    def takes(self, place: int) -> bool:
        """Whether what stands at this place is walked."""
        return self is Share.ALL or (place % EVERY == 0) == (self is Share.FEW)


def some(things: Sequence[T], share: Share) -> Sequence[T]:
    """Return the things of this share."""
    return [thing for place, thing in enumerate(things) if share.takes(place)]


def places(names: Iterable[str]) -> dict[str, int]:
    """Return the place of each name; one that comes again keeps its place."""
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def states(names: Iterable[str], place: int, share: Share) -> set[str]:
    """Return which states of the route at this place are asked.

    A state is asked on one database by this route and on the other by the next. Each route is asked
    on both databases, also when it has fewer states than there are places.
    """
    ordered = sorted(names)
    taken = {name for at, name in enumerate(ordered) if share.takes(at + place)}
    return taken or {ordered[place % len(ordered)]}
