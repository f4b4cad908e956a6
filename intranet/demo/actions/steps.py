"""The steps of one invented case: each person does through the real action what the story says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.demo.actions.cast import Cast
from intranet.demo.actions.kinds import answer_proposal
from intranet.demo.story import Outcome, Story
from intranet.deviations.actions.causes import set_causes
from intranet.deviations.actions.dialogue import send_message, send_reply, write_note
from intranet.deviations.actions.ending import (
    close_deviation,
    evaluate_deviation,
    plan_evaluation,
    reject_deviation,
    reopen_deviation,
    say_not_solved,
    withdraw_deviation,
)
from intranet.deviations.actions.handle import (
    acknowledge_deviation,
    forward_deviation,
    lift_deviation,
    start_deviation,
)
from intranet.deviations.actions.measures import add_action, finish_action
from intranet.deviations.models import CorrectiveAction, Deviation
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.causes import list_chosen
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import Severity, assess_severity
from intranet.extensions import db

_ASK = "Takk for at du meldte. Er det noe mer jeg bør vite?"
_REPLY = "Nei, jeg har skrevet det jeg vet."
# Some twice, since they are the more common.
_CAUSES = (
    "kommunikasjon-vaktskifte",
    "prosedyre-ikke-fulgt",
    "bemanning-tid",
    "opplaering-mangler",
    "utstyr-feil",
    "prosedyre-ukjent",
    "kommunikasjon-vaktskifte",
    "bemanning-ny",
    "prosedyre-ikke-fulgt",
    "lokaler",
    "it-tilgang",
)
_CAUSE_NOTE = "Det var ikke tydelig hvem som skulle gjøre hva da det ble travelt."
_EFFECT = "Sjekket på stedet og spurt dem det gjelder. Tiltaket virker."


@dataclass
class Scene:
    """One story with its people; the number is known once it is reported."""

    cast: Cast
    story: Story
    reporter_id: int
    number: int = 0
    document_number: str = ""

    @property
    def severity(self) -> Severity:
        """What the ticked answers give."""
        category = self.story.category
        return assess_severity(load_categories().table, category, self.story.answers)

    def handler(self) -> Viewer:
        """Return whoever does the handler's tasks at this moment."""
        deviation = db.session.execute(
            select(Deviation).where(Deviation.number == self.number)
        ).scalar_one()
        return self.cast.viewer(receivers_of(deviation)[0])

    def case_for(self, viewer: Viewer) -> Case:
        """Return the case as the person finds it."""
        return get_deviation_for(viewer, self.number)

    def say(self, name: str, otherwise: str = "") -> str:
        """Return the story's own words, or the usual ones."""
        return self.story.texts.get(name, otherwise)


def _acknowledge(scene: Scene) -> None:
    actor = scene.handler()
    acknowledge_deviation(scene.case_for(actor), actor=actor)
    answer_proposal(scene.number, actor)


def _start(scene: Scene) -> None:
    actor = scene.handler()
    start_deviation(scene.case_for(actor), actor=actor)


def _ask(scene: Scene) -> None:
    """Only some leaders ask; those who have a question of their own, and every third of others."""
    if scene.say("question") or scene.number % 3 == 0:
        actor = scene.handler()
        send_message(scene.case_for(actor), scene.say("question", _ASK), actor=actor)


def _reply(scene: Scene) -> None:
    if scene.say("question") or scene.number % 3 == 0:
        actor = scene.cast.viewer(scene.reporter_id)
        send_reply(scene.case_for(actor), scene.say("reply", _REPLY), actor=actor)


def _note(scene: Scene) -> None:
    if scene.number % 2 == 0:
        actor = scene.handler()
        write_note(scene.case_for(actor), scene.say("note"), actor=actor)


def _add_action(scene: Scene) -> None:
    """The handler does every second action; the others go to somebody of the unit."""
    actor = scene.handler()
    staff = [p for p in scene.cast.staff_of(scene.story.unit_key) if p != scene.reporter_id]
    responsible = actor.id
    if scene.number % 2 and staff:
        responsible = staff[scene.number % len(staff)]
    due_on = today() + timedelta(days=14 + scene.number % 14)
    add_action(scene.case_for(actor), scene.say("action"), responsible, due_on, actor=actor)


def _finish_action(scene: Scene) -> None:
    actor = scene.handler()
    case = scene.case_for(actor)
    action = db.session.execute(
        select(CorrectiveAction).where(CorrectiveAction.deviation_id == case.deviation.id)
    ).scalar_one()
    finish_action(action, case, scene.say("done"), actor=actor)


def _plan_evaluation(scene: Scene) -> None:
    actor = scene.handler()
    is_waiting = scene.story.outcome is Outcome.AWAITING_EVALUATION
    wait = timedelta(days=45 if is_waiting else 30)
    plan_evaluation(scene.case_for(actor), today() + wait, actor=actor)


def _evaluate(scene: Scene) -> None:
    actor = scene.handler()
    evaluate_deviation(scene.case_for(actor), scene.say("effect", _EFFECT), actor=actor)


def _find_causes(scene: Scene, actor: Viewer) -> None:
    """Three of four leaders say why it happened, the usual causes more often than the rare."""
    if scene.number % 4 == 3:
        return
    known = {cause.key: cause.id for cause in load_categories().active_causes}
    wanted = [_CAUSES[scene.number % len(_CAUSES)]]
    if scene.number % 5 == 0:
        wanted.append(_CAUSES[(scene.number + 3) % len(_CAUSES)])
    note = _CAUSE_NOTE if scene.number % 6 == 0 else ""
    set_causes(scene.case_for(actor), [known[key] for key in wanted], note, actor=actor)


def _close(scene: Scene) -> None:
    actor = scene.handler()
    case = scene.case_for(actor)
    if case.deviation.cause_note == "" and not list_chosen(case.deviation.id):
        _find_causes(scene, actor)
        case = scene.case_for(actor)
    if scene.severity.at_least(Severity.HIGH) and case.deviation.evaluated_at is None:
        plan_evaluation(case, today(), actor=actor)
        evaluate_deviation(scene.case_for(actor), scene.say("effect", _EFFECT), actor=actor)
    close_deviation(scene.case_for(actor), scene.say("answer"), actor=actor)


def _reject(scene: Scene) -> None:
    actor = scene.handler()
    answer_proposal(scene.number, actor)
    reject_deviation(scene.case_for(actor), scene.say("reject"), actor=actor)


def _withdraw(scene: Scene) -> None:
    actor = scene.cast.viewer(scene.reporter_id)
    withdraw_deviation(scene.case_for(actor), actor=actor)


def _say_not_solved(scene: Scene) -> None:
    actor = scene.cast.viewer(scene.reporter_id)
    say_not_solved(scene.case_for(actor), scene.say("not_solved"), actor=actor)


def _reopen(scene: Scene) -> None:
    actor = scene.handler()
    reopen_deviation(scene.case_for(actor), scene.say("reopen"), actor=actor)


def _forward(scene: Scene) -> None:
    """Those who run the building take it; what happened there already goes to the sector."""
    actor = scene.handler()
    target = "renhold" if scene.story.unit_key == "eiendom-drift" else "eiendom-drift"
    forward_deviation(
        scene.case_for(actor), scene.cast.unit_ids[target], scene.say("forward"), actor=actor
    )


def _lift(scene: Scene) -> None:
    actor = scene.handler()
    lift_deviation(scene.case_for(actor), scene.say("lift"), actor=actor)


STEPS: dict[str, Callable[[Scene], None]] = {
    "acknowledge": _acknowledge,
    "start": _start,
    "ask": _ask,
    "reply": _reply,
    "note": _note,
    "add_action": _add_action,
    "finish_action": _finish_action,
    "plan_evaluation": _plan_evaluation,
    "evaluate": _evaluate,
    "close": _close,
    "reject": _reject,
    "withdraw": _withdraw,
    "say_not_solved": _say_not_solved,
    "reopen": _reopen,
    "forward": _forward,
    "lift": _lift,
}
