"""Reminds who handles a case of the day when its written plan is evaluated. Never commits."""

from __future__ import annotations

from datetime import datetime

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.clock import is_working_day, now
from intranet.core.text import _
from intranet.deviations.actions.steps import add_entry, audit, case_url, shown_number, tell
from intranet.deviations.escalation import (
    Clock,
    Signal,
    clock_after,
    oslo_day,
    signal_to_give,
    start_clock,
)
from intranet.deviations.models import Deviation
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import has_plan
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.workflow import OPEN_STATES
from intranet.extensions import db

# Working days between two reminders when the day has passed.
AGAIN_DAYS = 5


def await_evaluation(plan: DeviationPlan, before: DeviationPlan | None) -> None:
    """Set the first reminder of the plan; the version before it waits for nothing any longer."""
    if before is not None:
        before.next_signal = before.next_due_at = None
    clock = start_clock(plan.evaluate_on, now())
    plan.next_signal, plan.next_due_at = clock.signal, clock.signal_at
    db.session.flush()


def signal_plan(plan_id: int, at: datetime) -> Signal | None:
    """Give the reminder that is due for the plan at the moment `at`; return it, or None.

    The working day before, on the day, the working day after, and then every fifth working day
    until there is a new version or the case ends. Asks anew whether it is due, on the locked row:
    two processes at once do it once.
    """
    plan = db.session.get(DeviationPlan, plan_id, with_for_update=True)
    if plan is None or plan.next_signal is None:
        return None
    deviation = db.session.get_one(Deviation, plan.deviation_id)
    if deviation.state not in OPEN_STATES or not has_plan(kind_of(deviation.id)):
        return None
    clock = Clock(plan.evaluate_on, Signal(plan.next_signal), plan.next_due_at)
    signal = signal_to_give(clock, at)
    # What was due while the case was closed waits for a working day.
    if signal is None or not is_working_day(oslo_day(at)):
        return None
    _remind(deviation, plan, signal, at)
    after = clock_after(clock, signal, at, climb_days=AGAIN_DAYS)
    plan.next_signal, plan.next_due_at = after.signal, after.signal_at
    db.session.flush()
    return signal


def _remind(deviation: Deviation, plan: DeviationPlan, signal: Signal, at: datetime) -> None:
    day = f"{plan.evaluate_on:%d.%m.%Y}"
    entry = add_entry(deviation, "plan_reminded", actor=SYSTEM, day=day)
    audit(
        AuditEvent.DEVIATION_REMINDED,
        deviation,
        actor=SYSTEM,
        version=plan.number,
        evaluate_on=plan.evaluate_on,
    )
    number = shown_number(deviation)
    if plan.evaluate_on < oslo_day(at):
        title = _("Planen i avvik %(number)s skulle vært evaluert", number=number)
    elif signal == Signal.REMIND_BEFORE:
        title = _("Planen i avvik %(number)s skal snart evalueres", number=number)
    else:
        title = _("Planen i avvik %(number)s skal evalueres nå", number=number)
    tell(
        deviation,
        receivers_of(deviation),
        entry,
        title,
        event="deviation.plan_reminded",
        actor=SYSTEM,
        is_urgent=signal != Signal.REMIND_BEFORE,
        url=f"{case_url(deviation)}#plan",
    )
