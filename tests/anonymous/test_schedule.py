"""When is delivered: drawn ahead, never before two hours, never later than promised."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from intranet.anonymous.schedule import LEAST_WAIT, plan_delivery
from intranet.config import ConfigurationError, load_settings
from intranet.core.clock import OSLO

DAYS = [
    datetime(2026, 10, 13, 12, 0, tzinfo=UTC),
    # The nights when the clock is set back and forward.
    datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
]


@pytest.mark.parametrize("at", DAYS)
@pytest.mark.parametrize("mode", ["daily", "hours"])
def test_wait_is_within_the_promise(at: datetime, mode: str) -> None:
    """AN-05: a chain of plans; whatever is written waits at least two hours."""
    draw = random.Random(7)
    longest = timedelta(0)
    last_closed = at - LEAST_WAIT
    for _delivery in range(400):
        plan = plan_delivery(at, mode, draw.uniform)
        assert plan.delivers_at - plan.closes_at >= LEAST_WAIT
        assert plan.delivers_at > at
        if mode == "daily":
            local = plan.delivers_at.astimezone(OSLO)
            assert local.date() == at.astimezone(OSLO).date() + timedelta(days=1)
            assert 8 <= local.hour < 20 or (local.hour, local.minute) == (20, 0)
        # Written just after the last one closed, it comes with this one.
        longest = max(longest, plan.delivers_at - last_closed)
        last_closed, at = plan.closes_at, plan.delivers_at
    assert longest <= (timedelta(days=2) if mode == "daily" else timedelta(hours=8))


def test_daily_moment_can_be_any_of_the_day() -> None:
    draw = random.Random(3)
    hours = {
        plan_delivery(DAYS[0], "daily", draw.uniform).delivers_at.astimezone(OSLO).hour
        for _number in range(600)
    }
    assert hours == set(range(8, 20))


def test_unknown_mode_is_refused_at_start(tmp_path: object) -> None:
    with pytest.raises(ConfigurationError, match="ANONYMOUS_DELIVERY"):
        load_settings({"INSTANCE_DIR": str(tmp_path), "ANONYMOUS_DELIVERY": "now"})
    good = load_settings({"INSTANCE_DIR": str(tmp_path), "ANONYMOUS_DELIVERY": "hours"})
    assert good.anonymous_delivery == "hours"
