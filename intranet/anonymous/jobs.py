"""Anonymous reports for the clock: closed, delivered and planned anew at moments drawn ahead."""

from __future__ import annotations

from datetime import timedelta

from intranet.anonymous.actions.deliver import (
    close_for_delivery,
    deliver_ready,
    plan_next,
    store_ready_files,
)
from intranet.anonymous.actions.forget import forget_order, stir
from intranet.anonymous.queries import find_plan
from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job


def follow_plan() -> None:
    """Do what the plan says is due. Safe to run twice: what is delivered is marked no more."""
    plan = find_plan()
    is_due = plan is not None and plan.is_closed and now() >= plan.delivers_at
    stored = store_ready_files() if is_due else {}
    db.session.rollback()
    with transaction():
        plan = find_plan()
        if plan is None:
            plan_next()
        elif is_due:
            deliver_ready(stored)
            plan_next()
        elif not plan.is_closed and now() >= plan.closes_at:
            close_for_delivery(plan)
        stir()
    forget_order()


JOBS = [Job("anonymous.deliver", timedelta(minutes=5), follow_plan, timedelta(minutes=5))]
