"""When the owner of a document is asked to look at it again, and the answers. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum, StrEnum

from intranet.library.lifecycle import SOON

AFTER = timedelta(days=14)


class ReviewFinding(StrEnum):
    """What the owner found. Only RIGHT sets a new date; the others are on their way to one."""

    RIGHT = "right"
    SMALL = "small"
    REVISE = "revise"
    WITHDRAW = "withdraw"


class ReviewSignal(IntEnum):
    """How far the asking has come: before the date, on it, and after it."""

    NONE = 0
    BEFORE = 1
    AT = 2
    AFTER = 3


def review_signal(review_on: date | None, day: date) -> ReviewSignal:
    """Return the last signal that is due by `day`: a month before, on the date, a fortnight on."""
    if review_on is None or day < review_on - SOON:
        return ReviewSignal.NONE
    if day < review_on:
        return ReviewSignal.BEFORE
    return ReviewSignal.AT if day < review_on + AFTER else ReviewSignal.AFTER


def is_worth_telling(signal: ReviewSignal, told: int, is_worked_on: bool) -> bool:
    """Whether to ask now. A new version in the works is an answer until the date is long past."""
    return signal > told and (not is_worked_on or signal is ReviewSignal.AFTER)
