"""Deviations for the clock: what is due is done, one transaction for each row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import delete, select

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.deviations.actions.clock_signals import signal_clock
from intranet.deviations.actions.escalate import (
    escalate_action,
    escalate_deviation,
    list_due_actions,
    list_due_deviations,
)
from intranet.deviations.actions.handle import reroute_if_wrong
from intranet.deviations.actions.plan_signals import signal_plan
from intranet.deviations.models import Deviation, DeviationDraft
from intranet.deviations.queries.clocks import list_due_clocks
from intranet.deviations.queries.plans import list_due_plans
from intranet.deviations.workflow import OPEN_STATES
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.people.models import Person, Unit

log = logging.getLogger(__name__)

DRAFT_LIFE = timedelta(days=14)


def escalate_due() -> None:
    """Remind and climb for every case, action and written plan whose moment has come."""
    at = now()
    _for_each(list_due_deviations(at), lambda row_id: escalate_deviation(row_id, at))
    _for_each(list_due_actions(at), lambda row_id: escalate_action(row_id, at))
    _for_each(list_due_plans(at), lambda row_id: signal_plan(row_id, at))


def signal_clocks() -> None:
    """Remind of statutory clocks, and tell the level above when one is missed."""
    at = now()
    _for_each(list_due_clocks(at), lambda row_id: signal_clock(row_id, at))


def hand_over_orphans() -> None:
    """Give cases to the right leader whose handler left the post, left us, or never was."""
    _for_each(_list_orphans(), _hand_over)


def forget_drafts() -> None:
    """Delete drafts that nobody has touched for fourteen days."""
    with transaction():
        db.session.execute(
            delete(DeviationDraft).where(DeviationDraft.saved_at < now() - DRAFT_LIFE)
        )


def _for_each(row_ids: Iterable[int], act: Callable[[int], object]) -> None:
    for row_id in row_ids:
        try:
            with transaction():
                act(row_id)
        except Exception:
            # One bad row must not keep the others waiting (CF-18).
            log.exception("row %s could not be moved on", row_id)


def _hand_over(deviation_id: int) -> None:
    deviation = db.session.get(Deviation, deviation_id, with_for_update=True)
    if deviation is not None and deviation.state in OPEN_STATES:
        reroute_if_wrong(deviation)


def _list_orphans() -> list[int]:
    """Return open cases without a handler, or whose handler is gone or no longer leads the unit."""
    rows = db.session.execute(
        select(Deviation.id)
        .outerjoin(Person, Person.id == Deviation.handler_id)
        .outerjoin(Unit, Unit.id == Deviation.handler_unit_id)
        .where(
            Deviation.state.in_(sorted(OPEN_STATES)),
            Deviation.handler_id.is_(None)
            | ~Person.is_directory_active
            | Person.is_blocked
            | (
                Deviation.handler_unit_id.is_not(None)
                & Unit.leader_id.is_distinct_from(Deviation.handler_id)
            ),
        )
    )
    return list(rows.scalars())


JOBS = [
    Job("deviations.escalate", timedelta(minutes=5), escalate_due),
    Job("deviations.clocks", timedelta(minutes=1), signal_clocks),
    Job("deviations.hand_over", timedelta(minutes=15), hand_over_orphans),
    Job("deviations.forget_drafts", timedelta(hours=12), forget_drafts),
]
