"""When a vacancy is open, by the clock alone; knows no database and no request."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from intranet.core.clock import OSLO

# The smallest step of our clock and of both databases.
RESOLUTION = timedelta(microseconds=1)


class VacancyState(StrEnum):
    """What people have decided about a vacancy; that the deadline has passed is not a decision."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Openness(StrEnum):
    """What a reader may be told about a vacancy right now."""

    HIDDEN = "hidden"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def openness(state: VacancyState, deadline_at: datetime, at: datetime) -> Openness:
    """Tell whether one may still apply: open until the stated minute has run out.

    "Frist 25. oktober kl. 12.00" takes what arrives at 11.59.59 and nothing from 12.00.00 on.
    Both moments carry their time zone; the server's clock decides, never the reader's.
    """
    if state == VacancyState.DRAFT:
        return Openness.HIDDEN
    if state == VacancyState.WITHDRAWN:
        return Openness.WITHDRAWN
    return Openness.OPEN if at < deadline_at else Openness.CLOSED


def days_left(deadline_at: datetime, at: datetime) -> int:
    """Count calendar days in Norway from today to the deadline's day; 0 is today, never below."""
    return max((_norwegian_day(deadline_at) - _norwegian_day(at)).days, 0)


def closes_soon(deadline_at: datetime, at: datetime, within_days: int = 3) -> bool:
    """Tell whether an open vacancy deserves a mark because its deadline is near."""
    return at < deadline_at and days_left(deadline_at, at) <= within_days


def exists_in_norway(local: datetime) -> bool:
    """Tell whether a wall-clock time occurs: 02.30 does not when summer time begins."""
    aware = local.replace(tzinfo=OSLO)
    there_and_back = aware.astimezone(UTC).astimezone(OSLO)
    return there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None)


def whole_minute(moment: datetime) -> datetime:
    """Drop seconds: a deadline is announced to the minute, so it is kept to the minute."""
    return moment - timedelta(seconds=moment.second, microseconds=moment.microsecond)


def _norwegian_day(moment: datetime) -> date:
    return moment.astimezone(OSLO).date()
