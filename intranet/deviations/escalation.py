"""When a deviation must be handled, and what happens when it is not; tells nobody and reads no
clock.

Deadlines count Norwegian working days (core/clock.py). Everything happens at eight in the morning,
Norwegian time, of a working day: a reminder the working day before the deadline, one on its day,
and from the first working day after it the case climbs one level per step, leader, kommunalsjef,
chief executive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from intranet.core.clock import OSLO, add_working_days, is_working_day, oslo_moment
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import DeviationState

MORNING = time(8)


class DeadlineKind(StrEnum):
    """What must be done by the deadline that is running."""

    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    CLOSE = "close"
    EVALUATE = "evaluate"


class Signal(StrEnum):
    """What the clock does next."""

    REMIND_BEFORE = "remind_before"
    REMIND_AT = "remind_at"
    CLIMB = "climb"


@dataclass(frozen=True)
class Days:
    """Working days that a severity gives: to acknowledge, to decide, to close, and between two
    climbs.
    """

    acknowledge: int
    decide: int
    close: int
    climb: int


DEFAULT_DAYS: Mapping[Severity, Days] = {
    Severity.LOW: Days(acknowledge=5, decide=20, close=10, climb=5),
    Severity.MEDIUM: Days(acknowledge=3, decide=15, close=10, climb=3),
    Severity.HIGH: Days(acknowledge=1, decide=7, close=5, climb=1),
    Severity.CRITICAL: Days(acknowledge=1, decide=3, close=3, climb=1),
}


@dataclass(frozen=True)
class Clock:
    """What a row remembers: the deadline, and the next signal with its moment (None: nothing more
    comes).
    """

    due_on: date
    signal: Signal | None
    signal_at: datetime | None


def oslo_day(moment: datetime) -> date:
    """The Norwegian calendar day of a moment."""
    return moment.astimezone(OSLO).date()


def find_deadline(
    state: DeviationState,
    days: Days,
    *,
    running_since: datetime,
    at: datetime,
    has_open_actions: bool = False,
    evaluate_on: date | None = None,
    is_evaluated: bool = False,
) -> tuple[DeadlineKind, date] | None:
    """The deadline that runs in this state, None when none does.

    Acknowledging and deciding count from `running_since` (reported, or reopened). While actions are
    open they have deadlines of their own; when the last is settled, or the effect is evaluated,
    closing counts from `at`.
    """
    if state == DeviationState.REPORTED:
        return DeadlineKind.ACKNOWLEDGE, _days_after(running_since, days.acknowledge)
    if state in (DeviationState.ACKNOWLEDGED, DeviationState.IN_PROGRESS):
        return DeadlineKind.DECIDE, _days_after(running_since, days.decide)
    if state == DeviationState.ACTIONS_UNDER_WAY:
        return None if has_open_actions else (DeadlineKind.CLOSE, _days_after(at, days.close))
    if state == DeviationState.AWAITING_EVALUATION:
        if not is_evaluated and evaluate_on is not None:
            return DeadlineKind.EVALUATE, evaluate_on
        return DeadlineKind.CLOSE, _days_after(at, days.close)
    return None


def start_clock(due_on: date, at: datetime) -> Clock:
    """The clock of a new deadline: the first signal that is still ahead at the moment `at`."""
    for signal in (Signal.REMIND_BEFORE, Signal.REMIND_AT):
        moment = _moment_of(signal, due_on)
        if moment > at:
            return Clock(due_on, signal, moment)
    return Clock(due_on, Signal.CLIMB, _moment_of(Signal.CLIMB, due_on))


def signal_to_give(clock: Clock, at: datetime) -> Signal | None:
    """What is to be done now, None when nothing is due.

    After a standstill no step is skipped and none is doubled: the reminder that counts is given
    once (one about tomorrow is worthless when the day has come), and each level gets its own turn.
    """
    if clock.signal is None or clock.signal_at is None or clock.signal_at > at:
        return None
    if clock.signal == Signal.REMIND_BEFORE and _moment_of(Signal.REMIND_AT, clock.due_on) <= at:
        return Signal.REMIND_AT
    return clock.signal


def clock_after(clock: Clock, given: Signal, at: datetime, *, climb_days: int) -> Clock:
    """The clock when the signal has been given at `at`.

    The next level gets `climb_days` full working days from when the case really reached the level
    below, so that a standstill does not throw a case from the leader to the chief executive in one
    night.
    """
    if given == Signal.REMIND_BEFORE:
        return Clock(clock.due_on, Signal.REMIND_AT, _moment_of(Signal.REMIND_AT, clock.due_on))
    if given == Signal.REMIND_AT:
        planned = _moment_of(Signal.CLIMB, clock.due_on)
        # A reminder that came late is still a chance to act before the next level is told.
        late = oslo_moment(add_working_days(oslo_day(at), 1), MORNING)
        return Clock(clock.due_on, Signal.CLIMB, max(planned, late))
    next_day = add_working_days(oslo_day(at), max(climb_days, 1))
    return Clock(clock.due_on, Signal.CLIMB, oslo_moment(next_day, MORNING))


def stop_clock(clock: Clock) -> Clock:
    """The clock when nobody is left to climb to; the deadline stays, so that the case shows as
    overdue.
    """
    return Clock(clock.due_on, None, None)


def _days_after(moment: datetime, count: int) -> date:
    return add_working_days(oslo_day(moment), count)


def _moment_of(signal: Signal, due_on: date) -> datetime:
    """When the signal falls for a deadline. A deadline on a day off reminds on the working day
    before it.
    """
    if signal == Signal.CLIMB:
        return oslo_moment(add_working_days(due_on, 1), MORNING)
    day = due_on
    while not is_working_day(day):
        day -= timedelta(days=1)
    if signal == Signal.REMIND_BEFORE:
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return oslo_moment(day, MORNING)
