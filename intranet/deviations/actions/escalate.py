"""What the clock does with cases and actions that are due: one step for one row. Never commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.text import _
from intranet.deviations.actions.handle import find_level_above, reroute_if_wrong
from intranet.deviations.actions.measures import action_url
from intranet.deviations.actions.routes import survey
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.escalation import (
    Clock,
    Signal,
    clock_after,
    oslo_day,
    signal_to_give,
    stop_clock,
)
from intranet.deviations.models import CorrectiveAction, Deviation
from intranet.deviations.queries.routes import load_days, receivers_of
from intranet.deviations.workflow import OPEN_STATES, ActionState
from intranet.extensions import db
from intranet.people.queries.persons import names_of


def escalate_deviation(deviation_id: int, at: datetime) -> Signal | None:
    """Give the signal that is due for the case at the moment `at`; return it, or None.

    Asks anew whether it is due, on the locked row: two processes at once do it once.
    """
    deviation = db.session.get(Deviation, deviation_id, with_for_update=True)
    if deviation is None or deviation.due_on is None or deviation.state not in OPEN_STATES:
        return None
    reroute_if_wrong(deviation)
    clock = _clock_of(deviation.due_on, deviation.next_signal, deviation.next_due_at)
    signal = signal_to_give(clock, at)
    if signal is None:
        return None
    days = load_days(deviation.severity)
    after = clock_after(clock, signal, at, climb_days=days.climb)
    if signal == Signal.CLIMB:
        if not _climb(deviation):
            after = stop_clock(clock)
    else:
        _remind(deviation, signal, at)
    deviation.next_signal, deviation.next_due_at = after.signal, after.signal_at
    db.session.flush()
    return signal


def escalate_action(action_id: int, at: datetime) -> Signal | None:
    """Remind the responsible person of an action, and past its deadline tell the handler, then up.

    Returns the signal that was given, or None.
    """
    action = db.session.get(CorrectiveAction, action_id, with_for_update=True)
    if action is None or action.state != ActionState.OPEN:
        return None
    clock = _clock_of(action.due_on, action.next_signal, action.next_due_at)
    signal = signal_to_give(clock, at)
    if signal is None:
        return None
    deviation = db.session.get_one(Deviation, action.deviation_id)
    after = clock_after(clock, signal, at, climb_days=load_days(deviation.severity).climb)
    if signal == Signal.CLIMB:
        if not _climb_action(action, deviation):
            after = stop_clock(clock)
    else:
        _remind_responsible(action, deviation, signal, at)
    action.next_signal, action.next_due_at = after.signal, after.signal_at
    db.session.flush()
    return signal


def list_due_deviations(at: datetime) -> list[int]:
    """Return the ids of the cases whose moment has come, the oldest first."""
    rows = db.session.execute(
        select(Deviation.id).where(Deviation.next_due_at <= at).order_by(Deviation.next_due_at)
    )
    return list(rows.scalars())


def list_due_actions(at: datetime) -> list[int]:
    """Return the ids of the actions whose moment has come, the oldest first."""
    rows = db.session.execute(
        select(CorrectiveAction.id)
        .where(CorrectiveAction.next_due_at <= at)
        .order_by(CorrectiveAction.next_due_at)
    )
    return list(rows.scalars())


def _remind(deviation: Deviation, signal: Signal, at: datetime) -> None:
    assert deviation.due_on is not None
    entry = add_entry(deviation, "reminded", actor=SYSTEM, day=_day(deviation.due_on))
    audit(AuditEvent.DEVIATION_REMINDED, deviation, actor=SYSTEM, due_on=deviation.due_on)
    number = shown_number(deviation)
    if deviation.due_on < oslo_day(at):
        title = _("Fristen for avvik %(number)s er ute", number=number)
    elif signal == Signal.REMIND_AT:
        title = _("Fristen for avvik %(number)s er i dag", number=number)
    else:
        title = _("Fristen for avvik %(number)s nærmer seg", number=number)
    tell(
        deviation,
        receivers_of(deviation),
        entry,
        title,
        event="deviation.reminded",
        actor=SYSTEM,
        is_urgent=signal == Signal.REMIND_AT,
    )


def _climb(deviation: Deviation) -> bool:
    """Let the case climb one level; return False when nobody is above."""
    route = find_level_above(deviation, survey(deviation), from_climbed=True)
    if route is None or route.handler_unit_id is None:
        return False
    assert deviation.due_on is not None
    deviation.climbed_unit_id = route.handler_unit_id
    deviation.level += 1
    name = names_of([route.handler_id]).get(route.handler_id or 0, "")
    entry = add_entry(deviation, "climbed", actor=SYSTEM, to=name, day=_day(deviation.due_on))
    audit(
        AuditEvent.DEVIATION_CLIMBED,
        deviation,
        actor=SYSTEM,
        level=deviation.level,
        to=route.handler_id,
        due_on=deviation.due_on,
    )
    tell(
        deviation,
        [*receivers_of(deviation), route.receiver_id],
        entry,
        _("Avvik %(number)s er over fristen og løftet ett nivå", number=shown_number(deviation)),
        event="deviation.climbed",
        actor=SYSTEM,
        is_urgent=True,
    )
    return True


def _remind_responsible(
    action: CorrectiveAction, deviation: Deviation, signal: Signal, at: datetime
) -> None:
    name = names_of([action.responsible_id]).get(action.responsible_id, "")
    entry = add_entry(deviation, "action_reminded", actor=SYSTEM, to=name, day=_day(action.due_on))
    audit(AuditEvent.DEVIATION_REMINDED, deviation, actor=SYSTEM, action=action.id)
    if action.due_on < oslo_day(at):
        title = _("Fristen for et tiltak er ute")
    elif signal == Signal.REMIND_AT:
        title = _("Fristen for et tiltak er i dag")
    else:
        title = _("Fristen for et tiltak nærmer seg")
    tell(
        deviation,
        [action.responsible_id],
        entry,
        title,
        event="deviation.action_reminded",
        actor=SYSTEM,
        url=action_url(action),
    )


def _climb_action(action: CorrectiveAction, deviation: Deviation) -> bool:
    """Tell the handler, and the next time the level above; return False when that was the last."""
    recipients = receivers_of(deviation)
    if action.level > 0:
        route = find_level_above(deviation, survey(deviation))
        if route is None:
            return False
        recipients = [route.receiver_id or 0]
    action.level += 1
    names = names_of(recipients)
    shown = ", ".join(names.values())
    entry = add_entry(deviation, "action_climbed", actor=SYSTEM, to=shown, day=_day(action.due_on))
    audit(AuditEvent.DEVIATION_CLIMBED, deviation, actor=SYSTEM, action=action.id)
    tell(
        deviation,
        recipients,
        entry,
        _("Et tiltak i avvik %(number)s er over fristen", number=shown_number(deviation)),
        event="deviation.action_climbed",
        actor=SYSTEM,
    )
    return action.level < _ACTION_LEVELS


# The handler, then the level above: the case itself climbs further when nothing comes of it.
_ACTION_LEVELS = 2


def _clock_of(due_on: date, signal: str | None, at: datetime | None) -> Clock:
    return Clock(due_on, Signal(signal) if signal else None, at)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
