"""A vacancy closes by itself, to the minute, in Norwegian time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.core.clock import OSLO
from intranet.vacancies.deadline import (
    Openness,
    VacancyState,
    closes_soon,
    days_left,
    exists_in_norway,
    openness,
    whole_minute,
)

NOON = datetime(2026, 10, 25, 12, 0, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON - timedelta(microseconds=1), Openness.OPEN),
        (NOON, Openness.CLOSED),
        (NOON + timedelta(seconds=1), Openness.CLOSED),
    ],
)
def test_vacancy_closes_when_the_stated_minute_begins(at: datetime, expected: Openness) -> None:
    """CC-08: the server's clock decides, to the second."""
    assert openness(VacancyState.PUBLISHED, NOON, at) is expected
    assert openness(VacancyState.PUBLISHED, NOON.astimezone(UTC), at.astimezone(UTC)) is expected


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_deadline_neither_hides_nor_opens_what_people_have_decided(hours: int) -> None:
    at = NOON + timedelta(hours=hours)
    assert openness(VacancyState.DRAFT, NOON, at) is Openness.HIDDEN
    assert openness(VacancyState.WITHDRAWN, NOON, at) is Openness.WITHDRAWN


def test_noon_on_the_day_when_summer_time_ends_is_eleven_utc() -> None:
    assert NOON.astimezone(UTC).hour == 11
    assert datetime(2026, 10, 24, 12, 0, tzinfo=OSLO).astimezone(UTC).hour == 10


def test_days_left_follow_the_norwegian_calendar_and_not_utc() -> None:
    deadline = datetime(2026, 10, 13, 9, 0, tzinfo=OSLO)
    late_evening_utc = datetime(2026, 10, 12, 22, 30, tzinfo=UTC)
    assert days_left(deadline, late_evening_utc) == 0
    assert days_left(deadline, datetime(2026, 10, 12, 21, 30, tzinfo=UTC)) == 1
    assert days_left(deadline, deadline + timedelta(days=40)) == 0


def test_only_a_deadline_ahead_and_near_closes_soon() -> None:
    assert closes_soon(NOON, NOON - timedelta(days=3))
    assert not closes_soon(NOON, NOON - timedelta(days=4))
    assert not closes_soon(NOON, NOON)


def test_time_that_the_change_of_clocks_skips_does_not_exist() -> None:
    assert not exists_in_norway(datetime(2026, 3, 29, 2, 30))
    assert exists_in_norway(datetime(2026, 3, 29, 3, 30))
    assert exists_in_norway(datetime(2026, 10, 25, 2, 30))


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))
def test_vacancy_never_opens_again_by_itself(local: datetime) -> None:
    deadline = whole_minute(local.replace(tzinfo=UTC))
    assert deadline.second == deadline.microsecond == 0
    later = [deadline + timedelta(seconds=s) for s in (0, 1, 3600, 86400 * 200)]
    assert {openness(VacancyState.PUBLISHED, deadline, at) for at in later} == {Openness.CLOSED}
