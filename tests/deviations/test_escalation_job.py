"""The clock at work on rows: reminders, climbs, stand-ins, standstills, and cases without a home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.core.clock import OSLO, stopped_at
from intranet.core.transaction import transaction
from intranet.deviations import jobs
from intranet.deviations.actions import handle, measures
from intranet.deviations.models import Deviation, DeviationDraft, DeviationEntry
from intranet.deviations.queries.tasks import list_tasks_for
from intranet.deviations.severity import Category
from intranet.extensions import db
from intranet.notifications.models import Notice
from intranet.people.models import Person, Unit
from tests import cast
from tests.deviations.factories import do, report


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


MONDAY = oslo(2026, 10, 12, 9)


def run_at(*moments: datetime) -> None:
    for moment in moments:
        with stopped_at(moment):
            jobs.escalate_due()


def signals() -> list[tuple[str, date]]:
    db.session.rollback()
    rows = db.session.execute(
        select(DeviationEntry.code, DeviationEntry.at)
        .where(DeviationEntry.author_id.is_(None), DeviationEntry.code.in_(("reminded", "climbed")))
        .order_by(DeviationEntry.id)
    )
    return [(row.code, row.at.astimezone(OSLO).date()) for row in rows]


def told(event: str) -> list[int]:
    db.session.rollback()
    rows = db.session.execute(
        select(Notice.recipient_id).where(Notice.event == event).order_by(Notice.id)
    )
    return list(rows.scalars())


def get(number: int) -> Deviation:
    db.session.rollback()
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


@pytest.fixture
def number(context: Flask, people: cast.Cast) -> int:
    """Medium: acknowledged by Thursday 15 October, climbing every third working day."""
    with stopped_at(MONDAY):
        return report(people.ingrid, people.strandheim)


def days(first: int, last: int) -> list[datetime]:
    return [oslo(2026, 10, day, hour) for day in range(first, last + 1) for hour in (7, 8, 12)]


def test_the_case_climbs_from_leader_to_sector_to_chief_and_each_step_is_on_the_timeline(
    number: int, people: cast.Cast
) -> None:
    run_at(*days(12, 31))
    assert signals() == [
        ("reminded", date(2026, 10, 14)),
        ("reminded", date(2026, 10, 15)),
        ("climbed", date(2026, 10, 16)),
        ("climbed", date(2026, 10, 21)),
    ]
    assert told("deviation.reminded") == [people.mona, people.mona]
    assert told("deviation.climbed") == [people.kaja, people.mona, people.ragnhild, people.mona]
    case = get(number)
    assert (case.level, case.climbed_unit_id, case.next_due_at) == (2, people.municipality, None)
    assert case.handler_id == people.mona
    assert case.due_on == date(2026, 10, 15)


def test_running_the_job_again_changes_nothing(number: int, people: cast.Cast) -> None:
    moment = oslo(2026, 10, 16, 9)
    run_at(*days(12, 15), moment)
    before = signals()
    run_at(moment, moment, moment)
    assert signals() == before


def test_after_three_days_down_nothing_is_skipped_and_nothing_is_doubled(
    number: int, people: cast.Cast
) -> None:
    """EM-09: down from Monday; back on Friday, when the reminder and the climb are both due."""
    run_at(*days(16, 31))
    assert signals() == [
        ("reminded", date(2026, 10, 16)),
        ("climbed", date(2026, 10, 19)),
        ("climbed", date(2026, 10, 22)),
    ]


def test_the_leader_who_acts_takes_the_case_back_down(number: int, people: cast.Cast) -> None:
    run_at(*days(12, 16))
    assert get(number).level == 1
    with stopped_at(oslo(2026, 10, 16, 10)):
        do(people.mona, number, handle.acknowledge_deviation)
    case = get(number)
    assert (case.level, case.climbed_unit_id, case.handler_id) == (0, None, people.mona)


def test_the_leader_above_who_acts_has_the_case_from_then_on(
    number: int, people: cast.Cast
) -> None:
    run_at(*days(12, 16))
    with stopped_at(oslo(2026, 10, 16, 10)):
        assert list_tasks_for(cast.viewer(people.kaja))
        do(people.kaja, number, handle.acknowledge_deviation)
    case = get(number)
    assert (case.level, case.handler_id, case.handler_unit_id) == (0, people.kaja, people.health)


def test_reminders_reach_the_stand_in_while_the_leader_is_away(
    context: Flask, people: cast.Cast
) -> None:
    with transaction():
        cast.away(people.henrik, people.siri, date(2026, 10, 14), date(2026, 10, 14))
    with stopped_at(MONDAY):
        report(people.nils, people.home_care)
    run_at(*days(12, 15))
    assert told("deviation.reminded") == [people.siri, people.henrik]


def test_the_case_never_climbs_to_whom_it_concerns(context: Flask, people: cast.Cast) -> None:
    """AZ-09."""
    with stopped_at(MONDAY):
        number = report(people.ingrid, people.strandheim, concerned=[people.kaja])
    run_at(*days(12, 31))
    assert people.kaja not in db.session.execute(select(Notice.recipient_id)).scalars().all()
    assert get(number).handler_id == people.ragnhild


def test_over_easter_and_christmas_no_reminder_comes_on_a_day_off(
    context: Flask, people: cast.Cast
) -> None:
    """CF-12."""
    for first in (oslo(2026, 3, 30, 9), oslo(2026, 12, 21, 9)):
        with stopped_at(first):
            report(people.ingrid, people.strandheim)
        run_at(*[first + timedelta(hours=hours) for hours in range(0, 24 * 20, 3)])
    assert signals() == [
        ("reminded", date(2026, 4, 1)),
        ("reminded", date(2026, 4, 7)),
        ("climbed", date(2026, 4, 8)),
        ("climbed", date(2026, 4, 13)),
        ("reminded", date(2026, 12, 23)),
        ("reminded", date(2026, 12, 24)),
        ("climbed", date(2026, 12, 28)),
        ("climbed", date(2026, 12, 31)),
    ]


def test_an_action_past_its_day_is_told_to_the_responsible_then_the_handler_then_upwards(
    context: Flask, people: cast.Cast
) -> None:
    with stopped_at(MONDAY):
        number = report(people.ingrid, people.strandheim, category=Category.PATIENT, answers=[])
        do(people.mona, number, handle.acknowledge_deviation)
        do(
            people.mona,
            number,
            measures.add_action,
            "Kjøpe matte.",
            people.jonas,
            date(2026, 10, 15),
        )
    run_at(*days(12, 31))
    assert told("deviation.action_reminded") == [people.jonas, people.jonas]
    assert told("deviation.action_climbed") == [people.mona, people.kaja]


def test_a_row_that_cannot_be_moved_keeps_no_other_waiting(
    context: Flask,
    people: cast.Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """CF-18."""
    with stopped_at(MONDAY):
        numbers = [report(people.ingrid, people.strandheim) for _ in range(3)]
    bad = get(numbers[1])
    with transaction():
        row = db.session.get_one(Deviation, bad.id)
        row.next_signal = "nonsense"
    run_at(oslo(2026, 10, 14, 8))
    assert len(signals()) == 2
    assert "could not be moved on" in caplog.text


def test_a_case_whose_leader_leaves_goes_to_the_new_one_and_from_a_vacant_post_upwards(
    number: int, people: cast.Cast
) -> None:
    """AU-16, EM-10."""
    with transaction():
        db.session.get_one(Unit, people.strandheim).leader_id = people.eva
    jobs.hand_over_orphans()
    assert get(number).handler_id == people.eva
    with transaction():
        db.session.get_one(Person, people.eva).is_directory_active = False
    jobs.hand_over_orphans()
    assert get(number).handler_id == people.kaja


def test_drafts_are_forgotten_after_fourteen_days(context: Flask, people: cast.Cast) -> None:
    with transaction():
        for person, age in ((people.ingrid, 15), (people.jonas, 13)):
            saved_at = datetime.now(UTC) - timedelta(days=age)
            db.session.add(DeviationDraft(person_id=person, fields={}, saved_at=saved_at))
    jobs.forget_drafts()
    left = db.session.execute(select(DeviationDraft.person_id)).scalars().all()
    assert left == [people.jonas]


def test_the_clock_acts_as_the_system(
    number: int, people: cast.Cast, at: Callable[[datetime], None]
) -> None:
    at(oslo(2026, 10, 14, 9))
    jobs.escalate_due()
    count = db.session.execute(
        select(func.count()).where(
            DeviationEntry.code == "reminded", DeviationEntry.author_id.is_(None)
        )
    ).scalar_one()
    assert count == 1
