"""Takes the reporter's answers to the questions that come after the report. Never commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from intranet.core.actor import SYSTEM, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.actions.proposals import propose_kind
from intranet.deviations.actions.routes import copy_by_rules, survey, tell_if_critical
from intranet.deviations.actions.steps import AUDIT_EVENTS, add_entry, audit, restart_clock
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import assess_severity, is_judged, relevant_answers
from intranet.deviations.workflow import DeviationState, Step
from intranet.extensions import db


def may_answer(case: Case, viewer: Viewer) -> bool:
    """Whether the reporter may still answer: nobody has taken up or judged the case."""
    deviation = case.deviation
    return (
        deviation.reporter_id == viewer.id
        and deviation.state == DeviationState.REPORTED
        and not deviation.is_severity_assessed
    )


def answer_questions(
    case: Case, category: str, answers: Sequence[str], *, actor: Viewer, version: int
) -> None:
    """Compute the severity from the answers; the reporter may, once, before it is handled.

    Deadlines, copies and who is told at once follow the new severity.
    """
    deviation = case.deviation
    if deviation.reporter_id != actor.id:
        raise NotAllowed(_("Bare den som meldte, kan svare på dette."))
    if version != deviation.version or not may_answer(case, actor):
        if deviation.state == DeviationState.REPORTED and not deviation.is_severity_assessed:
            raise SomeoneElseWasFirst(_("Saken er endret. Se hva som er nytt og prøv igjen."))
        raise NotPossibleNow(_("Saken er alt vurdert. Skriv heller en melding i saken."))
    settings = load_categories(fresh=True)
    if not settings.may_choose(category):
        raise InvalidInput(_("Denne typen er ikke i bruk lenger. Velg en annen."), "category")
    before = deviation.severity
    after = assess_severity(settings.table, category, answers)
    ticked = relevant_answers(settings.table, category, answers)
    deviation.category = category
    deviation.answers = ticked
    deviation.reported_words = settings.words_for(category, ticked) or None
    deviation.severity_rank = after.rank
    deviation.is_severity_assessed = is_judged(settings.table, category)
    deviation.changed_at = now()
    flag_modified(deviation, "changed_at")
    db.session.flush()
    restart_clock(deviation)
    add_entry(deviation, "answered", actor=actor, is_public=True, before=before, after=after)
    audit(
        AUDIT_EVENTS[Step.CHANGE_SEVERITY],
        deviation,
        actor=actor,
        severity_before=before,
        severity_after=after,
        category_after=category,
    )
    ground = survey(deviation)
    tell_if_critical(deviation, ground, actor=SYSTEM)
    copy_by_rules(deviation, actor=SYSTEM, already=case.copied, ground=ground)
    db.session.flush()
    propose_kind(deviation)
