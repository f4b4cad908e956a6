"""Says whether a law is in force on a day. Pure."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

_UNDECIDED = re.compile(r"bestem|fastset|fastsett|avgj|ikkje i kraft|ikke i kraft", re.IGNORECASE)


class InForce(StrEnum):
    """Where a law stands on a given day."""

    IN_FORCE = "in_force"
    PARTLY = "partly"
    FUTURE = "future"
    NOT_SET = "not_set"
    EXPIRED = "expired"
    GONE = "gone"


def in_force_on(
    day: date,
    *,
    text: str,
    first: date | None,
    until: date | None,
    gone: date | None = None,
) -> InForce:
    """Where a law stands on `day`, from the source's own words and the dates read from them.

    A law without any word about it is in force: old laws have none. `gone` is the day from
    which the source's complete collection no longer holds it.
    """
    if gone is not None and gone <= day:
        return InForce.GONE
    if until is not None and until < day:
        return InForce.EXPIRED
    if first is None:
        return InForce.NOT_SET if _UNDECIDED.search(text) else InForce.IN_FORCE
    if first > day:
        return InForce.FUTURE
    return InForce.PARTLY if _UNDECIDED.search(text) else InForce.IN_FORCE
