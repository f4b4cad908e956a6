"""How statutory clocks are counted: law by law, over Easter, Christmas and the change of time."""

from __future__ import annotations

import runpy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.core.clock import OSLO, is_working_day, working_days_between
from intranet.deviations import type_words
from intranet.deviations.clock_rules import DEFAULT_CLOCKS
from intranet.deviations.clocks import (
    ClockRule,
    Limit,
    Signal,
    after_signal,
    due_after,
    has_answers,
    is_late,
    oslo_day,
    plan_signals,
    rules_for,
    signal_to_give,
    start_of,
)
from intranet.deviations.types import TYPES, Kind, Shape

ROOT = Path(__file__).resolve().parents[2]


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


moments = st.datetimes(
    min_value=datetime(2024, 1, 1), max_value=datetime(2032, 12, 1), timezones=st.just(UTC)
)
counted = st.sampled_from([each for each in Limit if each != Limit.AT_ONCE])


@pytest.mark.parametrize(
    ("start", "limit", "amount", "due"),
    [
        # GDPR: 72 hours by the clock, over a weekend, Easter, and both changes of time.
        (oslo(2026, 10, 16, 15, 30), Limit.HOURS, 72, oslo(2026, 10, 19, 15, 30)),
        (oslo(2026, 4, 1, 20, 0), Limit.HOURS, 72, oslo(2026, 4, 4, 20, 0)),
        (oslo(2026, 3, 28, 12, 0), Limit.HOURS, 72, oslo(2026, 3, 31, 13, 0)),
        (oslo(2026, 10, 24, 12, 0), Limit.HOURS, 72, oslo(2026, 10, 27, 11, 0)),
        (oslo(2026, 12, 24, 9, 0), Limit.HOURS, 24, oslo(2026, 12, 25, 9, 0)),
        # Five working days over Easter 2026 (2, 3 and 6 April are days off) and over Christmas.
        (oslo(2026, 3, 30, 9, 0), Limit.WORKING_DAYS, 5, oslo(2026, 4, 9, 23, 59)),
        (oslo(2026, 12, 22, 23, 50), Limit.WORKING_DAYS, 5, oslo(2026, 12, 30, 23, 59)),
        # The stricter reading, in which Saturdays count and holidays on Saturdays do not.
        (oslo(2026, 10, 16, 9, 0), Limit.WEEKDAYS, 5, oslo(2026, 10, 22, 23, 59)),
        (oslo(2026, 12, 23, 9, 0), Limit.WEEKDAYS, 2, oslo(2026, 12, 28, 23, 59)),
        # Days and weeks are calendar days; the first is the day after.
        (oslo(2026, 10, 15, 23, 59), Limit.DAYS, 10, oslo(2026, 10, 25, 23, 59)),
        (oslo(2026, 10, 16, 0, 1), Limit.WEEKS, 1, oslo(2026, 10, 23, 23, 59)),
        # Months end on the last day of a shorter month, over the year and in a leap year.
        (oslo(2026, 11, 30, 10, 0), Limit.MONTHS, 3, oslo(2027, 2, 28, 23, 59)),
        (oslo(2027, 11, 30, 10, 0), Limit.MONTHS, 3, oslo(2028, 2, 29, 23, 59)),
        (oslo(2026, 1, 31, 10, 0), Limit.MONTHS, 1, oslo(2026, 2, 28, 23, 59)),
        (oslo(2026, 12, 15, 10, 0), Limit.MONTHS, 1, oslo(2027, 1, 15, 23, 59)),
        (oslo(2026, 10, 16, 15, 30), Limit.AT_ONCE, 0, oslo(2026, 10, 16, 15, 30)),
        # Shortly after midnight in Norway it is still the day before in UTC.
        (oslo(2026, 10, 16, 0, 30), Limit.DAYS, 1, oslo(2026, 10, 17, 23, 59)),
    ],
)
def test_each_limit_ends_when_the_law_says(
    start: datetime, limit: Limit, amount: int, due: datetime
) -> None:
    assert due_after(start, limit, amount) == due


@given(moments, st.integers(1, 200))
def test_hours_are_real_hours_whatever_the_day(start: datetime, amount: int) -> None:
    assert due_after(start, Limit.HOURS, amount) - start == timedelta(hours=amount)


@given(moments, st.integers(1, 30))
def test_working_days_hold_just_that_many_working_days(start: datetime, amount: int) -> None:
    due = oslo_day(due_after(start, Limit.WORKING_DAYS, amount))
    assert is_working_day(due)
    assert working_days_between(oslo_day(start), due) == amount


@given(moments, st.integers(1, 30))
def test_the_stricter_reading_is_never_later(start: datetime, amount: int) -> None:
    strict = due_after(start, Limit.WEEKDAYS, amount)
    assert strict <= due_after(start, Limit.WORKING_DAYS, amount)
    assert oslo_day(strict).weekday() < 6


@given(moments, st.integers(1, 24))
def test_months_keep_the_day_or_end_with_the_month(start: datetime, amount: int) -> None:
    day, due = oslo_day(start), oslo_day(due_after(start, Limit.MONTHS, amount))
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == amount
    is_last = (due + timedelta(days=1)).month != due.month
    assert due.day == day.day or (is_last and due.day < day.day)


@given(moments, counted, st.integers(1, 40))
def test_more_is_never_earlier_and_nothing_is_due_before_it_starts(
    start: datetime, limit: Limit, amount: int
) -> None:
    due = due_after(start, limit, amount)
    assert start < due <= due_after(start, limit, amount + 1)
    assert not is_late(due, due, limit)
    assert is_late(due + timedelta(minutes=1), due, limit)


@given(moments, st.sampled_from(list(Limit)), st.integers(1, 40))
def test_reminders_come_in_order_before_the_climb_which_comes_after_the_deadline(
    start: datetime, limit: Limit, amount: int
) -> None:
    due = due_after(start, limit, amount)
    plan = plan_signals(start, due, limit)
    assert [each.at for each in plan] == sorted(each.at for each in plan)
    assert plan[-1].signal == Signal.CLIMB
    assert all(each.signal != Signal.CLIMB for each in plan[:-1])
    assert plan[-1].at > due
    assert all(start < each.at <= due for each in plan[:-1])
    if limit not in (Limit.AT_ONCE, Limit.HOURS):
        assert all(is_working_day(oslo_day(each.at)) for each in plan)
        assert {each.at.astimezone(OSLO).hour for each in plan} == {8}


@given(
    moments,
    st.sampled_from(
        [(Limit.HOURS, 72), (Limit.HOURS, 24), (Limit.WORKING_DAYS, 5), (Limit.MONTHS, 3)]
    ),
    st.lists(st.integers(1, 60 * 24 * 10), min_size=1, max_size=40),
)
def test_however_the_job_is_run_nothing_is_doubled_and_climbs_have_time_between(
    start: datetime, rule: tuple[Limit, int], waits: list[int]
) -> None:
    limit, amount = rule
    due = due_after(start, limit, amount)
    plan = plan_signals(start, due, limit)
    index, moment, at = 0, plan[0].at, start
    reminded: list[int] = []
    climbed: list[datetime] = []
    for minutes in waits:
        at += timedelta(minutes=minutes)
        place = signal_to_give(plan, index, moment, at)
        if place is None:
            continue
        if plan[place].signal == Signal.CLIMB:
            assert at > due
            climbed.append(at)
        else:
            reminded.append(place)
        index, moment = after_signal(plan, place, at, limit)
        assert signal_to_give(plan, index, moment, at) is None
    assert reminded == sorted(set(reminded))
    least = timedelta(hours=1) if limit == Limit.HOURS else timedelta(minutes=1)
    assert all(b - a >= least for a, b in zip(climbed, climbed[1:], strict=False))


def test_three_days_down_gives_the_newest_reminder_once_and_then_an_hour_to_act() -> None:
    start = oslo(2026, 10, 16, 12)
    due = due_after(start, Limit.HOURS, 72)
    plan = plan_signals(start, due, Limit.HOURS)
    back = oslo(2026, 10, 19, 11, 55)
    place = signal_to_give(plan, 0, plan[0].at, back)
    assert place is not None
    assert plan[place].signal == Signal.LAST
    index, moment = after_signal(plan, place, back, Limit.HOURS)
    assert (plan[index].signal, moment) == (Signal.CLIMB, back + timedelta(hours=1))


def of(kind: Kind, moment: datetime, **answers: str) -> dict[str, ClockRule]:
    rules = rules_for(DEFAULT_CLOCKS, kind, answers, moment)
    return {f"{rule.key}.{rule.phase}": rule for rule in rules}


def test_a_serious_event_follows_the_law_of_its_day() -> None:
    answers = {"harm": "yes", "unexpected": "yes"}
    old = of(Kind.CARE_EVENT, oslo(2026, 6, 30, 23, 59), **answers)
    assert list(old) == ["care_event.message"]
    assert old["care_event.message"].limit == Limit.AT_ONCE
    assert "helsetilsyn" in old["care_event.message"].recipient
    new = of(Kind.CARE_EVENT, oslo(2026, 7, 1, 0, 0), **answers)
    limits = {name: (rule.limit, rule.amount) for name, rule in new.items()}
    assert limits == {
        "care_event.message": (Limit.WORKING_DAYS, 5),
        "care_event.meeting": (Limit.DAYS, 10),
        "care_event.report": (Limit.MONTHS, 3),
    }
    assert of(Kind.CARE_EVENT, oslo(2026, 7, 1), harm="yes", unexpected="no") == {}


def test_the_report_counts_from_the_message_and_the_meeting_from_the_event() -> None:
    aware, happened, sent = oslo(2026, 9, 10, 9), oslo(2026, 9, 1, 9), oslo(2026, 9, 14, 12)
    assert start_of("", aware, happened, {}) == aware
    assert start_of("event", aware, happened, {}) == happened
    assert start_of("message", aware, happened, {}) == aware
    assert start_of("message", aware, happened, {"message": sent}) == sent


def test_a_high_risk_breach_starts_two_clocks_and_an_ordinary_case_none() -> None:
    moment = oslo(2026, 10, 13)
    assert list(of(Kind.DATA_BREACH, moment)) == ["data_breach.authority"]
    assert list(of(Kind.DATA_BREACH, moment, risk="high")) == [
        "data_breach.authority",
        "data_breach.persons",
    ]
    assert of(Kind.ORDINARY, moment) == {}


def test_the_digital_clocks_rest_until_the_administrator_says_that_we_are_covered() -> None:
    assert of(Kind.DIGITAL, oslo(2026, 10, 13), covered="yes") == {}
    rules = [rule for rule in DEFAULT_CLOCKS if rule.key == "digital"]
    assert [(rule.limit, rule.amount) for rule in rules] == [
        (Limit.HOURS, 24),
        (Limit.HOURS, 72),
        (Limit.MONTHS, 1),
    ]


def test_every_rule_asks_for_what_its_type_asks_and_has_words() -> None:
    for rule in DEFAULT_CLOCKS:
        asked = {question.key: question for question in TYPES[Kind(rule.kind)].questions}
        for part in filter(None, rule.question.split("+")):
            key, _equals, value = part.partition("=")
            assert key in asked, rule
            assert not value or value in asked[key].choices
        assert f"{rule.key}.{rule.phase}" in type_words.CLOCKS
        assert rule.recipient
        assert rule.law
    for kind, rule_of_kind in TYPES.items():
        assert kind in type_words.KINDS
        for question in rule_of_kind.questions:
            assert f"{kind}.{question.key}" in type_words.QUESTIONS
            assert (question.shape == Shape.CHOICE) == bool(question.choices)
            assert all(choice in type_words.CHOICES for choice in question.choices)


def test_no_two_rules_of_a_phase_hold_on_the_same_day() -> None:
    for first in DEFAULT_CLOCKS:
        for second in DEFAULT_CLOCKS:
            if first is second or (first.key, first.phase) != (second.key, second.phase):
                continue
            assert (first.valid_to or date.max) < second.valid_from or (
                second.valid_to or date.max
            ) < first.valid_from


@pytest.mark.parametrize(
    ("wanted", "answers", "holds"),
    [
        ("", {}, True),
        ("a", {"a": "yes"}, True),
        ("a", {"a": "no"}, False),
        ("a+b", {"a": "yes"}, False),
        ("a+b", {"a": "yes", "b": "yes"}, True),
        ("risk=high", {"risk": "high"}, True),
        ("risk=high", {"risk": "yes"}, False),
    ],
)
def test_answers_start_a_clock(wanted: str, answers: dict[str, str], holds: bool) -> None:
    assert has_answers(wanted, answers) is holds


def test_a_new_installation_gets_the_rules_that_the_product_knows() -> None:
    """The migration's rows are these very rules; what came later has a migration of its own."""
    first = [rule for rule in DEFAULT_CLOCKS if rule.key != "harassment"]
    (path,) = (ROOT / "migrations" / "versions").glob("*_statutory_clocks.py")
    rows = runpy.run_path(str(path))["CLOCKS"]
    ours = [
        (
            rule.key, rule.phase, rule.kind, rule.law, str(rule.limit), rule.amount, rule.question,
            rule.counts_from, rule.recipient, rule.is_own, rule.valid_from.isoformat(),
            rule.valid_to.isoformat() if rule.valid_to else None, rule.is_active, place,
        )
        for place, rule in enumerate(first)
    ]  # fmt: skip
    assert list(rows) == ours
