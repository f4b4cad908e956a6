"""The time now, and Norwegian working days. The only place that reads the machine's clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
SATURDAY = 5

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """Return this moment in UTC, with zone."""
    return _stopped_at.get() or datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Norway."""
    return now().astimezone(OSLO).date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` (with zone) within the block: for tests and demonstrations."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    token = _stopped_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year).keys())


def is_working_day(day: date) -> bool:
    """Whether `day` is Monday to Friday and no Norwegian public holiday."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def is_public_holiday(day: date) -> bool:
    """Whether `day` is a Norwegian public holiday other than an ordinary Sunday."""
    return day in _holidays_of(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the day `count` working days after `day` (0: `day`, or the next working day).

    Christmas Eve and New Year's Eve are counted as working days: the law says so (they are no
    public holidays), and a municipality that closes sets its deadlines accordingly.
    """
    result = day
    while count == 0 and not is_working_day(result):
        result += timedelta(days=1)
    while count > 0:
        result += timedelta(days=1)
        if is_working_day(result):
            count -= 1
    return result


def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after `start` up to and with `end` (0 when end <= start)."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def end_of_day(day: date) -> datetime:
    """Return the last minute of the Norwegian day as a UTC moment."""
    return datetime.combine(day, time(23, 59), OSLO).astimezone(UTC)


def oslo_moment(day: date, at: time = time(0, 0)) -> datetime:
    """Return the UTC moment of a Norwegian day and wall-clock time."""
    return datetime.combine(day, at, OSLO).astimezone(UTC)


def deadline_after(moment: datetime, working_days: int) -> datetime:
    """Return the end of the working day that lies `working_days` after `moment`, in UTC."""
    return end_of_day(add_working_days(moment.astimezone(OSLO).date(), working_days))
