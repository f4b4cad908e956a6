"""How a case ends and begins again: evaluated, closed, rejected, reopened. Never commits."""

from __future__ import annotations

from datetime import date

from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.deviations.actions.handle import find_level_above, tell_reporter
from intranet.deviations.actions.merge import (
    end_duplicates,
    reopen_duplicates,
)
from intranet.deviations.actions.routes import set_route, survey, tell_handler
from intranet.deviations.actions.steps import (
    check_step,
    complete_step,
    restart_clock,
    shown_number,
    tell,
)
from intranet.deviations.actions.types import refuse_if_type_forbids
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import Case, has_open_actions, list_actions
from intranet.deviations.routing import Route
from intranet.deviations.words import FAULTS, refusal
from intranet.deviations.workflow import (
    ActionFacts,
    Fault,
    Step,
    closing_faults,
    may_say_not_solved,
)
from intranet.extensions import db


def plan_evaluation(
    case: Case, evaluate_on: date, *, actor: Viewer, version: int | None = None
) -> None:
    """Set the day when the effect is looked at; the handler may, when no action is open."""
    check_step(case, Step.PLAN_EVALUATION, actor=actor, version=version)
    if evaluate_on < today():
        raise InvalidInput(_("Dagen har vært. Velg i dag eller en senere dag."), "evaluate_on")
    if has_open_actions(case.deviation.id):
        raise NotPossibleNow(_("Avslutt tiltakene først. Så kan du sette dato for effekten."))
    case.deviation.evaluate_on = evaluate_on
    case.deviation.evaluated_at = None
    complete_step(
        case,
        Step.PLAN_EVALUATION,
        actor=actor,
        details={"evaluate_on": evaluate_on},
        day=f"{evaluate_on:%d.%m.%Y}",
    )


def evaluate_deviation(
    case: Case, evaluation: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Write down whether the actions work; the handler may. If they do not, more are added."""
    check_step(case, Step.EVALUATE, actor=actor, version=version)
    if not evaluation.strip():
        raise InvalidInput(_("Skriv om tiltakene virker."), "evaluation")
    case.deviation.evaluation = evaluation
    case.deviation.evaluated_at = now()
    complete_step(case, Step.EVALUATE, actor=actor, text=evaluation)


def close_deviation(case: Case, answer: str, *, actor: Viewer, version: int | None = None) -> None:
    """End the case with an answer to the reporter in plain words; the handler may.

    Refused while an action is open, and from severity high until the effect is evaluated.
    """
    check_step(case, Step.CLOSE, actor=actor, version=version)
    deviation = case.deviation
    faults = closing_faults(
        answer=answer,
        actions=[ActionFacts(row.state, row.note) for row in list_actions(deviation.id)],
        severity=deviation.severity,
        is_evaluated=deviation.evaluated_at is not None,
    )
    if Fault.NO_ANSWER in faults:
        raise InvalidInput(FAULTS[Fault.NO_ANSWER], "answer")
    if faults:
        raise NotPossibleNow(" ".join(str(FAULTS[fault]) for fault in faults))
    refuse_if_type_forbids(deviation)
    deviation.answer, deviation.closed_at = answer, now()
    entry = complete_step(case, Step.CLOSE, actor=actor, text=answer)
    tell_reporter(deviation, entry, actor=actor)
    end_duplicates(deviation)


def reject_deviation(case: Case, reason: str, *, actor: Viewer, version: int | None = None) -> None:
    """End the case as no deviation, with the reason; the handler may.

    The reporter and the leader one level up are told, who may reopen it.
    """
    check_step(case, Step.REJECT, actor=actor, version=version)
    deviation = case.deviation
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor meldingen avvises."), "reason")
    refuse_if_type_forbids(deviation, is_rejected=True)
    above = find_level_above(deviation, survey(deviation))
    deviation.answer, deviation.closed_at = reason, now()
    deviation.rejection_seen_at = None
    entry = complete_step(case, Step.REJECT, actor=actor, text=reason)
    tell_reporter(deviation, entry, actor=actor)
    end_duplicates(deviation)
    if above is not None:
        tell(
            deviation,
            [above.receiver_id],
            entry,
            _("Avvik %(number)s er avvist", number=shown_number(deviation)),
            event="deviation.rejected",
            actor=actor,
        )


def agree_to_rejection(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Say that it was no deviation; leaders above may, and the case leaves their list."""
    check_step(case, Step.AGREE_TO_REJECTION, actor=actor, version=version)
    if case.deviation.rejection_seen_at is not None:
        raise NotPossibleNow(_("En leder har sett på avvisningen allerede."))
    case.deviation.rejection_seen_at = now()
    complete_step(case, Step.AGREE_TO_REJECTION, actor=actor)


def withdraw_deviation(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Take the report back; the reporter may, until it is acknowledged. It is kept, not deleted."""
    check_step(case, Step.WITHDRAW, actor=actor, version=version)
    refuse_if_type_forbids(case.deviation, is_rejected=True, is_own=True)
    case.deviation.closed_at = now()
    complete_step(case, Step.WITHDRAW, actor=actor)


def reopen_deviation(case: Case, reason: str, *, actor: Viewer, version: int | None = None) -> None:
    """Take up a closed or rejected case again, with a reason; handler and leaders above may."""
    check_step(case, Step.REOPEN, actor=actor, version=version)
    deviation = case.deviation
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor avviket åpnes igjen."), "reason")
    _open_again(deviation)
    entry = complete_step(case, Step.REOPEN, actor=actor, text=reason)
    tell_reporter(deviation, entry, actor=actor)
    tell_handler(deviation, entry, actor=actor)


def say_not_solved(case: Case, why: str, *, actor: Viewer, version: int | None = None) -> None:
    """Say that the problem is not solved; the reporter may, once, within 14 days of the closing.

    The case opens one level up; where nobody is above, with the one who had it.
    """
    check_step(case, Step.NOT_SOLVED, actor=actor, version=version)
    deviation = case.deviation
    if not may_say_not_solved(
        deviation.state, deviation.closed_at, has_said=deviation.has_said_not_solved, at=now()
    ):
        raise NotPossibleNow(refusal(Step.NOT_SOLVED, deviation.state))
    if not why.strip():
        raise InvalidInput(_("Skriv hva som ikke er løst."), "reason")
    open_above(deviation)
    entry = complete_step(case, Step.NOT_SOLVED, actor=actor, text=why)
    restart_clock(deviation)
    db.session.flush()
    tell_handler(deviation, entry, actor=actor)


def open_above(deviation: Deviation) -> None:
    """Open a closed case one level up, because the reporter says that it is not solved."""
    above = find_level_above(deviation, survey(deviation))
    if above is not None:
        set_route(
            deviation,
            Route(
                above.handler_id, above.handler_unit_id, above.receiver_id, deviation.line_unit_id
            ),
        )
    deviation.has_said_not_solved = True
    _open_again(deviation)


def _open_again(deviation: Deviation) -> None:
    """Start anew: the deadlines count from now and an earlier evaluation counts no longer.

    The duplicates wait again; one that is itself taken up goes its own way from now on.
    """
    reopen_duplicates(deviation)
    deviation.duplicate_of_id = deviation.state_before_merge = None
    deviation.running_since = now()
    deviation.closed_at = None
    deviation.evaluated_at = None
    deviation.evaluate_on = None
