"""Where a mail goes: the people room answers, this room only asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import current_app


@dataclass(frozen=True)
class Recipient:
    """An active person's name and address; the address is empty when none is known."""

    name: str
    address: str


RecipientFinder = Callable[[Sequence[int]], dict[int, Recipient]]


def find_recipients(person_ids: Sequence[int]) -> dict[int, Recipient]:
    """Return the active persons among the ids, through what `wiring` has put in."""
    finder = cast(RecipientFinder, current_app.extensions["find_recipients"])
    return finder(person_ids)
