"""Reads the written plans of cases; asks nobody's leave: `actions/plans.py` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import ClockState
from intranet.deviations.models import Deviation
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import has_plan, is_plan_clock
from intranet.deviations.types import Kind, has_old_plan
from intranet.deviations.workflow import OPEN_STATES
from intranet.extensions import db


def list_plans(deviation_id: int) -> list[DeviationPlan]:
    """Return the versions of the plan, the newest first."""
    return list(
        db.session.scalars(
            select(DeviationPlan)
            .where(DeviationPlan.deviation_id == deviation_id)
            .order_by(DeviationPlan.number.desc())
        )
    )


def find_plan(deviation_id: int) -> DeviationPlan | None:
    """Return the newest version, or None."""
    return db.session.scalars(
        select(DeviationPlan)
        .where(DeviationPlan.deviation_id == deviation_id)
        .order_by(DeviationPlan.number.desc())
        .limit(1)
    ).first()


def list_due_plans(at: datetime) -> list[int]:
    """Return the ids of plans in open cases whose next reminder has come, the oldest first."""
    found = (
        select(DeviationPlan.id)
        .join(Deviation, Deviation.id == DeviationPlan.deviation_id)
        .where(DeviationPlan.next_due_at <= at, Deviation.state.in_(sorted(OPEN_STATES)))
        .order_by(DeviationPlan.next_due_at, DeviationPlan.id)
    )
    return list(db.session.scalars(found))


def find_plan_clock(deviation_id: int) -> StatutoryClock | None:
    """Return the clock that asks for the plan, or None."""
    clocks = db.session.scalars(
        select(StatutoryClock)
        .where(StatutoryClock.deviation_id == deviation_id)
        .order_by(StatutoryClock.id)
    )
    return next((clock for clock in clocks if is_plan_clock(clock.key, clock.phase)), None)


def lacks_plan(deviation_id: int, kind: Kind, answers: Mapping[str, str]) -> bool:
    """Whether the law asks for a plan that nobody has made, nor said that none is needed."""
    if not has_plan(kind) or has_old_plan(answers) or find_plan(deviation_id) is not None:
        return False
    clock = find_plan_clock(deviation_id)
    return clock is None or clock.state != ClockState.NOT_APPLICABLE
