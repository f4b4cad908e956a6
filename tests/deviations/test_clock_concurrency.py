"""Two job processes, or a job and a person, on one statutory clock at the same instant."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from intranet.core.clock import stopped_at
from intranet.core.transaction import transaction
from intranet.deviations import jobs
from intranet.deviations.actions import clocks, types
from intranet.deviations.actions.clocks import Sent
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import ClockState
from intranet.deviations.models import DeviationEntry
from intranet.deviations.queries.clocks import get_clock
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_clock_actions import FRIDAY
from tests.deviations.test_concurrency import at_once


def start(app: Flask, people: cast.Cast) -> int:
    with app.app_context(), stopped_at(FRIDAY):
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
        db.session.remove()
    return number


def count(code: str) -> int:
    statement = select(func.count()).select_from(DeviationEntry).where(DeviationEntry.code == code)
    return db.session.execute(statement).scalar_one()


def test_two_job_processes_give_one_signal(app: Flask, people: cast.Cast) -> None:
    start(app, people)
    at = FRIDAY + timedelta(hours=49)

    def run() -> None:
        with stopped_at(at):
            jobs.signal_clocks()

    assert at_once(app, [run, run, run]) == [None, None, None]
    with app.app_context():
        assert count("clock_reminded") == 1
        told = select(Notice.recipient_id).where(Notice.event == "deviation.clock_reminded")
        recipients = list(db.session.execute(told).scalars())
        assert sorted(recipients) == sorted({people.mona, people.petter})


def test_a_job_that_misses_and_a_leader_who_sends_end_in_one_truth(
    app: Flask, people: cast.Cast
) -> None:
    number = start(app, people)
    at = FRIDAY + timedelta(hours=72, minutes=2)
    with app.app_context():
        clock_id = db.session.execute(select(StatutoryClock.id)).scalar_one()

    def run() -> None:
        with stopped_at(at):
            jobs.signal_clocks()

    def send() -> None:
        with stopped_at(at), transaction():
            case, viewer = case_for(people.mona, number)
            clock = get_clock(case.deviation.id, clock_id)
            sent = Sent(FRIDAY + timedelta(hours=71), "Meldt i Altinn.")
            clocks.settle_clock(case, clock, sent, actor=viewer)

    results = at_once(app, [run, send])
    with app.app_context():
        clock = db.session.get_one(StatutoryClock, clock_id)
        if results[1] is None:
            assert (clock.state, clock.next_due_at) == (ClockState.MET, None)
        else:
            assert results[1] == "SomeoneElseWasFirst"
            assert (clock.state, clock.met_at) == (ClockState.MISSED, None)
