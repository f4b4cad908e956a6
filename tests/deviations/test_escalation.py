"""Deadlines, reminders and climbs over Easter, Christmas, the change of clocks and a standstill
(CF-12).
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from intranet.core.clock import OSLO, is_working_day
from intranet.deviations.escalation import (
    DEFAULT_DAYS,
    Clock,
    Days,
    DeadlineKind,
    Signal,
    clock_after,
    find_deadline,
    oslo_day,
    signal_to_give,
    start_clock,
    stop_clock,
)
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import DeviationState

DAYS = Days(acknowledge=3, decide=15, close=10, climb=3)


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("reported", "due_on"),
    [
        # Monday to Thursday, over a week-end, reported on a Saturday.
        (oslo(2026, 10, 12, 9), date(2026, 10, 15)),
        (oslo(2026, 10, 15, 9), date(2026, 10, 20)),
        (oslo(2026, 10, 17, 9), date(2026, 10, 21)),
        # Easter 2026: Thursday 2, Friday 3 and Monday 6 April are days off.
        (oslo(2026, 4, 1, 9), date(2026, 4, 9)),
        # Christmas 2026: Friday 25 is off, 26 a Saturday; 24 counts.
        (oslo(2026, 12, 23, 9), date(2026, 12, 29)),
        # New Year; Ascension Day and Whitsun with 17 May on a Sunday.
        (oslo(2026, 12, 30, 9), date(2027, 1, 5)),
        (oslo(2026, 5, 13, 9), date(2026, 5, 19)),
        (oslo(2026, 5, 22, 9), date(2026, 5, 28)),
        # Leap day.
        (oslo(2028, 2, 28, 9), date(2028, 3, 2)),
        # Half past midnight in Norway is still yesterday in UTC.
        (oslo(2026, 10, 13, 0, 30), date(2026, 10, 16)),
        # The nights when the clocks change; the second is Easter Day.
        (oslo(2026, 10, 25, 2, 30), date(2026, 10, 28)),
        (oslo(2027, 3, 28, 3, 30), date(2027, 4, 1)),
    ],
)
def test_the_deadline_counts_norwegian_working_days(reported: datetime, due_on: date) -> None:
    found = find_deadline(DeviationState.REPORTED, DAYS, running_since=reported, at=reported)
    assert found == (DeadlineKind.ACKNOWLEDGE, due_on)


AT = oslo(2026, 10, 12, 9)


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        ("reported", {}, (DeadlineKind.ACKNOWLEDGE, date(2026, 10, 15))),
        ("acknowledged", {}, (DeadlineKind.DECIDE, date(2026, 11, 2))),
        ("in_progress", {}, (DeadlineKind.DECIDE, date(2026, 11, 2))),
        ("actions_under_way", {"has_open_actions": True}, None),
        ("actions_under_way", {}, (DeadlineKind.CLOSE, date(2026, 10, 26))),
        (
            "awaiting_evaluation",
            {"evaluate_on": date(2026, 12, 1)},
            (DeadlineKind.EVALUATE, date(2026, 12, 1)),
        ),
        (
            "awaiting_evaluation",
            {"evaluate_on": date(2026, 10, 1), "is_evaluated": True},
            (DeadlineKind.CLOSE, date(2026, 10, 26)),
        ),
        ("closed", {}, None),
        ("rejected", {}, None),
        ("withdrawn", {}, None),
    ],
)
def test_each_state_has_its_own_deadline(
    state: str, facts: dict[str, object], expected: tuple[DeadlineKind, date] | None
) -> None:
    found = find_deadline(
        DeviationState(state),
        DAYS,
        running_since=AT,
        at=AT,
        **facts,  # type: ignore[arg-type]
    )
    assert found == expected


def run_through(
    clock: Clock, ticks: list[datetime], *, climb_days: int = 3, levels: int = 2
) -> list[tuple[date, Signal]]:
    """What a job does that wakes at `ticks`: the day and the signal of each thing done."""
    done: list[tuple[date, Signal]] = []
    for at in ticks:
        signal = signal_to_give(clock, at)
        if signal is None:
            continue
        done.append((oslo_day(at), signal))
        clock = clock_after(clock, signal, at, climb_days=climb_days)
        if [given for _, given in done].count(Signal.CLIMB) == levels:
            clock = stop_clock(clock)
    return done


def every_five_minutes(first: datetime, last: datetime) -> list[datetime]:
    count = int((last - first) / timedelta(minutes=5))
    return [first + n * timedelta(minutes=5) for n in range(count + 1)]


def test_the_handler_is_reminded_before_and_at_and_then_it_climbs_level_by_level() -> None:
    reported = oslo(2026, 10, 12, 9)
    clock = start_clock(date(2026, 10, 15), reported)
    done = run_through(clock, every_five_minutes(reported, oslo(2026, 11, 20, 12)))
    assert done == [
        (date(2026, 10, 14), Signal.REMIND_BEFORE),
        (date(2026, 10, 15), Signal.REMIND_AT),
        (date(2026, 10, 16), Signal.CLIMB),
        (date(2026, 10, 21), Signal.CLIMB),
    ]


def test_over_easter_nothing_is_sent_on_a_day_off() -> None:
    reported = oslo(2026, 3, 30, 9)
    clock = start_clock(date(2026, 4, 7), reported)
    done = run_through(clock, every_five_minutes(reported, oslo(2026, 4, 30, 12)))
    assert done == [
        (date(2026, 4, 1), Signal.REMIND_BEFORE),
        (date(2026, 4, 7), Signal.REMIND_AT),
        (date(2026, 4, 8), Signal.CLIMB),
        (date(2026, 4, 13), Signal.CLIMB),
    ]


@pytest.mark.parametrize(
    ("reported", "due_on"),
    [
        (oslo(2026, 10, 23, 9), date(2026, 10, 26)),
        (oslo(2027, 3, 19, 9), date(2027, 3, 30)),
        (oslo(2026, 12, 22, 9), date(2026, 12, 28)),
        (oslo(2028, 2, 25, 9), date(2028, 3, 1)),
    ],
)
def test_each_signal_comes_once_at_eight_in_the_morning_of_a_working_day(
    reported: datetime, due_on: date
) -> None:
    """CF-12: over the change of clocks on 25 October 2026 and 28 March 2027, New Year and 29
    February.
    """
    clock = start_clock(due_on, reported)
    ticks = every_five_minutes(reported, reported + timedelta(days=40))
    signals = []
    for at in ticks:
        signal = signal_to_give(clock, at)
        if signal is None:
            continue
        local = at.astimezone(OSLO)
        assert (local.hour, local.minute) == (8, 0)
        assert is_working_day(local.date())
        signals.append(signal)
        clock = clock_after(clock, signal, at, climb_days=1)
        if len(signals) >= 4:
            break
    assert signals[-2:] == [Signal.CLIMB, Signal.CLIMB]
    assert len([s for s in signals if s != Signal.CLIMB]) == len(set(signals)) - 1


def test_after_three_days_down_nothing_is_skipped_and_nothing_is_doubled() -> None:
    clock = start_clock(date(2026, 10, 15), oslo(2026, 10, 12, 9))
    # Down from Tuesday evening; back on Friday at noon, when all three moments have passed.
    back = oslo(2026, 10, 16, 12)
    done = run_through(clock, every_five_minutes(back, oslo(2026, 11, 20, 12)))
    assert done == [
        (date(2026, 10, 16), Signal.REMIND_AT),
        (date(2026, 10, 19), Signal.CLIMB),
        (date(2026, 10, 22), Signal.CLIMB),
    ]


def test_after_a_month_down_each_level_still_gets_its_own_turn() -> None:
    clock = Clock(date(2026, 10, 15), Signal.CLIMB, oslo(2026, 10, 16, 8))
    back = oslo(2026, 11, 16, 12)
    done = run_through(clock, every_five_minutes(back, oslo(2026, 12, 10, 12)))
    assert done == [(date(2026, 11, 16), Signal.CLIMB), (date(2026, 11, 19), Signal.CLIMB)]


def test_a_clock_asked_again_at_the_same_moment_gives_nothing_more() -> None:
    clock = start_clock(date(2026, 10, 15), oslo(2026, 10, 12, 9))
    at = oslo(2026, 10, 14, 8)
    after = clock_after(clock, Signal.REMIND_BEFORE, at, climb_days=3)
    assert signal_to_give(clock, at) == Signal.REMIND_BEFORE
    assert signal_to_give(after, at) is None


def test_a_deadline_that_is_already_past_goes_straight_to_climbing_the_next_working_day() -> None:
    clock = start_clock(date(2026, 10, 9), oslo(2026, 10, 12, 9))
    assert (clock.signal, clock.signal_at) == (Signal.CLIMB, oslo(2026, 10, 12, 8))


def test_a_stopped_clock_keeps_the_deadline_and_gives_no_signal() -> None:
    clock = stop_clock(Clock(date(2026, 10, 15), Signal.CLIMB, oslo(2026, 10, 16, 8)))
    assert clock.due_on == date(2026, 10, 15)
    assert signal_to_give(clock, oslo(2027, 1, 1, 8)) is None


def test_the_graver_it_is_the_shorter_every_deadline_is() -> None:
    for lower, higher in zip(list(Severity)[:-1], list(Severity)[1:], strict=True):
        low, high = DEFAULT_DAYS[lower], DEFAULT_DAYS[higher]
        assert high.acknowledge <= low.acknowledge
        assert high.decide < low.decide
        assert high.close <= low.close
        assert high.climb <= low.climb
