"""The chain of leaders, stand-ins and vacant posts."""

from __future__ import annotations

from datetime import date

import pytest

from intranet.people.leaders import (
    Post,
    StandInPeriod,
    StandInProblem,
    chain_of_leaders,
    problem_with,
    stand_in_for,
)

CHIEF, SECTOR_LEADER, UNIT_LEADER, DEPARTMENT_LEADER, DEPUTY, OTHER = 1, 2, 3, 4, 5, 6
EVERYONE = {CHIEF, SECTOR_LEADER, UNIT_LEADER, DEPARTMENT_LEADER, DEPUTY, OTHER}
DAY = date(2026, 7, 10)
POSTS = {
    10: Post(10, "Kommunen", "/10/", "municipality", None, CHIEF),
    20: Post(20, "Helse", "/10/20/", "sector", 10, SECTOR_LEADER),
    30: Post(30, "Sykehjemmet", "/10/20/30/", "unit", 20, UNIT_LEADER),
    40: Post(40, "Avdeling A", "/10/20/30/40/", "department", 30, DEPARTMENT_LEADER),
    41: Post(41, "Avdeling B", "/10/20/30/41/", "department", 30, None),
}


def period(
    leader: int = UNIT_LEADER,
    stand_in: int = DEPUTY,
    starts: date = date(2026, 7, 1),
    ends: date = date(2026, 7, 31),
    number: int = 1,
) -> StandInPeriod:
    return StandInPeriod(number, leader, stand_in, starts, ends)


def test_the_chain_runs_from_the_unit_itself_up_to_the_chief() -> None:
    chain = chain_of_leaders(40, POSTS, [], DAY, EVERYONE)
    assert [link.leader_id for link in chain] == [
        DEPARTMENT_LEADER,
        UNIT_LEADER,
        SECTOR_LEADER,
        CHIEF,
    ]
    assert [link.unit_id for link in chain] == [40, 30, 20, 10]


def test_a_vacant_post_is_a_link_without_a_leader() -> None:
    chain = chain_of_leaders(41, POSTS, [], DAY, EVERYONE)
    assert [link.acting_id for link in chain] == [None, UNIT_LEADER, SECTOR_LEADER, CHIEF]


def test_a_leader_who_left_makes_the_post_vacant() -> None:
    chain = chain_of_leaders(30, POSTS, [period()], DAY, EVERYONE - {UNIT_LEADER})
    assert chain[0].leader_id is None
    assert chain[0].stand_in_id is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 30), UNIT_LEADER),
        (date(2026, 7, 1), DEPUTY),
        (date(2026, 7, 31), DEPUTY),
        (date(2026, 8, 1), UNIT_LEADER),
    ],
)
def test_the_stand_in_acts_from_the_first_day_to_the_last(day: date, expected: int) -> None:
    assert chain_of_leaders(30, POSTS, [period()], day, EVERYONE)[0].acting_id == expected


def test_a_stand_in_who_left_does_not_act() -> None:
    chain = chain_of_leaders(30, POSTS, [period()], DAY, EVERYONE - {DEPUTY})
    assert chain[0].acting_id == UNIT_LEADER


def test_of_overlapping_periods_the_one_registered_last_counts() -> None:
    periods = [period(stand_in=OTHER, number=7), period(stand_in=DEPUTY, number=3)]
    assert stand_in_for(UNIT_LEADER, periods, DAY, EVERYONE) == OTHER


def test_a_loop_of_parents_ends_the_chain() -> None:
    posts = {
        1: Post(1, "A", "/1/", "unit", 2, CHIEF),
        2: Post(2, "B", "/2/", "unit", 1, OTHER),
    }
    assert [link.unit_id for link in chain_of_leaders(1, posts, [], DAY, EVERYONE)] == [1, 2]


@pytest.mark.parametrize(
    ("leader", "stand_in", "starts", "ends", "problem"),
    [
        (3, 5, date(2026, 7, 20), date(2026, 7, 19), StandInProblem.ENDS_BEFORE_START),
        (3, 5, date(2026, 7, 1), date(2026, 7, 9), StandInProblem.IN_THE_PAST),
        (3, 5, date(2026, 7, 10), date(2028, 1, 1), StandInProblem.TOO_LONG),
        (3, 3, date(2026, 7, 10), date(2026, 7, 11), StandInProblem.SAME_PERSON),
        (6, 5, date(2026, 7, 31), date(2026, 8, 2), StandInProblem.OVERLAPS),
        (3, 6, date(2026, 7, 15), date(2026, 7, 16), StandInProblem.STAND_IN_IS_AWAY),
        (6, 5, date(2026, 8, 1), date(2026, 8, 2), None),
        (3, 5, date(2026, 7, 9), date(2026, 7, 10), None),
    ],
)
def test_a_period_is_refused_for_the_right_reason(
    leader: int, stand_in: int, starts: date, ends: date, problem: StandInProblem | None
) -> None:
    registered = [period(leader=OTHER, stand_in=CHIEF)]
    found = problem_with(leader, stand_in, starts, ends, on=DAY, periods=registered)
    assert found == problem
