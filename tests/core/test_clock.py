"""Working days and moments in Norway."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from intranet.core import clock


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 13), 1, date(2026, 10, 14)),
        (date(2026, 10, 16), 1, date(2026, 10, 19)),
        (date(2026, 10, 17), 0, date(2026, 10, 19)),
        # Easter 2027: Maundy Thursday 25 March, Good Friday, Easter Monday 29 March.
        (date(2027, 3, 24), 1, date(2027, 3, 30)),
        (date(2026, 12, 23), 2, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2027, 5, 14), 2, date(2027, 5, 19)),
    ],
)
def test_working_days_skip_weekends_and_norwegian_holidays(
    day: date, count: int, expected: date
) -> None:
    assert clock.add_working_days(day, count) == expected


def test_deadline_is_the_same_wall_clock_before_and_after_the_change_of_clocks() -> None:
    """CF-12: 25 October 2026 has 25 hours."""
    before = clock.deadline_after(datetime(2026, 10, 22, 10, tzinfo=UTC), 1)
    after = clock.deadline_after(datetime(2026, 10, 22, 10, tzinfo=UTC), 2)
    assert before.astimezone(clock.OSLO).strftime("%d %H.%M") == "23 23.59"
    assert after.astimezone(clock.OSLO).strftime("%d %H.%M") == "26 23.59"
    assert (after - before).total_seconds() == (3 * 24 + 1) * 3600


def test_today_is_the_norwegian_day_when_it_is_still_yesterday_in_utc() -> None:
    with clock.stopped_at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)


def test_working_days_between_counts_the_days_after_the_first() -> None:
    assert clock.working_days_between(date(2026, 10, 16), date(2026, 10, 20)) == 2
    assert clock.working_days_between(date(2026, 10, 20), date(2026, 10, 16)) == 0
