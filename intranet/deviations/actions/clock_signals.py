"""What the clock does with statutory clocks that are due: one step for one row. Never commits."""

from __future__ import annotations

from datetime import datetime

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.text import _
from intranet.deviations.actions.routes import survey
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import (
    ClockState,
    Signal,
    after_signal,
    is_late,
    plan_signals,
    signal_to_give,
    start_of,
)
from intranet.deviations.models import Deviation
from intranet.deviations.queries.clocks import copied_with_roles, kind_of, list_clocks
from intranet.deviations.queries.routes import load_chain, load_top, receivers_of
from intranet.deviations.routing import Route, Top, find_route
from intranet.deviations.type_words import moment_words
from intranet.deviations.types import TYPES
from intranet.extensions import db
from intranet.people.queries.persons import names_of


def signal_clock(clock_id: int, at: datetime) -> Signal | None:
    """Give the signal that is due for the clock at the moment `at`; return it, or None.

    Asks anew whether it is due, on the locked row: two processes at once do it once.
    """
    clock = db.session.get(StatutoryClock, clock_id, with_for_update=True)
    if clock is None or not clock.is_open or clock.next_due_at is None:
        return None
    deviation = db.session.get_one(Deviation, clock.deviation_id)
    sent = {
        each.phase: each.met_at
        for each in list_clocks(deviation.id)
        if each.key == clock.key and each.met_at is not None
    }
    start = start_of(clock.counts_from, clock.started_at, deviation.happened_at, sent)
    plan = plan_signals(start, clock.due_at, clock.limit)
    place = signal_to_give(plan, clock.signal_index, clock.next_due_at, at)
    if place is None:
        return None
    signal = plan[place].signal
    _mark_missed(deviation, clock, at)
    index, moment = after_signal(plan, place, at, clock.limit)
    clock.signal_index, clock.next_due_at = index, moment
    if signal != Signal.CLIMB:
        _remind(deviation, clock, signal)
    elif not _climb(deviation, clock):
        clock.next_due_at = None
    db.session.flush()
    return signal


def _mark_missed(deviation: Deviation, clock: StatutoryClock, at: datetime) -> None:
    if clock.state != ClockState.RUNNING or not is_late(at, clock.due_at, clock.limit):
        return
    clock.state = ClockState.MISSED
    add_entry(deviation, "clock_missed", actor=SYSTEM, clock=_name(clock), moment=_due_words(clock))
    audit(
        AuditEvent.DEVIATION_CLOCK_MISSED,
        deviation,
        actor=SYSTEM,
        clock=_name(clock),
        due_at=clock.due_at,
    )


def _remind(deviation: Deviation, clock: StatutoryClock, signal: Signal) -> None:
    entry = add_entry(
        deviation, "clock_reminded", actor=SYSTEM, clock=_name(clock), moment=_due_words(clock)
    )
    audit(
        AuditEvent.DEVIATION_CLOCK_REMINDED,
        deviation,
        actor=SYSTEM,
        clock=_name(clock),
        signal=signal,
    )
    number = shown_number(deviation)
    if clock.state == ClockState.MISSED:
        title = _("En frist etter loven er ute i avvik %(number)s", number=number)
    else:
        title = _("En frist etter loven nærmer seg i avvik %(number)s", number=number)
    tell(
        deviation,
        [*receivers_of(deviation), *_workers(deviation)],
        entry,
        title,
        event="deviation.clock_reminded",
        actor=SYSTEM,
        is_urgent=True,
    )


def _climb(deviation: Deviation, clock: StatutoryClock) -> bool:
    """Tell the handler and the next level above; return False when nobody is further up.

    The case stays with its handler: the law waits for the municipality, not for a new leader.
    """
    route = _level_above(deviation, clock)
    if route is None and clock.climbed_unit_id is not None:
        return False
    recipients: list[int | None] = [*receivers_of(deviation), *_workers(deviation)]
    if route is not None:
        recipients.append(route.receiver_id)
        clock.climbed_unit_id = route.handler_unit_id
        told = names_of([route.handler_id]).get(route.handler_id or 0, "")
        code = "clock_climbed"
    else:
        told, code = "", "clock_overdue"
    entry = add_entry(
        deviation, code, actor=SYSTEM, clock=_name(clock), moment=_due_words(clock), to=told
    )
    audit(
        AuditEvent.DEVIATION_CLOCK_CLIMBED,
        deviation,
        actor=SYSTEM,
        clock=_name(clock),
        to=None if route is None else route.handler_id,
    )
    tell(
        deviation,
        recipients,
        entry,
        _("En frist etter loven er ute i avvik %(number)s", number=shown_number(deviation)),
        event="deviation.clock_climbed",
        actor=SYSTEM,
        is_urgent=True,
    )
    return route is not None and route.handler_unit_id is not None


def _level_above(deviation: Deviation, clock: StatutoryClock) -> Route | None:
    below = clock.climbed_unit_id or deviation.handler_unit_id
    if deviation.handler_unit_id is None or below is None:
        return None
    chain = load_chain(deviation.handler_unit_id)
    top = load_top(chain)
    have_had = {deviation.handler_id or 0}
    have_had |= {link.leader_id or 0 for link in chain if link.unit_id == below}
    route = find_route(
        chain,
        Top(top.chief_id, top.chief_stand_in_id),
        reporter_id=deviation.reporter_id,
        concerned=survey(deviation).concerned,
        above_unit_id=below,
        besides=have_had,
    )
    return None if route.handler_id is None else route


def _workers(deviation: Deviation) -> list[int]:
    """Return the copied persons whose role works with this kind."""
    return copied_with_roles(deviation.id, TYPES[kind_of(deviation.id)].workers)


def _due_words(clock: StatutoryClock) -> str:
    return moment_words(clock.due_at)


def _name(clock: StatutoryClock) -> str:
    return f"{clock.key}.{clock.phase}"
