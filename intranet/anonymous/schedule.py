"""When what was written without a name is delivered: at a moment that says nothing of the writing.

Planned ahead and whether anything waits or not; asks no database. The promise, in the words of the
pages: `daily` within two days at most, `hours` within two to eight hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from intranet.core.clock import OSLO, oslo_moment

# Nobody reads at night, and a mail at four says that it comes from here.
OPENS, SHUTS = time(8, 0), time(20, 0)
# The least that anything waits, so that no report comes while its writer is still seen at a screen.
LEAST_WAIT = timedelta(hours=2)
LONGEST_HOURS = 8

Uniform = Callable[[float, float], float]


@dataclass(frozen=True)
class Plan:
    """The next delivery takes what was written before `closes_at`."""

    closes_at: datetime
    delivers_at: datetime


def plan_delivery(at: datetime, mode: str, uniform: Uniform) -> Plan:
    """Return the plan after a delivery (or the start) at `at`; `uniform` draws between two numbers.

    `daily`: a random moment of the next day between 8 and 20. `hours`: two to six hours from now,
    and everything written within two hours before it waits for the next, so that the wait is
    between two and eight.
    """
    if mode == "hours":
        most = LONGEST_HOURS - LEAST_WAIT.total_seconds() / 3600
        delivers_at = at + timedelta(hours=uniform(LEAST_WAIT.total_seconds() / 3600, most))
    else:
        day = at.astimezone(OSLO).date() + timedelta(days=1)
        opens, shuts = oslo_moment(day, OPENS), oslo_moment(day, SHUTS)
        delivers_at = opens + timedelta(seconds=uniform(0, (shuts - opens).total_seconds()))
    return Plan(closes_at=delivers_at - LEAST_WAIT, delivers_at=delivers_at)
