"""Takes in a report: once for each sending, routed, copied and told in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput
from intranet.core.files import ReceivedFile, record_file
from intranet.core.models import give_back_number, next_number
from intranet.core.text import _
from intranet.core.writes import table_of, write
from intranet.deviations.actions.proposals import propose_kind
from intranet.deviations.actions.routes import (
    Ground,
    copy_by_rules,
    route_anew,
    survey,
    tell_handler,
    tell_if_critical,
)
from intranet.deviations.actions.steps import (
    audit,
    keep_privacy_reason,
    new_entry,
    restart_clock,
)
from intranet.deviations.categories import CategorySettings
from intranet.deviations.models import (
    Deviation,
    DeviationConcerned,
    DeviationDraft,
    DeviationFile,
)
from intranet.deviations.numbers import case_number
from intranet.deviations.queries.cases import find_by_send_key
from intranet.deviations.queries.routes import load_chain
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.routing import Route
from intranet.deviations.severity import Severity, assess_severity, is_judged, relevant_answers
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from intranet.people.queries.persons import names_of
from intranet.people.queries.units import is_unit_active

_DRAFTS = table_of(DeviationDraft)
_DISCARD = delete(_DRAFTS).where(_DRAFTS.c.person_id == bindparam("person"))
# Phones whose clock is a little ahead are not told that they report the future.
_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Judged:
    """What the ticks make of a report by the questions of one moment, and the words they had."""

    answers: list[str]
    words: dict[str, dict[str, str]]
    severity: Severity
    is_assessed: bool


@dataclass(frozen=True)
class Report:
    """What a reporter sends. `answers` None: the questions of the category were not looked at.

    `judged`: when it was judged before, by the questions that the reporter was asked.
    """

    what: str
    unit_id: int
    happened_at: datetime
    send_key: str
    category: str | None = None
    answers: Sequence[str] | None = None
    immediate_action: str = ""
    procedure_number: str = ""
    law_reference: str = ""
    concerned_ids: frozenset[int] = field(default_factory=frozenset)
    files: Sequence[ReceivedFile] = ()
    # Why a name or a telephone had to stay in the text.
    privacy_reason: str = ""
    judged: Judged | None = None


def judge(
    settings: CategorySettings, category: str | None, answers: Sequence[str] | None
) -> Judged:
    """Return what the ticks mean by the questions that are in force."""
    was_asked, ticked = answers is not None, answers or ()
    kept = relevant_answers(settings.table, category, ticked)
    return Judged(
        kept,
        settings.words_for(category, kept),
        assess_severity(settings.table, category, ticked, was_asked=was_asked),
        is_judged(settings.table, category, was_asked=was_asked),
    )


@dataclass(frozen=True)
class NewCase:
    """A case on its way into the tables, and what its route stands on."""

    deviation: Deviation
    ground: Ground
    route: Route


def report_deviation(report: Report, *, actor: Viewer) -> Deviation:
    """Keep the report and give it to the responsible leader; anybody who works here may.

    The same send key from the same person gives the report that was made the first time (CC-04).
    Raises InvalidInput for an empty text, a moment that has not come, or a unit that is gone.
    """
    year = _year_of(now())
    # Numbers are given one at a time: a second press of the same button waits here until the
    # first one's report is kept, and finds it.
    sequence = next_number(_series(year))
    known = find_by_send_key(actor.id, report.send_key)
    if known is not None:
        give_back_number(_series(year))
        return known
    case = place_report(report, actor, _check(report))
    _add(case.deviation, year, sequence)
    add_belongings(case.deviation, report, actor)
    begin_case(case, report, actor=actor)
    discard_draft(actor=actor)
    db.session.flush()
    return case.deviation


def begin_case(case: NewCase, report: Report, *, actor: Actor) -> None:
    """Tell the story of a report that is in the tables so far, and tell who shall know of it."""
    deviation, ground, route = case.deviation, case.ground, case.route
    names = names_of([route.handler_id])
    entry = new_entry(deviation, "reported", actor=actor, is_public=True)
    keep_privacy_reason(deviation, report.privacy_reason, actor=actor)
    if route.handler_id is None:
        new_entry(deviation, "unassigned", actor=SYSTEM)
    else:
        new_entry(deviation, "rerouted", actor=SYSTEM, to=names.get(route.handler_id, ""))
    db.session.flush()
    audit(
        AuditEvent.DEVIATION_REPORTED,
        deviation,
        actor=actor,
        severity=deviation.severity,
        handler=route.handler_id,
        passed=[[unit_id, why] for unit_id, why in route.passed],
    )
    tell_handler(deviation, entry, actor=actor, event="deviation.reported", ground=ground)
    tell_if_critical(deviation, ground, actor=SYSTEM)
    copy_by_rules(deviation, actor=SYSTEM, ground=ground)
    db.session.flush()
    propose_kind(deviation, is_new=True)


def save_draft(fields: dict[str, object], *, actor: Viewer) -> None:
    """Keep what the reporter has written so far; the draft that was there is replaced."""
    draft = db.session.get(DeviationDraft, actor.id)
    if draft is None:
        db.session.add(DeviationDraft(person_id=actor.id, fields=fields, saved_at=now()))
    else:
        draft.fields, draft.saved_at = fields, now()
    db.session.flush()


def discard_draft(*, actor: Viewer) -> None:
    """Throw away the reporter's own draft, if there is one."""
    forget_draft(actor.id)


def forget_draft(person_id: int) -> None:
    """Throw away the draft of somebody, also of one who is erased."""
    write(_DISCARD, {"person": person_id})


def _check(report: Report) -> CategorySettings:
    """Return the newest categories, by which the report was found right."""
    if not report.what.strip():
        raise InvalidInput(_("Skriv hva som skjedde."), "what")
    if report.happened_at > now() + _AHEAD:
        raise InvalidInput(_("Tidspunktet har ikke vært ennå. Rett dato eller klokkeslett."), "day")
    settings = load_categories(fresh=True)
    if not settings.may_choose(report.category):
        raise InvalidInput(_("Denne typen er ikke i bruk lenger. Velg en annen."), "category")
    if not is_unit_active(report.unit_id):
        raise InvalidInput(_("Denne enheten finnes ikke lenger. Velg en annen."), "unit_id")
    return settings


def place_report(report: Report, actor: Actor, settings: CategorySettings | None = None) -> NewCase:
    """Return the report as a case that is not in the tables yet: judged by the facts that were
    ticked, with the right leader and its clock started; asks nobody's leave.

    An actor without id is nobody: the report is anonymous.
    """
    reported_at = now()
    judged = report.judged or judge(
        settings or load_categories(fresh=True), report.category, report.answers
    )
    deviation = Deviation(
        state=DeviationState.REPORTED,
        reporter_id=actor.id,
        is_anonymous=actor.id is None,
        send_key=report.send_key,
        reported_at=reported_at,
        running_since=reported_at,
        happened_at=report.happened_at,
        unit_id=report.unit_id,
        what=report.what,
        immediate_action=report.immediate_action,
        text_key=f"{report.what}\n{report.immediate_action}".casefold(),
        category=report.category,
        answers=judged.answers,
        reported_words=judged.words or None,
        procedure_number=report.procedure_number,
        law_reference=report.law_reference,
        severity_rank=judged.severity.rank,
        is_severity_assessed=judged.is_assessed,
    )
    ground = survey(deviation, concerned=report.concerned_ids)
    route = route_anew(deviation, ground)
    restart_clock(deviation, has_actions=False)
    return NewCase(deviation, ground, route)


def add_deviation(deviation: Deviation) -> None:
    """Give the case the next number and put it in the tables, all of it at once."""
    year = _year_of(deviation.reported_at)
    _add(deviation, year, next_number(_series(year)))


def _year_of(moment: datetime) -> int:
    return moment.astimezone(OSLO).year


def _series(year: int) -> str:
    return f"deviation-{year}"


def _add(deviation: Deviation, year: int, sequence: int) -> None:
    deviation.number = case_number(year, sequence)
    db.session.add(deviation)
    db.session.flush()


def add_belongings(deviation: Deviation, report: Report, actor: Actor) -> None:
    """Add whom it concerns before anybody is told, and the files."""
    for person_id in sorted(report.concerned_ids):
        db.session.add(
            DeviationConcerned(deviation_id=deviation.id, person_id=person_id, created_by=actor.id)
        )
    for received in report.files:
        stored = record_file(received, actor=actor)
        db.session.add(
            DeviationFile(
                deviation_id=deviation.id,
                stored_file_id=stored.id,
                is_public=True,
                created_by=actor.id,
            )
        )
    db.session.flush()


def find_leader_of(unit_id: int, *, besides: int) -> int | None:
    """Return whom "the leader" of a unit means: the nearest one upwards who is not the reporter."""
    leaders = (link.leader_id for link in load_chain(unit_id))
    return next((leader for leader in leaders if leader not in (None, besides)), None)
