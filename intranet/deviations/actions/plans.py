"""The written plan of a case: made, changed as a new version, opened, printed. Never commits."""

from __future__ import annotations

from typing import Any

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotAllowed, NotFound, SomeoneElseWasFirst
from intranet.core.text import _, _l
from intranet.deviations.actions.clocks import Sent, settle_clock
from intranet.deviations.actions.plan_signals import await_evaluation
from intranet.deviations.actions.steps import add_entry, audit
from intranet.deviations.models import Deviation
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import PlanContent, PlanFault, plan_fault
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.queries.plans import find_plan, find_plan_clock, list_plans
from intranet.deviations.type_policy import changes_plan, reads_plan
from intranet.extensions import db

FAULTS: dict[PlanFault, tuple[str, Any]] = {
    PlanFault.NO_PROBLEM: ("problem", _l("Skriv hva planen skal løse.")),
    PlanFault.NO_CHILD_VIEW: ("child_view", _l("Skriv hva barnet eller eleven selv mener.")),
    PlanFault.NO_MEASURE: ("measures", _l("Skriv minst ett tiltak, med hvem og når.")),
    PlanFault.HALF_MEASURE: ("measures", _l("Hvert tiltak må ha hva, hvem og når.")),
    PlanFault.TOO_MANY: ("measures", _l("En plan kan ha høyst tjue tiltak.")),
    PlanFault.NO_CHANGE_NOTE: ("change_note", _l("Skriv hva som er endret siden sist.")),
    PlanFault.EVALUATED_BEFORE: (
        "evaluate_on",
        _l("Dagen har vært. Velg i dag eller en senere dag."),
    ),
}


def save_plan(
    case: Case, content: PlanContent, *, actor: Viewer, based_on: int, late_reason: str = ""
) -> DeviationPlan:
    """Keep a version of the plan; the handler may, while the case is open.

    `based_on`: the version that the page showed, 0 for none. The first version meets the clock of
    the plan; when its limit has passed, `late_reason` says why.
    """
    kind = kind_of(case.deviation.id)
    if not changes_plan(actor, case.access, kind):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    # Two at once: the second waits here, and then sees the version of the first.
    db.session.get(Deviation, case.deviation.id, with_for_update=True)
    newest = find_plan(case.deviation.id)
    number = 0 if newest is None else newest.number
    if based_on != number:
        raise SomeoneElseWasFirst(
            _("Noen andre endret planen mens du skrev. Se hva som er lagret nå, før du lagrer.")
        )
    fault = plan_fault(content, is_first=newest is None, today=today())
    if fault is not None:
        field, words = FAULTS[fault]
        raise InvalidInput(words, field)
    plan = DeviationPlan(
        deviation_id=case.deviation.id,
        number=number + 1,
        problem=content.problem,
        child_view=content.child_view,
        measures=[each.as_row() for each in content.measures],
        evaluate_on=content.evaluate_on,
        change_note=content.change_note,
        created_by=actor.id,
    )
    db.session.add(plan)
    await_evaluation(plan, newest)
    _note(case, plan, actor, "plan_made" if newest is None else "plan_changed")
    audit(
        AuditEvent.DEVIATION_PLAN_SAVED,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        version=plan.number,
        measures=len(plan.measures),
        evaluate_on=plan.evaluate_on,
    )
    _meet_clock(case, plan, late_reason, actor)
    return plan


def open_plans(case: Case, *, actor: Viewer) -> list[DeviationPlan]:
    """Return the versions, the newest first, and record who read them."""
    if not reads_plan(actor, case.access, kind_of(case.deviation.id)):
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    audit(AuditEvent.DEVIATION_PLAN_READ, case.deviation, actor=actor)
    return list_plans(case.deviation.id)


def print_plan(case: Case, number: int, *, actor: Viewer) -> DeviationPlan:
    """Return one version for paper, and record it in the story. Raises NotFound."""
    plans = {plan.number: plan for plan in open_plans(case, actor=actor)}
    if number not in plans:
        raise NotFound(_("Vi finner ikke denne versjonen av planen."))
    _note(case, plans[number], actor, "plan_printed")
    audit(AuditEvent.DEVIATION_PLAN_PRINTED, case.deviation, actor=actor, version=number)
    return plans[number]


def _note(case: Case, plan: DeviationPlan, actor: Viewer, code: str) -> None:
    """One line of the story, without a word of what the plan says."""
    leader_id = acts_for(actor, case.access)
    add_entry(case.deviation, code, actor=actor, on_behalf_of=leader_id, number=plan.number)


def _meet_clock(case: Case, plan: DeviationPlan, late_reason: str, actor: Viewer) -> None:
    clock = find_plan_clock(case.deviation.id)
    if clock is None or not clock.is_open:
        return
    note = _("Skriftlig plan, versjon %(number)s, ligger i saken.", number=plan.number)
    try:
        settle_clock(case, clock, Sent(now(), note, "", late_reason), actor=actor)
    except InvalidInput as error:
        raise InvalidInput(error.message, "late_reason") from error
