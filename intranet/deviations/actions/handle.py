"""What the handler does on the way: acknowledge, start, hand over, judge anew. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.deviations.actions.proposals import propose_kind
from intranet.deviations.actions.routes import (
    Ground,
    copy_by_rules,
    is_still_right,
    route_anew,
    set_route,
    survey,
    tell_handler,
    tell_if_critical,
)
from intranet.deviations.actions.steps import (
    add_entry,
    audit,
    check_step,
    complete_step,
    restart_clock,
    shown_number,
    tell,
)
from intranet.deviations.models import Deviation, DeviationConcerned, DeviationEntry
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.links import list_duplicates_of
from intranet.deviations.queries.routes import concerned_ids_of, load_chain, load_top
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.routing import Route, Top, find_route
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import Step
from intranet.extensions import db
from intranet.people.queries.persons import names_of


def acknowledge_deviation(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Say that the report has been received; the handler may. The reporter is told."""
    check_step(case, Step.ACKNOWLEDGE, actor=actor, version=version)
    entry = complete_step(case, Step.ACKNOWLEDGE, actor=actor)
    tell_reporter(case.deviation, entry, actor=actor)


def start_deviation(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Begin to handle an acknowledged case; the handler may."""
    check_step(case, Step.START, actor=actor, version=version)
    complete_step(case, Step.START, actor=actor)


def forward_deviation(
    case: Case, unit_id: int, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Give the case to the leader of another unit, with a reason; handler and leaders above may.

    Refused when that leader is concerned, is led by somebody who is, reported it, or is away with a
    stand-in who is.
    """
    check_step(case, Step.FORWARD, actor=actor, version=version)
    deviation = case.deviation
    _demand(reason, _("Skriv hvorfor du sender avviket videre."), "reason")
    chain = load_chain(unit_id)
    route = find_route(
        chain,
        load_top(chain),
        reporter_id=deviation.reporter_id,
        concerned=case.access.concerned_ids,
    )
    if route.handler_unit_id != unit_id:
        raise InvalidInput(
            _("Denne lederen kan ikke behandle avviket. Velg en annen leder."), "unit_id"
        )
    if route.handler_id == deviation.handler_id:
        raise InvalidInput(_("Denne lederen har avviket allerede. Velg en annen."), "unit_id")
    _hand_over(case, Step.FORWARD, _keeping_line(deviation, route), reason, actor=actor)


def lift_deviation(case: Case, reason: str, *, actor: Viewer, version: int | None = None) -> None:
    """Give the case to the next level up, because it is beyond the handler's authority.

    The handler may. Raises NotPossibleNow when nobody is above.
    """
    check_step(case, Step.LIFT, actor=actor, version=version)
    deviation = case.deviation
    _demand(reason, _("Skriv hvorfor avviket må løftes."), "reason")
    is_at_climbed = any(led.unit_id == deviation.climbed_unit_id for led in actor.led)
    route = find_level_above(deviation, survey(deviation), from_climbed=is_at_climbed)
    if route is None:
        raise NotPossibleNow(_("Det er ingen leder over deg å løfte avviket til."))
    _hand_over(case, Step.LIFT, _keeping_line(deviation, route), reason, actor=actor)


def change_severity(
    case: Case,
    severity: Severity,
    reason: str,
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Judge the severity anew, with a reason; the handler may.

    Deadlines and copies follow the new one, and a critical case is told upwards at once.
    """
    check_step(case, Step.CHANGE_SEVERITY, actor=actor, version=version)
    deviation = case.deviation
    _demand(reason, _("Skriv hvorfor alvorligheten endres."), "reason")
    before = deviation.severity
    if severity == before and deviation.is_severity_assessed:
        raise InvalidInput(_("Avviket har denne alvorligheten fra før."), "severity")
    deviation.severity_rank = severity.rank
    deviation.is_severity_assessed = True
    entry = complete_step(
        case,
        Step.CHANGE_SEVERITY,
        actor=actor,
        text=reason,
        details={"severity_before": before, "severity_after": severity},
        before=before,
        after=severity,
    )
    if not before.at_least(severity):
        tell_if_critical(deviation, survey(deviation), actor=SYSTEM)
    _copy_more(case)
    tell_reporter(deviation, entry, actor=actor)


def change_category(
    case: Case, category: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Say what the deviation touches; the handler may. Copies follow the new category."""
    check_step(case, Step.CHANGE_CATEGORY, actor=actor, version=version)
    deviation = case.deviation
    before = deviation.category
    if category == before:
        raise InvalidInput(_("Avviket har denne typen fra før."), "category")
    settings = load_categories(fresh=True)
    if not settings.may_choose(category):
        raise InvalidInput(_("Denne typen er ikke i bruk lenger. Velg en annen."), "category")
    kept = dict(deviation.reported_words or {})
    words = settings.words_for(category, [])
    deviation.category = category
    # The words of the answers stay: they say what the reporter ticked.
    deviation.reported_words = {**kept, **words}
    complete_step(
        case,
        Step.CHANGE_CATEGORY,
        actor=actor,
        details={"category_before": before, "category_after": category},
        before=kept.get(before or "", before),
        after=words[category],
    )
    _copy_more(case)
    propose_kind(deviation)


def add_concerned(case: Case, person_id: int, *, actor: Viewer, version: int | None = None) -> None:
    """Say that the case concerns a person, who from now on sees nothing of it (AZ-10).

    Handler, leaders above and the reporter may. When the handler is that person, is led by them or
    has them as stand-in, the case goes to the next authority at once.
    """
    check_step(case, Step.ADD_CONCERNED, actor=actor, version=version)
    deviation = case.deviation
    if person_id == deviation.reporter_id:
        raise InvalidInput(_("Den som meldte kan ikke stenges ute fra sin egen melding."), "person")
    if person_id in case.access.concerned_ids:
        raise InvalidInput(_("Personen er lagt til fra før."), "person")
    db.session.add(
        DeviationConcerned(deviation_id=deviation.id, person_id=person_id, created_by=actor.id)
    )
    db.session.flush()
    complete_step(case, Step.ADD_CONCERNED, actor=actor, details={"person": person_id})
    reroute_if_wrong(deviation)
    for duplicate in list_duplicates_of(deviation.id):
        _add_concerned_too(duplicate, person_id, actor)


def _add_concerned_too(duplicate: Deviation, person_id: int, actor: Viewer) -> None:
    """Keep from the person what tells the same; the reporter keeps the report."""
    if person_id in {duplicate.reporter_id, *concerned_ids_of(duplicate.id)}:
        return
    db.session.add(
        DeviationConcerned(deviation_id=duplicate.id, person_id=person_id, created_by=actor.id)
    )
    db.session.flush()
    add_entry(duplicate, Step.ADD_CONCERNED, actor=actor)
    audit(AuditEvent.DEVIATION_CONCERNED_ADDED, duplicate, actor=actor, person=person_id)
    reroute_if_wrong(duplicate)


def reroute_if_wrong(deviation: Deviation) -> bool:
    """Give the case to the right leader when the one who has it may not keep it; return whether.

    Done by the system: after somebody was found to be concerned, and when a leader left the post.
    """
    ground = survey(deviation)
    line = find_route(
        ground.chain, ground.top, reporter_id=deviation.reporter_id, concerned=ground.concerned
    ).line_unit_id
    if is_still_right(deviation, ground):
        deviation.line_unit_id = line
        db.session.flush()
        return False
    before = deviation.handler_id
    route = route_anew(deviation, ground)
    restart_clock(deviation, is_handed_over=True)
    if route.handler_id == before:
        return False
    name = names_of([route.handler_id]).get(route.handler_id or 0, "")
    code = "rerouted" if route.handler_id is not None else "unassigned"
    entry = add_entry(deviation, code, actor=SYSTEM, to=name)
    audit(
        AuditEvent.DEVIATION_REROUTED,
        deviation,
        actor=SYSTEM,
        handler_before=before,
        handler_after=route.handler_id,
    )
    tell_handler(deviation, entry, actor=SYSTEM)
    return True


def find_level_above(
    deviation: Deviation, ground: Ground, *, from_climbed: bool = False
) -> Route | None:
    """Return the route to the level above the handler, or None when nobody is there.

    `from_climbed`: above the level that the case has climbed to.
    """
    unit_id = deviation.climbed_unit_id if from_climbed else None
    unit_id = unit_id or deviation.handler_unit_id
    if unit_id is None or deviation.handler_unit_id is None:
        return None
    chain = load_chain(deviation.handler_unit_id)
    top = load_top(chain)
    have_had = {deviation.handler_id or 0}
    have_had |= {link.leader_id or 0 for link in chain if link.unit_id == unit_id}
    route = find_route(
        chain,
        Top(top.chief_id, top.chief_stand_in_id),
        reporter_id=deviation.reporter_id,
        concerned=ground.concerned,
        above_unit_id=unit_id,
        besides=have_had,
    )
    return None if route.handler_id is None else route


def tell_reporter(deviation: Deviation, entry: DeviationEntry, *, actor: Actor) -> None:
    """Tell the reporter that something is new in the report."""
    tell(
        deviation,
        [deviation.reporter_id],
        entry,
        _("Nytt i avviket du meldte, %(number)s", number=shown_number(deviation)),
        event="deviation.news",
        actor=actor,
    )


def _keeping_line(deviation: Deviation, route: Route) -> Route:
    """Return the route with the line of the place of the event, which a handler does not change."""
    return Route(route.handler_id, route.handler_unit_id, route.receiver_id, deviation.line_unit_id)


def _hand_over(case: Case, step: Step, route: Route, reason: str, *, actor: Viewer) -> None:
    deviation = case.deviation
    before = deviation.handler_id
    name = names_of([route.handler_id]).get(route.handler_id or 0, "")
    entry = complete_step(
        case,
        step,
        actor=actor,
        text=reason,
        details={"handler_before": before, "handler_after": route.handler_id},
        to=name,
    )
    set_route(deviation, route)
    restart_clock(deviation, is_handed_over=True)
    db.session.flush()
    for duplicate in list_duplicates_of(deviation.id):
        if route.handler_id not in {duplicate.reporter_id, *concerned_ids_of(duplicate.id)}:
            set_route(duplicate, _keeping_line(duplicate, route))
    tell_handler(deviation, entry, actor=actor)


def _copy_more(case: Case) -> None:
    copy_by_rules(case.deviation, actor=SYSTEM, already=case.access.copied_ids)


def _demand(text: str, message: str, field: str) -> None:
    if not text.strip():
        raise InvalidInput(message, field)
