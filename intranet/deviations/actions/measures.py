"""Corrective actions: set up by the handler, done by the one responsible. Never commits."""

from __future__ import annotations

from datetime import date

from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import ReceivedFile, record_file
from intranet.core.text import _
from intranet.deviations.actions.steps import (
    check_step,
    complete_step,
    restart_clock,
    shown_number,
    tell,
)
from intranet.deviations.escalation import start_clock
from intranet.deviations.models import CorrectiveAction, DeviationEntry, DeviationFile
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.routes import excluded_ids_of, receivers_of
from intranet.deviations.words import refusal
from intranet.deviations.workflow import ActionState, Effect, Party, Step, next_state
from intranet.extensions import db
from intranet.people.queries.persons import get_person


def add_action(
    case: Case,
    what: str,
    responsible_id: int,
    due_on: date,
    *,
    actor: Viewer,
    background: str = "",
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
    _refuse_past(due_on)
    name = _name_of_responsible(deviation.id, responsible_id)
    clock = start_clock(due_on, now())
    action = CorrectiveAction(
        deviation_id=deviation.id,
        what=what,
        background=background,
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
        responsible=name,
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
    action: CorrectiveAction,
    case: Case,
    note: str,
    *,
    actor: Viewer,
    version: int | None = None,
    proof: ReceivedFile | None = None,
) -> None:
    """Say that the action is done, with a note of what; the responsible and the handler may.

    The proof is a file of the case that the reporter does not see.
    """
    if not note.strip():
        raise InvalidInput(_("Skriv kort hva som er gjort."), "note")
    _settle(action, case, ActionState.DONE, note, actor=actor, version=version)
    if proof is not None:
        stored = record_file(proof, actor=actor)
        db.session.add(
            DeviationFile(
                deviation_id=case.deviation.id,
                stored_file_id=stored.id,
                is_public=False,
                action_id=action.id,
                created_by=actor.id,
            )
        )
        db.session.flush()


def drop_action(
    action: CorrectiveAction, case: Case, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Say that the action will not be done, and why; the handler may, the responsible not."""
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor tiltaket droppes."), "note")
    _settle(action, case, ActionState.DROPPED, reason, actor=actor, version=version)


def change_action(
    action: CorrectiveAction,
    case: Case,
    responsible_id: int,
    due_on: date,
    reason: str,
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Give an open action to another person or another day, with a reason; the handler may.

    Both the one who had it and the one who gets it are told.
    """
    _demand_fresh(action, version)
    check_step(case, Step.CHANGE_ACTION, actor=actor)
    if action.state != ActionState.OPEN:
        raise NotPossibleNow(refusal(Step.CHANGE_ACTION, case.deviation.state))
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor tiltaket endres."), "reason")
    had, day_before = action.responsible_id, action.due_on
    if (responsible_id, due_on) == (had, day_before):
        raise InvalidInput(_("Velg en annen person eller en annen frist."), "due_on")
    if due_on != day_before:
        _refuse_past(due_on)
    name = _name_of_responsible(case.deviation.id, responsible_id)
    action.responsible_id, action.due_on, action.level = responsible_id, due_on, 0
    clock = start_clock(due_on, now())
    action.next_signal, action.next_due_at = clock.signal, clock.signal_at
    entry = complete_step(
        case,
        Step.CHANGE_ACTION,
        actor=actor,
        text=reason,
        code=_change_code(had != responsible_id, day_before != due_on),
        details={
            "action": action.id,
            "responsible_before": had,
            "responsible": responsible_id,
            "due_before": day_before,
            "due_on": due_on,
        },
        responsible=name,
        day_before=f"{day_before:%d.%m.%Y}",
        day=f"{due_on:%d.%m.%Y}",
    )
    _tell_of_change(case, action, had, entry, actor)


def rate_action(
    action: CorrectiveAction,
    case: Case,
    effect: Effect,
    note: str,
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Say what a finished action did, with a few words of how that shows; the handler may."""
    _demand_fresh(action, version)
    check_step(case, Step.RATE_ACTION, actor=actor)
    if action.state != ActionState.DONE:
        raise NotPossibleNow(refusal(Step.RATE_ACTION, case.deviation.state))
    if not note.strip():
        raise InvalidInput(_("Skriv hvordan du ser det."), "note")
    action.effect, action.effect_note = effect, note
    action.rated_at, action.rated_by = now(), actor.id
    complete_step(
        case,
        Step.RATE_ACTION,
        actor=actor,
        text=note,
        details={"action": action.id, "effect": effect},
        effect=effect,
    )


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
    _demand_fresh(action, version)
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


def _demand_fresh(action: CorrectiveAction, version: int | None) -> None:
    if version is not None and version != action.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret tiltaket mens du holdt på. Se hva som er nytt.")
        )


def _refuse_past(due_on: date) -> None:
    if due_on < today():
        raise InvalidInput(_("Fristen har vært. Velg i dag eller en senere dag."), "due_on")


def _name_of_responsible(deviation_id: int, person_id: int) -> str:
    person = get_person(person_id)
    if not person.is_active or person_id in excluded_ids_of(deviation_id):
        raise InvalidInput(_("Denne personen kan ikke få tiltaket. Velg en annen."), "responsible")
    return person.name


def _change_code(is_handed_over: bool, is_moved: bool) -> str:
    if is_handed_over and is_moved:
        return "action_handed_over_and_moved"
    return "action_handed_over" if is_handed_over else "action_moved"


def _tell_of_change(
    case: Case, action: CorrectiveAction, had: int, entry: DeviationEntry, actor: Viewer
) -> None:
    told = {action.responsible_id: (_("Et tiltak du har ansvar for er endret"), action_url(action))}
    if had != action.responsible_id:
        told[action.responsible_id] = (_("Du har fått ansvar for et tiltak"), action_url(action))
        # Who no longer has it cannot open its page.
        told[had] = (_("Et tiltak du hadde ansvar for er gitt til en annen"), "/mine-oppgaver")
    for person_id, (title, url) in told.items():
        tell(
            case.deviation,
            [person_id],
            entry,
            title,
            event="deviation.action_changed",
            actor=actor,
            url=url,
        )
