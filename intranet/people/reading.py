"""What all that must be read shares: when somebody is reminded, how far it has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# On the last day, a week after it, and three weeks after it; then the list of who is missing tells.
_REMINDERS = (timedelta(0), timedelta(days=7), timedelta(days=21))


@dataclass(frozen=True)
class Coverage:
    """How many must read, and have, in the units that the viewer answers for."""

    units: list[Any]
    required: int
    confirmed: int

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Coverage:
        """Return the sum of rows with `required` and `confirmed`."""
        units = list(rows)
        return cls(units, sum(row.required for row in units), sum(row.confirmed for row in units))

    @property
    def percent(self) -> int:
        """How large a part has confirmed, rounded down: 100 means everybody."""
        return 100 * self.confirmed // self.required if self.required else 100


def reminder_after(due_on: date, day: date) -> date | None:
    """Return the next day of reminding that comes after `day`, or None when all have passed."""
    return next((due_on + pause for pause in _REMINDERS if due_on + pause > day), None)


def first_reminder(due_on: date) -> date:
    """Return the day of the first reminder: the last day for reading."""
    return due_on + _REMINDERS[0]
