"""The statutory clocks as data, and how they are counted; tells nobody and reads no clock.

What is counted, and why:

- Hours run by the clock, weekends and holidays included (GDPR art. 33 and digitalsikkerhets-
  forskriften § 17 name hours). Regulation 1182/71 art. 3 moves only periods that are *not* in hours
  to the next working day, and its two-working-days rule would only lengthen ours: we count from the
  minute, which is never too late.
- Days and weeks are calendar days: the first is the day after the start, and the limit is the end
  of the last, Norwegian time. Nothing is moved past a weekend: no rule says so for these.
- "Virkedager" (helse- og omsorgstjenesteloven § 12-3 a) are counted Monday to Friday without
  holidays. The act defines nothing; ferieloven § 5 counts Saturdays. A municipality that wants the
  stricter reading chooses WEEKDAYS for the rule.
- Months end on the same day of the month, or on its last day when it is shorter.
- A phase that the law counts from the event itself (the meeting of pasient- og
  brukerrettighetsloven § 3-2) starts then, also when nobody knew of it until later.
- A phase that the law counts from the sending of the first message (`counts_from`) is shown from
  awareness until then, the earliest that it can be, and counted anew when the message is sent.
- The rule is the one in force at the moment of awareness: then the duty arises.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from intranet.core.clock import (
    OSLO,
    add_working_days,
    end_of_day,
    is_public_holiday,
    is_working_day,
    oslo_moment,
)

MORNING = time(8)
# In `counts_from`: not an earlier phase, but the moment when it happened.
EVENT = "event"
# What the law calls "at once" is judged by the hour: somebody has to find the telephone first.
AT_ONCE_ROOM = timedelta(hours=1)
SUNDAY = 6
LONG = timedelta(days=10)
EARLY = timedelta(days=7)


class Limit(StrEnum):
    """How a limit is counted."""

    AT_ONCE = "at_once"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    WEEKDAYS = "weekdays"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class ClockState(StrEnum):
    """Where a clock is. A missed one may still be done, too late; then it has a moment."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class ClockRule:
    """One phase of one clock in the time when it is law.

    `kind` and `question`: the type of deviation that starts it, and the answers that must be there
    ("a+b": both; "risk=high": that choice; empty: always). `is_own`: the law says "as soon as
    possible" and the number is the municipality's own.
    """

    key: str
    phase: str
    kind: str
    law: str
    limit: Limit
    amount: int = 0
    question: str = ""
    counts_from: str = ""
    recipient: str = ""
    is_own: bool = False
    valid_from: date = date(1900, 1, 1)
    valid_to: date | None = None
    is_active: bool = True

    def holds_at(self, moment: datetime) -> bool:
        """Whether this is the law on the Norwegian day of the moment."""
        day = oslo_day(moment)
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Signal(StrEnum):
    """What a clock does next."""

    BEFORE = "before"
    LAST = "last"
    CLIMB = "climb"


@dataclass(frozen=True)
class Planned:
    """One signal and its moment."""

    signal: Signal
    at: datetime


def oslo_day(moment: datetime) -> date:
    """Return the Norwegian calendar day of a moment."""
    return moment.astimezone(OSLO).date()


def due_after(start: datetime, limit: Limit, amount: int) -> datetime:
    """Return the last moment at which what the clock asks for is in time."""
    day = oslo_day(start)
    if limit == Limit.AT_ONCE:
        return start
    if limit == Limit.HOURS:
        return start + timedelta(hours=amount)
    if limit == Limit.WORKING_DAYS:
        return end_of_day(add_working_days(day, max(amount, 1)))
    if limit == Limit.WEEKDAYS:
        return end_of_day(_add_weekdays(day, max(amount, 1)))
    if limit == Limit.MONTHS:
        return end_of_day(_add_months(day, amount))
    return end_of_day(day + timedelta(days=amount * (7 if limit == Limit.WEEKS else 1)))


def missed_after(due_at: datetime, limit: Limit) -> datetime:
    """Return the moment from which it is too late."""
    if limit == Limit.AT_ONCE:
        return due_at + AT_ONCE_ROOM
    # The deadline is shown to the minute; the whole of that minute is in time.
    return due_at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def is_late(moment: datetime, due_at: datetime, limit: Limit) -> bool:
    """Whether something done at the moment was done too late."""
    return moment >= missed_after(due_at, limit)


def plan_signals(start: datetime, due_at: datetime, limit: Limit) -> tuple[Planned, ...]:
    """Return the reminders that still lie after the start, and the first climb.

    Clocks of hours and "at once" ring day and night. The others ring at eight in the morning of a
    working day; a limit on a day off reminds on the working day before it.
    """
    if limit == Limit.AT_ONCE:
        return (Planned(Signal.CLIMB, missed_after(due_at, limit)),)
    if limit == Limit.HOURS:
        reminders = [
            Planned(Signal.BEFORE, due_at - (due_at - start) / 3),
            Planned(Signal.LAST, due_at - min(timedelta(hours=2), (due_at - start) / 6)),
        ]
        climb = missed_after(due_at, limit)
    else:
        last = oslo_day(due_at)
        while not is_working_day(last):
            last -= timedelta(days=1)
        before = _working_day_before(last)
        reminders = [
            Planned(Signal.BEFORE, oslo_moment(before, MORNING)),
            Planned(Signal.LAST, oslo_moment(last, MORNING)),
        ]
        if due_at - start > LONG:
            early = Planned(Signal.BEFORE, _early_moment(due_at))
            reminders.insert(0, early)
        climb = oslo_moment(add_working_days(oslo_day(due_at), 1), MORNING)
    return (
        *(each for each in reminders if start < each.at < climb),
        Planned(Signal.CLIMB, climb),
    )


def signal_to_give(plan: Sequence[Planned], index: int, due: datetime, at: datetime) -> int | None:
    """Return the place in the plan of what is to be given now; None when nothing is due.

    After a standstill only the newest of the reminders that were missed is given, and the climbs
    that come after it each get their own turn. `due` is the moment that the row remembers.
    """
    if due > at:
        return None
    place = min(index, len(plan) - 1)
    while place + 1 < len(plan) - 1 and plan[place + 1].at <= at:
        place += 1
    return place


def after_signal(
    plan: Sequence[Planned], place: int, at: datetime, limit: Limit
) -> tuple[int, datetime]:
    """Return the place and moment of the next signal when the one at `place` is given at `at`.

    Between a late reminder and a climb, and between two climbs, there is time to act: an hour for
    clocks of hours, a working morning for the others.
    """
    room = _room_after(at, limit)
    if plan[place].signal == Signal.CLIMB:
        return place, room
    following = plan[place + 1]
    was_late = at > plan[place].at + timedelta(minutes=30)
    is_climb = following.signal == Signal.CLIMB
    return place + 1, max(following.at, room) if was_late and is_climb else following.at


def rules_for(
    rules: Iterable[ClockRule], kind: str, answers: Mapping[str, str], moment: datetime
) -> list[ClockRule]:
    """Return the rules that this kind with these answers starts, by the law of the moment."""
    return [
        rule
        for rule in rules
        if rule.kind == kind
        and rule.is_active
        and rule.holds_at(moment)
        and has_answers(rule.question, answers)
    ]


def has_answers(wanted: str, answers: Mapping[str, str]) -> bool:
    """Whether "a+b" are both answered yes, or "risk=high" is what was chosen."""
    for part in filter(None, wanted.split("+")):
        key, _equals, value = part.partition("=")
        if answers.get(key) != (value or "yes"):
            return False
    return True


def start_of(
    counts_from: str, aware_at: datetime, happened_at: datetime, sent: Mapping[str, datetime]
) -> datetime:
    """Return from when a clock counts: awareness, the event, or the sending of another phase."""
    if counts_from == EVENT:
        return min(happened_at, aware_at)
    return max(aware_at, sent[counts_from]) if counts_from in sent else aware_at


def _add_weekdays(day: date, count: int) -> date:
    """Count Monday to Saturday without holidays (ferieloven § 5)."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SUNDAY and not is_public_holiday(day):
            count -= 1
    return day


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _early_moment(due_at: datetime) -> datetime:
    return oslo_moment(_working_day_before(oslo_day(due_at - EARLY) + timedelta(days=1)), MORNING)


def _room_after(at: datetime, limit: Limit) -> datetime:
    if limit in (Limit.AT_ONCE, Limit.HOURS):
        return at + AT_ONCE_ROOM
    return oslo_moment(add_working_days(oslo_day(at), 1), MORNING)
