"""The day of evaluating a written plan is not forgotten: notices, tasks, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import OSLO, stopped_at
from intranet.core.transaction import transaction
from intranet.deviations import jobs
from intranet.deviations.actions import ending, types
from intranet.deviations.actions.plans import save_plan
from intranet.deviations.models import DeviationEntry
from intranet.deviations.queries.tasks import list_tasks_for
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import do
from tests.deviations.test_escalation_job import MONDAY, oslo
from tests.deviations.test_plans import begun, content, settle_all

LogIn = Callable[[int], Browser]
TITLE = "Evaluer den skriftlige planen"


def made(people: cast.Cast, evaluate_on: date) -> int:
    """A case of Rita's with a plan that was made on Monday 12 October."""
    with stopped_at(MONDAY):
        number = begun(people)
        do(people.rita, number, types.save_answers, {"staff": "no"})
        do(people.rita, number, save_plan, content(evaluate_on=evaluate_on), based_on=0)
        settle_all(people, number)
    return number


def run_daily(first: date, last: date) -> None:
    """Let the clock run thrice on each of the days."""
    day = first
    while day <= last:
        for hour in (7, 8, 12):
            with stopped_at(oslo(day.year, day.month, day.day, hour)):
                jobs.escalate_due()
        day += timedelta(days=1)


def reminders() -> list[tuple[date, str]]:
    """Each reminder in the story: its day, and the day that it names."""
    db.session.rollback()
    rows = db.session.execute(
        select(DeviationEntry.at, DeviationEntry.params)
        .where(DeviationEntry.code == "plan_reminded", DeviationEntry.author_id.is_(None))
        .order_by(DeviationEntry.id)
    )
    return [(at.astimezone(OSLO).date(), params["day"]) for at, params in rows]


def told() -> list[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Notice.recipient_id, Notice.title)
        .where(Notice.event == "deviation.plan_reminded")
        .order_by(Notice.id)
    )
    return [(person, title.split(" ", 1)[1].partition("0001 ")[2]) for person, title in rows]


def tasks(person: int) -> list[tuple[str, date | None, str]]:
    found = [task for task in list_tasks_for(cast.viewer(person)) if task.title.startswith(TITLE)]
    return [(task.url, task.due_on, task.note) for task in found]


def test_the_handler_is_reminded_before_on_and_after_the_day_on_working_days(
    context: Flask, people: cast.Cast
) -> None:
    """The day is a Sunday; afterwards every fifth working day, and never twice."""
    made(people, date(2026, 10, 18))
    run_daily(date(2026, 10, 12), date(2026, 11, 2))
    days = [date(2026, 10, 15), date(2026, 10, 16), date(2026, 10, 19), date(2026, 10, 26)]
    assert reminders() == [(day, "18.10.2026") for day in [*days, date(2026, 11, 2)]]
    assert [words for person, words in told() if person == people.rita] == [
        "skal snart evalueres",
        "skal evalueres nå",
        *["skulle vært evaluert"] * 3,
    ]


def test_a_standstill_gives_one_reminder_and_running_again_none(
    context: Flask, people: cast.Cast
) -> None:
    """EM-09: down from before the first reminder until the day after."""
    made(people, date(2026, 10, 22))
    run_daily(date(2026, 10, 23), date(2026, 10, 23))
    run_daily(date(2026, 10, 23), date(2026, 10, 23))
    assert reminders() == [(date(2026, 10, 23), "22.10.2026")]
    run_daily(date(2026, 10, 24), date(2026, 10, 26))
    assert [day for day, _named in reminders()] == [date(2026, 10, 23), date(2026, 10, 26)]


def test_no_reminder_comes_on_a_day_off_over_christmas(context: Flask, people: cast.Cast) -> None:
    """CF-12."""
    made(people, date(2026, 12, 25))
    run_daily(date(2026, 12, 20), date(2026, 12, 29))
    assert [day for day, _named in reminders()] == [
        date(2026, 12, 23),
        date(2026, 12, 24),
        date(2026, 12, 28),
    ]


def test_a_new_version_moves_the_day_and_a_closed_case_needs_none(
    context: Flask, people: cast.Cast
) -> None:
    number = made(people, date(2026, 10, 22))
    run_daily(date(2026, 10, 21), date(2026, 10, 22))
    with stopped_at(oslo(2026, 10, 22, 13)):
        again = content(evaluate_on=date(2026, 10, 29), change_note="Evaluert. Vi fortsetter.")
        do(people.rita, number, save_plan, again, based_on=1)
    run_daily(date(2026, 10, 23), date(2026, 10, 28))
    assert reminders() == [
        (date(2026, 10, 21), "22.10.2026"),
        (date(2026, 10, 22), "22.10.2026"),
        (date(2026, 10, 28), "29.10.2026"),
    ]
    assert [day for _url, day, _note in tasks(people.rita)] == [date(2026, 10, 29)]
    with stopped_at(oslo(2026, 10, 28, 13)):
        do(people.rita, number, ending.close_deviation, "Eleven har fått venner.")
    run_daily(date(2026, 10, 29), date(2026, 11, 6))
    assert len(reminders()) == 3
    assert tasks(people.rita) == []
    with stopped_at(oslo(2026, 11, 6, 13)):
        do(people.rita, number, ending.reopen_deviation, "Det begynte igjen.")
    # Not on Saturday, although it was due long ago.
    run_daily(date(2026, 11, 7), date(2026, 11, 9))
    assert reminders()[3:] == [(date(2026, 11, 9), "29.10.2026")]


@pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.VIOLENCE])
def test_a_kind_without_a_plan_waits_for_none(
    context: Flask, people: cast.Cast, kind: Kind
) -> None:
    number = made(people, date(2026, 10, 22))
    with stopped_at(MONDAY):
        do(people.rita, number, types.choose_kind, kind)
    run_daily(date(2026, 10, 20), date(2026, 10, 30))
    assert reminders() == []
    assert tasks(people.rita) == []


def test_task_and_notice_are_the_handlers_and_the_stand_ins(
    context: Flask, people: cast.Cast
) -> None:
    """Those who may not open the plan are not told that it waits."""
    number = made(people, date(2026, 10, 22))
    with transaction():
        cast.away(people.rita, people.siri, date(2026, 10, 21), date(2026, 10, 22))
    run_daily(date(2026, 10, 21), date(2026, 10, 21))
    assert {person for person, _words in told()} == {people.siri}
    expected = (f"/avvik/{number}#plan", date(2026, 10, 22), "Lag en ny versjon, eller lukk saken")
    with stopped_at(datetime(2026, 10, 21, 12, tzinfo=OSLO)):
        assert tasks(people.rita) == tasks(people.siri) == [expected]
        for other in (people.tor, people.kaja, people.ragnhild, people.mona):
            assert tasks(other) == []


def test_the_page_of_the_case_says_that_the_day_has_passed(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = made(people, date(2026, 10, 22))
        db.session.remove()
    page = log_in(people.rita).get(f"/avvik/{number}")
    assert "Tiltakene skulle vært evaluert" in page.text
    assert "lag en ny versjon med ny dato, eller lukk saken" in page.text
