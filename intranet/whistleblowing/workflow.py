"""The life of a whistleblowing case as data, its deadlines and checks. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class WhistleState(StrEnum):
    """Where a case is."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    CLOSED = "closed"


class WhistleStep(StrEnum):
    """What a recipient, or an investigator, does."""

    CONFIRM = "confirm"
    ASSESS = "assess"
    APPOINT = "appoint"
    CLOSE = "close"
    NAME_READER = "name_reader"
    EXCLUDE = "exclude"
    MESSAGE = "message"
    NOTE = "note"
    CHECK = "check"
    SETTLE_CLOCK = "settle_clock"
    OFFER = "offer"


class Part(StrEnum):
    """What a person is to a case."""

    RECIPIENT = "recipient"
    INVESTIGATOR = "investigator"
    READER = "reader"


class Category(StrEnum):
    """The examples of arbeidsmiljøloven § 2 A-1 second paragraph."""

    LIFE = "life"
    CLIMATE = "climate"
    CORRUPTION = "corruption"
    AUTHORITY = "authority"
    WORKPLACE = "workplace"
    PRIVACY = "privacy"
    OTHER = "other"


# Months after closing when the recipients ask whether there was retaliation.
CHECK_MONTHS = (1, 3, 6, 12)

_S, _T = WhistleState, WhistleStep
_FROM: dict[WhistleStep, frozenset[WhistleState]] = {
    _T.CONFIRM: frozenset({_S.RECEIVED}),
    _T.ASSESS: frozenset({_S.CONFIRMED}),
    _T.APPOINT: frozenset({_S.ASSESSED, _S.INVESTIGATING}),
    _T.CLOSE: frozenset({_S.ASSESSED, _S.INVESTIGATING}),
    _T.NAME_READER: frozenset(_S) - {_S.CLOSED},
    _T.EXCLUDE: frozenset(_S),
    _T.MESSAGE: frozenset(_S),
    _T.NOTE: frozenset(_S),
    _T.CHECK: frozenset({_S.CLOSED}),
    _T.SETTLE_CLOCK: frozenset(_S),
    _T.OFFER: frozenset({_S.ASSESSED, _S.CLOSED}),
}
_WORKS = frozenset({Part.RECIPIENT, Part.INVESTIGATOR})
_WHO: dict[WhistleStep, frozenset[Part]] = {
    **dict.fromkeys(_T, frozenset({Part.RECIPIENT})),
    _T.MESSAGE: _WORKS,
    _T.NOTE: _WORKS,
}


def is_possible(
    state: WhistleState, step: WhistleStep, *, is_whistleblowing: bool | None = None
) -> bool:
    """Whether the state allows the step.

    What is no whistleblowing is not investigated, and only that is sent on as something else.
    """
    if step == WhistleStep.OFFER and is_whistleblowing is not False:
        return False
    if step == WhistleStep.APPOINT and is_whistleblowing is False:
        return False
    return state in _FROM[step]


def is_theirs(step: WhistleStep, parts: frozenset[Part]) -> bool:
    """Whether somebody with these parts may take the step at all."""
    return bool(parts & _WHO[step])


def add_months(day: date, months: int) -> date:
    """Return the same day some months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
