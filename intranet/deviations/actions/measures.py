"""Corrective actions: set up by the handler, done by the one responsible. Never commits."""

from __future__ import annotations

from datetime import date

from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.actions.steps import (
    check_step,
    complete_step,
    restart_clock,
    shown_number,
    tell,
)
from intranet.deviations.escalation import start_clock
from intranet.deviations.models import CorrectiveAction
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.routes import excluded_ids_of, receivers_of
from intranet.deviations.words import refusal
from intranet.deviations.workflow import ActionState, Party, Step, next_state
from intranet.extensions import db
from intranet.people.queries.persons import get_person


def add_action(
    case: Case,
    what: str,
    responsible_id: int,
    due_on: date,
    *,
    actor: Viewer,
    version: int | None = None,
) -> CorrectiveAction:
    """Set up an action with a person and a day; the handler may.

    The person may be anyone but those whom the case concerns, and is told. An evaluation that was
    made before counts no longer: there is something new to evaluate.
    """
    check_step(case, Step.ADD_ACTION, actor=actor, version=version)
    deviation = case.deviation
    if not what.strip():
        raise InvalidInput(_("Skriv hva som skal gjøres."), "what")
    if due_on < today():
        raise InvalidInput(_("Fristen har vært. Velg i dag eller en senere dag."), "due_on")
    person = get_person(responsible_id)
    if not person.is_active or responsible_id in excluded_ids_of(deviation.id):
        raise InvalidInput(_("Denne personen kan ikke få tiltaket. Velg en annen."), "responsible")
    clock = start_clock(due_on, now())
    action = CorrectiveAction(
        deviation_id=deviation.id,
        what=what,
        responsible_id=responsible_id,
        due_on=due_on,
        next_signal=clock.signal,
        next_due_at=clock.signal_at,
    )
    db.session.add(action)
    db.session.flush()
    deviation.evaluated_at = None
    entry = complete_step(
        case,
        Step.ADD_ACTION,
        actor=actor,
        text=what,
        details={"action": action.id, "responsible": responsible_id, "due_on": due_on},
        responsible=person.name,
    )
    tell(
        deviation,
        [responsible_id],
        entry,
        _("Du har fått ansvar for et tiltak"),
        event="deviation.action_assigned",
        actor=actor,
        url=action_url(action),
    )
    return action


def finish_action(
    action: CorrectiveAction, case: Case, note: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Say that the action is done, with a note of what; the responsible and the handler may."""
    if not note.strip():
        raise InvalidInput(_("Skriv kort hva som er gjort."), "note")
    _settle(action, case, ActionState.DONE, note, actor=actor, version=version)


def drop_action(
    action: CorrectiveAction, case: Case, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Say that the action will not be done, and why; the handler may, the responsible not."""
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor tiltaket droppes."), "note")
    _settle(action, case, ActionState.DROPPED, reason, actor=actor, version=version)


def action_url(action: CorrectiveAction) -> str:
    """Return the path of the action's own page."""
    return f"/avvik/tiltak/{action.id}"


def _settle(
    action: CorrectiveAction,
    case: Case,
    state: ActionState,
    note: str,
    *,
    actor: Viewer,
    version: int | None,
) -> None:
    if version is not None and version != action.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret tiltaket mens du holdt på. Se hva som er nytt.")
        )
    is_own = action.responsible_id == actor.id and state == ActionState.DONE
    besides = frozenset({Party.RESPONSIBLE}) if is_own else frozenset[Party]()
    deviation = case.deviation
    check_step(case, Step.SETTLE_ACTION, actor=actor, besides=besides)
    if action.state != ActionState.OPEN or next_state(deviation.state, Step.SETTLE_ACTION) is None:
        raise NotPossibleNow(refusal(Step.SETTLE_ACTION, deviation.state))
    action.state, action.note = state, note
    action.settled_at, action.settled_by = now(), actor.id
    action.next_signal = action.next_due_at = None
    db.session.flush()
    entry = complete_step(
        case,
        Step.SETTLE_ACTION,
        actor=actor,
        text=note,
        code=f"action_{state}",
        details={"action": action.id, "action_state": state},
    )
    restart_clock(deviation)
    tell(
        deviation,
        receivers_of(deviation),
        entry,
        _("Et tiltak er avsluttet i avvik %(number)s", number=shown_number(deviation)),
        event="deviation.action_settled",
        actor=actor,
    )
