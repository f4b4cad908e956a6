"""Several people at the same instant, on both databases: real threads, real transactions."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.clock import stopped_at
from intranet.core.errors import IntranetError
from intranet.core.transaction import transaction
from intranet.deviations import jobs
from intranet.deviations.actions import dialogue, ending, handle
from intranet.deviations.actions.report import report_deviation
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_deviation_for
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.deviations.factories import do, make_report, report
from tests.deviations.test_escalation_job import MONDAY, oslo

ROUNDS = 200


def at_once(app: Flask, acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all acts at the same instant, each in a thread; return results or errors in order."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                barrier.wait(timeout=30)
                results[place] = act()
            except IntranetError as error:
                results[place] = type(error).__name__
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_of_two_leaders_who_close_the_same_case_exactly_one_wins(
    app: Flask, people: cast.Cast
) -> None:
    """CC-01: the other is told, and nothing of theirs is half done."""
    for _ in range(ROUNDS):
        with app.app_context():
            number = report(people.ingrid, people.strandheim)
            do(people.mona, number, handle.acknowledge_deviation)
            version = db.session.execute(
                select(Deviation.version).where(Deviation.number == number)
            ).scalar_one()
            db.session.remove()

        def close(answer: str, number: int = number, version: int = version) -> str:
            with transaction():
                viewer = cast.viewer(people.mona)
                case = get_deviation_for(viewer, number)
                ending.close_deviation(case, answer, actor=viewer, version=version)
            return answer

        results = at_once(app, [lambda: close("A"), lambda: close("B")])
        assert sorted(results, key=len)[1] == "SomeoneElseWasFirst", results
        winner = sorted(results, key=len)[0]
        with app.app_context():
            row = db.session.execute(
                select(Deviation).where(Deviation.number == number)
            ).scalar_one()
            assert (row.state, row.answer) == ("closed", winner)
            closings = db.session.execute(
                select(func.count()).where(
                    DeviationEntry.deviation_id == row.id, DeviationEntry.code == "close"
                )
            ).scalar_one()
            assert closings == 1
            db.session.remove()


def test_fifty_presses_of_the_same_button_make_one_report(app: Flask, people: cast.Cast) -> None:
    """CC-04: one case, the same number for all, one notice to the leader."""
    sent = make_report(people.strandheim)

    def press() -> int:
        with transaction():
            return report_deviation(sent, actor=cast.viewer(people.ingrid)).number

    numbers = [number for _ in range(10) for number in at_once(app, [press] * 5)]
    assert len(set(numbers)) == 1, numbers
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(Deviation)).scalar_one() == 1
        told = select(Notice.recipient_id).where(Notice.event == "deviation.reported")
        assert db.session.execute(told).scalars().all() == [people.mona]
        db.session.remove()


def test_fifty_reports_at_once_get_fifty_numbers_in_a_row_and_an_unbroken_audit(
    app: Flask, people: cast.Cast
) -> None:
    """CC-07."""

    def send() -> int:
        with transaction():
            made = report_deviation(
                make_report(people.strandheim), actor=cast.viewer(people.ingrid)
            )
            return made.number

    numbers = [number for _ in range(5) for number in at_once(app, [send] * 10)]
    assert all(isinstance(number, int) for number in numbers), numbers
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 50))
    with app.app_context():
        sequence = (
            db.session.execute(select(AuditEntry.sequence).order_by(AuditEntry.sequence))
            .scalars()
            .all()
        )
        assert sequence == list(range(1, len(sequence) + 1))
        db.session.remove()


def test_a_reply_while_the_case_is_closed_is_kept_and_so_is_the_closing(
    app: Flask, people: cast.Cast
) -> None:
    """CC-05."""
    for _ in range(5):
        with app.app_context():
            number = report(people.ingrid, people.strandheim)
            do(people.mona, number, handle.acknowledge_deviation)
            db.session.remove()

        def close(number: int = number) -> None:
            do(people.mona, number, ending.close_deviation, "Ferdig.")

        def reply(number: int = number) -> None:
            do(people.ingrid, number, dialogue.send_reply, "En ting til.")

        assert at_once(app, [close, reply]) == [None, None]
        with app.app_context():
            row = db.session.execute(
                select(Deviation).where(Deviation.number == number)
            ).scalar_one()
            texts = db.session.execute(
                select(DeviationEntry.text).where(DeviationEntry.deviation_id == row.id)
            ).scalars()
            assert row.state == "closed"
            assert {"Ferdig.", "En ting til."} <= set(texts)
            db.session.remove()


def test_of_two_who_give_the_case_away_one_wins(app: Flask, people: cast.Cast) -> None:
    """CC-06."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        version = db.session.execute(select(Deviation.version)).scalar_one()
        db.session.remove()

    def give(unit_id: int) -> str:
        do(
            people.mona,
            number,
            handle.forward_deviation,
            unit_id,
            "Hører hjemme hos dere.",
            version=version,
        )
        return "won"

    results = at_once(app, [lambda: give(people.school), lambda: give(people.home_care)])
    assert Counter(results) == {"won": 1, "SomeoneElseWasFirst": 1}


def test_two_clocks_at_once_remind_once(app: Flask, people: cast.Cast) -> None:
    """CC-11."""
    with app.app_context():
        with stopped_at(MONDAY):
            for _ in range(5):
                report(people.ingrid, people.strandheim)
        db.session.remove()

    def tick() -> None:
        with stopped_at(oslo(2026, 10, 14, 9)):
            jobs.escalate_due()

    assert at_once(app, [tick, tick, tick]) == [None, None, None]
    with app.app_context():
        counts = db.session.execute(
            select(func.count())
            .where(DeviationEntry.code == "reminded")
            .group_by(DeviationEntry.deviation_id)
        )
        assert list(counts.scalars()) == [1, 1, 1, 1, 1]
        db.session.remove()
