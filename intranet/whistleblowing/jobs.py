"""Whistleblowing for the clock: reminds of own deadlines and of retaliation checks, once each."""

from __future__ import annotations

import logging
from datetime import timedelta

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.whistleblowing.actions.steps import audit, tell
from intranet.whistleblowing.models import WhistleCheck
from intranet.whistleblowing.queries.cases import (
    get_case,
    list_due,
    list_due_checks,
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


def _remind(case_id: str, months: int | None) -> None:
    case = get_case(case_id)
    row = case.whistle if months is None else db.session.get_one(WhistleCheck, (case_id, months))
    if row.due_on is None or row.reminded_on == row.due_on:
        return
    row.reminded_on = row.due_on
    tell(case.whistle, receivers_of(case), key=f"due:{months}:{row.due_on}", actor=SYSTEM)
    audit(AuditEvent.WHISTLE_REMINDED, case.whistle, actor=SYSTEM)


JOBS = [Job("whistleblowing.remind", timedelta(minutes=30), remind_of_deadlines)]
