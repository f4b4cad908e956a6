"""The machine's clock is set forward or back: nothing lives on for ever, nobody is shut out for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.core.transaction import transaction
from intranet.deviations.jobs import JOBS as DEVIATION_JOBS
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.extensions import db
from intranet.jobs.actions import run_due, take_lease
from intranet.jobs.registry import Job
from intranet.login.actions import note_attempt
from intranet.login.queries import count_failures
from intranet.login.throttle import WINDOW, Failures
from intranet.notifications.actions import notify
from intranet.notifications.channels import SmtpChannel
from intranet.notifications.delivery import deliver_waiting
from intranet.web.kept_text import KeptText, _sealer, open_seal
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import MORNING
from tests.deviations.factories import report
from tests.servers import smtp

SetClock = Callable[[datetime], None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACK = pytest.mark.parametrize("step", [-HOUR, -DAY], ids=["hour", "day"])


@pytest.mark.parametrize("step", [-DAY, -HOUR, HOUR, DAY], ids=["-day", "-hour", "hour", "day"])
def test_session_ends_when_the_clock_jumps_and_the_text_stays(
    step: timedelta, app: Flask, people: Cast, at: SetClock
) -> None:
    """CF-11: an hour is longer than a session may rest, and one from the future is nobody's."""
    at(MORNING)
    browser = Browser(app).logged_in_as(people.mona)
    assert browser.get("/varsler").heading == "Varsler"
    token = browser.csrf_token()
    at(MORNING + step)
    page = browser.post(
        "/avvik/meld", {"what": "Skrevet i en time.", "csrf_token": token}, token=False
    )
    assert page.status == 401
    assert "Skrevet i en time." in page.source
    at(MORNING + timedelta(minutes=10))
    assert browser.get("/varsler").heading == "Varsler"


@BACK
def test_failed_logins_from_before_the_clock_was_set_back_shut_nobody_out(
    step: timedelta, app: Flask, at: SetClock
) -> None:
    """CF-11: nor do they count twice when it comes there again after the window."""
    at(MORNING)
    with app.app_context():
        for _n in range(5):
            with transaction():
                note_attempt("person-mona", "10.0.0.1")
        assert count_failures("person-mona", "10.0.0.1").account == 5
        at(MORNING + step)
        assert count_failures("person-mona", "10.0.0.1") == Failures(since_last=WINDOW)
        at(MORNING + WINDOW + timedelta(seconds=1))
        assert count_failures("person-mona", "10.0.0.1").account == 0


@BACK
def test_jobs_go_on_after_the_clock_was_set_back(step: timedelta, app: Flask, at: SetClock) -> None:
    """CF-11: another process gets the dead one's lease, and what was due stays due."""
    ran: list[int] = []
    jobs = [Job("count", timedelta(minutes=5), lambda: ran.append(1))]
    with app.app_context():
        at(MORNING)
        run_due(jobs, "a")
        at(MORNING + step)
        assert take_lease("b")
        run_due(jobs, "b")
        assert (len(ran) == 2) == (step == -DAY)
        # An hour back: at the latest when the clock is where it was.
        at(MORNING + timedelta(minutes=5))
        run_due(jobs, "b")
    assert len(ran) >= 2


def test_mail_goes_out_after_the_clock_was_set_back(app: Flask, people: Cast, at: SetClock) -> None:
    """CF-11: the lease and the next try of a day ahead do not hold it there for a day."""
    at(MORNING)
    with smtp.running() as mailbox, app.app_context():
        with transaction():
            notify(
                [people.mona], event="test.event", subject_key="a", title="Noe", body="Tekst.",
                url="/varsler",
            )  # fmt: skip
        at(MORNING - DAY)
        assert deliver_waiting(SmtpChannel(mailbox.url)) == 1
        assert deliver_waiting(SmtpChannel(mailbox.url)) == 0
    assert len(mailbox.messages) == 1


@BACK
def test_sealed_text_is_opened_after_the_clock_was_set_back(
    step: timedelta, app: Flask, at: SetClock
) -> None:
    """CF-11: and no longer than its twelve hours when it goes on."""
    fields = {
        "person_id": 1, "page": "/avvik/meld", "endpoint": "x", "form_name": "F", "fields": [],
    }  # fmt: skip
    with app.test_request_context():
        sealed = str(_sealer().dumps(fields))
        sealed_at = datetime.now().astimezone()
        at(sealed_at + step)
        assert open_seal(sealed) == KeptText(**fields)  # type: ignore[arg-type]
        at(sealed_at + timedelta(hours=11))
        assert open_seal(sealed) is not None
        at(sealed_at + timedelta(hours=13))
        assert open_seal(sealed) is None


@BACK
def test_case_climbs_once_for_its_deadline_when_the_clock_is_set_back_over_it(
    step: timedelta, app: Flask, people: Cast, at: SetClock
) -> None:
    """CF-11: not before its moment, then once, and not again when the moment comes again."""
    (climb,) = [job for job in DEVIATION_JOBS if job.name == "deviations.escalate"]
    at(MORNING)
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        due = select(Deviation.next_due_at).where(Deviation.number == number)
        deadline = db.session.execute(due).scalar_one()
        assert deadline is not None
        for moment, told in ((deadline - HOUR, 0), (deadline, 1), (deadline + step, 1)):
            at(moment)
            climb.run()
            assert (_count_steps(number) > 0) == bool(told)
        climbed = _count_steps(number)
        at(deadline + timedelta(minutes=1))
        climb.run()
        assert _count_steps(number) == climbed
        db.session.remove()


def _count_steps(number: int) -> int:
    entries = (
        select(func.count())
        .select_from(DeviationEntry)
        .join(Deviation, Deviation.id == DeviationEntry.deviation_id)
        .where(Deviation.number == number, DeviationEntry.code.not_in(["reported", "rerouted"]))
    )
    count = db.session.execute(entries).scalar_one()
    db.session.rollback()
    return int(count)
