"""Gives a case to the leader whom the rules name, copies whom the table names; never commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.text import _
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.models import Deviation, DeviationCopy, DeviationEntry
from intranet.deviations.queries.routes import (
    concerned_ids_of,
    excluded_ids_of,
    list_to_copy,
    load_chain,
    load_top,
    receivers_of,
    stand_ins_of,
)
from intranet.deviations.routing import DUTY_ROLES, Link, Route, Top, find_route
from intranet.deviations.severity import Severity
from intranet.extensions import db
from intranet.people.queries.persons import names_of


@dataclass(frozen=True)
class Ground:
    """What the routing of one case stands on."""

    chain: list[Link]
    top: Top
    concerned: frozenset[int]

    @cached_property
    def excluded(self) -> frozenset[int]:
        """Those who must hear nothing: the concerned and their stand-ins, read when asked for."""
        return self.concerned | stand_ins_of(self.concerned)


def survey(deviation: Deviation, *, concerned: frozenset[int] | None = None) -> Ground:
    """Return the chain above the place of the event, its top, and the concerned."""
    chain = load_chain(deviation.unit_id)
    if concerned is None:
        concerned = concerned_ids_of(deviation.id)
    return Ground(chain, load_top(chain), concerned)


def set_route(deviation: Deviation, route: Route) -> None:
    """Give the case to the one whom the route names; what had climbed comes back."""
    deviation.handler_id = route.handler_id
    deviation.handler_unit_id = route.handler_unit_id
    deviation.line_unit_id = route.line_unit_id
    deviation.level = 0
    deviation.climbed_unit_id = None


def route_anew(deviation: Deviation, ground: Ground) -> Route:
    """Set and return the route of a case as if it were reported now."""
    route = find_route(
        ground.chain,
        ground.top,
        reporter_id=deviation.reporter_id,
        concerned=ground.concerned,
    )
    set_route(deviation, route)
    return route


def is_still_right(deviation: Deviation, ground: Ground) -> bool:
    """Whether the handler may keep the case: not concerned, nor below somebody whom it concerns.

    Also false when the handler no longer leads the unit, or nobody has the case.
    """
    if deviation.handler_id is None or deviation.handler_id in ground.concerned:
        return False
    if deviation.handler_unit_id is None:
        return True
    chain = load_chain(deviation.handler_unit_id)
    if chain[0].leader_id != deviation.handler_id:
        return False
    route = find_route(
        chain,
        ground.top,
        reporter_id=deviation.reporter_id,
        concerned=ground.concerned,
    )
    return route.handler_id == deviation.handler_id


def tell_handler(
    deviation: Deviation,
    entry: DeviationEntry,
    *,
    actor: Actor,
    event: str = "deviation.assigned",
    ground: Ground | None = None,
) -> None:
    """Tell who does the handler's tasks today that the case waits for them."""
    tell(
        deviation,
        receivers_of(deviation, ground.chain if ground else ()),
        entry,
        _("Avvik %(number)s venter på deg", number=shown_number(deviation)),
        event=event,
        actor=actor,
        is_urgent=deviation.severity == Severity.CRITICAL,
        excluded=ground.excluded if ground else None,
    )


def tell_if_critical(deviation: Deviation, ground: Ground, *, actor: Actor) -> None:
    """Tell the kommunalsjef and the chief executive at once of a critical case."""
    if deviation.severity != Severity.CRITICAL:
        return
    recipients = [
        link.stand_in_id or link.leader_id
        for link in _readable(deviation, ground.chain)
        if link.level in ("sector", "municipality")
    ]
    if not recipients:
        return
    entry = add_entry(deviation, "told_at_once", actor=actor)
    tell(
        deviation,
        recipients,
        entry,
        _("Kritisk avvik %(number)s er meldt", number=shown_number(deviation)),
        event="deviation.critical",
        actor=actor,
        is_urgent=True,
        excluded=ground.excluded,
    )


def copy_by_rules(
    deviation: Deviation,
    *,
    actor: Actor,
    already: Collection[int] = (),
    ground: Ground | None = None,
) -> None:
    """Copy those whom the table of copies names for the case as it is now, each once.

    A confidential case is shown to no more people than it was, save whom the law gives a duty.
    """
    excluded = ground.excluded if ground else excluded_ids_of(deviation.id)
    named = list_to_copy(deviation, excluded, ground.chain if ground else None)
    copied = {
        person_id: role
        for person_id, role in named.items()
        if person_id not in already and (role in DUTY_ROLES or not deviation.is_confidential)
    }
    if not copied:
        return
    for person_id, role in copied.items():
        db.session.add(DeviationCopy(deviation_id=deviation.id, person_id=person_id, role=role))
    names = names_of(copied)
    shown = ", ".join(names[person_id] for person_id in copied)
    entry = add_entry(deviation, "copied", actor=actor, to=shown)
    audit(AuditEvent.DEVIATION_COPIED, deviation, actor=actor, persons=sorted(copied))
    tell(
        deviation,
        copied,
        entry,
        _("Du har fått kopi av avvik %(number)s", number=shown_number(deviation)),
        event="deviation.copied",
        actor=actor,
        excluded=excluded,
    )


def _readable(deviation: Deviation, chain: list[Link]) -> list[Link]:
    """Return the part of the chain that may read the case."""
    places = [place for place, link in enumerate(chain) if link.unit_id == deviation.line_unit_id]
    return chain[places[0] :] if places else []
