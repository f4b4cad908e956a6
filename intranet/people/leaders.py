"""Who answers for a unit on a day: leader, stand-in, vacant post. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_DAYS = 366


@dataclass(frozen=True)
class LeaderLink:
    """One step of the chain of leaders above a unit. Absent: the leader has a stand-in today."""

    unit_id: int
    unit_name: str
    path: str
    level: str
    leader_id: int | None
    stand_in_id: int | None

    @property
    def acting_id(self) -> int | None:
        """Who does the leader's tasks today; None when the post is vacant."""
        return self.stand_in_id or self.leader_id


@dataclass(frozen=True)
class Post:
    """A unit with the leader that the directory names, or None."""

    unit_id: int
    unit_name: str
    path: str
    level: str
    parent_id: int | None
    leader_id: int | None


@dataclass(frozen=True)
class StandInPeriod:
    """That one person does another's tasks from a day to a day, both included."""

    id: int
    leader_id: int
    stand_in_id: int
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether the day lies within the period."""
        return self.starts_on <= day <= self.ends_on

    def meets(self, starts_on: date, ends_on: date) -> bool:
        """Whether the two periods share a day."""
        return self.starts_on <= ends_on and starts_on <= self.ends_on


def stand_in_for(
    leader_id: int, periods: Iterable[StandInPeriod], on: date, active: Collection[int]
) -> int | None:
    """Return who stands in for the leader on the day, or None.

    Only an active person counts; of overlapping periods the one registered last. A stand-in's own
    stand-in is not followed: the form refuses a stand-in who is away at the same time.
    """
    found = [
        period
        for period in periods
        if period.leader_id == leader_id
        and period.covers(on)
        and period.stand_in_id in active
        and period.stand_in_id != leader_id
    ]
    return max(found, key=lambda period: period.id).stand_in_id if found else None


def chain_of_leaders(
    unit_id: int,
    posts: Mapping[int, Post],
    periods: Iterable[StandInPeriod],
    on: date,
    active: Collection[int],
) -> list[LeaderLink]:
    """Return the chain from the unit itself up to the municipality.

    A leader who left or is blocked makes the post vacant. A loop of parents ends the chain.
    """
    periods = tuple(periods)
    chain: list[LeaderLink] = []
    seen: set[int] = set()
    step: int | None = unit_id
    while step is not None and step in posts and step not in seen:
        seen.add(step)
        post = posts[step]
        leader = post.leader_id if post.leader_id in active else None
        stand_in = None if leader is None else stand_in_for(leader, periods, on, active)
        chain.append(
            LeaderLink(post.unit_id, post.unit_name, post.path, post.level, leader, stand_in)
        )
        step = post.parent_id
    return chain


class StandInProblem(StrEnum):
    """Why a stand-in cannot be set like this."""

    ENDS_BEFORE_START = "ends_before_start"
    IN_THE_PAST = "in_the_past"
    TOO_LONG = "too_long"
    SAME_PERSON = "same_person"
    OVERLAPS = "overlaps"
    STAND_IN_IS_AWAY = "stand_in_is_away"


def problem_with(
    leader_id: int,
    stand_in_id: int,
    starts_on: date,
    ends_on: date,
    *,
    on: date,
    periods: Iterable[StandInPeriod],
) -> StandInProblem | None:
    """Return why the period is refused on the day `on`, or None when it is fine.

    `periods` are those registered and not ended. A period may begin in the past (somebody fell
    ill yesterday) but not end there.
    """
    if ends_on < starts_on:
        return StandInProblem.ENDS_BEFORE_START
    if ends_on < on:
        return StandInProblem.IN_THE_PAST
    if ends_on - starts_on > timedelta(days=MOST_DAYS):
        return StandInProblem.TOO_LONG
    if leader_id == stand_in_id:
        return StandInProblem.SAME_PERSON
    for period in periods:
        if not period.meets(starts_on, ends_on):
            continue
        if period.leader_id == leader_id:
            return StandInProblem.OVERLAPS
        if period.leader_id == stand_in_id:
            return StandInProblem.STAND_IN_IS_AWAY
    return None
