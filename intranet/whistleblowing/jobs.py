"""Whistleblowing for the clock: reminds of own deadlines and of retaliation checks, once each."""

from __future__ import annotations

import logging
from datetime import timedelta

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.clock import now, today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.whistleblowing.actions.steps import audit, tell
from intranet.whistleblowing.models import WhistleCheck, WhistleClock
from intranet.whistleblowing.queries.cases import (
    get_case,
    list_due,
    list_due_checks,
    list_due_clocks,
    receivers_of,
)

log = logging.getLogger(__name__)


def remind_of_deadlines() -> None:
    """Tell the recipients of what is due today; each case and check in its own transaction."""
    due = [(case_id, None) for case_id in list_due(today())]
    checks = list_due_checks(today())
    db.session.rollback()
    for case_id, months in [*due, *checks]:
        try:
            with transaction():
                _remind(case_id, months)
        except Exception:
            # One bad row must not keep the others waiting (CF-18).
            log.exception("a reminder of whistleblowing failed")


def remind_of_clocks() -> None:
    """Tell the recipients of a duty to report a day before its end, and daily until it is done."""
    due = list_due_clocks(now())
    db.session.rollback()
    for clock_id in due:
        try:
            with transaction():
                _remind_of_clock(clock_id)
        except Exception:
            # One bad row must not keep the others waiting (CF-18).
            log.exception("a reminder of whistleblowing failed")


def _remind_of_clock(clock_id: int) -> None:
    clock = db.session.get_one(WhistleClock, clock_id)
    if clock.remind_at is None or clock.remind_at > now():
        return
    case = get_case(clock.case_id)
    tell(case.whistle, receivers_of(case), key=f"clock:{clock.id}:{now():%y%m%d%H}", actor=SYSTEM)
    clock.remind_at = now() + timedelta(days=1)
    audit(AuditEvent.WHISTLE_REMINDED, case.whistle, actor=SYSTEM)


def _remind(case_id: str, months: int | None) -> None:
    case = get_case(case_id)
    row = case.whistle if months is None else db.session.get_one(WhistleCheck, (case_id, months))
    if row.due_on is None or row.reminded_on == row.due_on:
        return
    row.reminded_on = row.due_on
    tell(case.whistle, receivers_of(case), key=f"due:{months}:{row.due_on}", actor=SYSTEM)
    audit(AuditEvent.WHISTLE_REMINDED, case.whistle, actor=SYSTEM)


JOBS = [
    Job("whistleblowing.remind", timedelta(minutes=30), remind_of_deadlines),
    Job("whistleblowing.clocks", timedelta(minutes=30), remind_of_clocks),
]
