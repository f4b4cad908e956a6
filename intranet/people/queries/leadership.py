"""Reads who led a unit on a day, also one that is past."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, or_, select

from intranet.core.clock import today
from intranet.core.reads import read
from intranet.people.models import Leadership, Person, StandIn
from intranet.people.queries.units import leaders_of

_KNOWN_FROM = select(func.min(Leadership.known_from))
_LED = select(Leadership.unit_id, Leadership.person_id).where(
    Leadership.unit_id.in_(bindparam("units", expanding=True)),
    Leadership.known_from <= bindparam("day"),
    or_(Leadership.ended_on.is_(None), Leadership.ended_on > bindparam("day")),
)
_STOOD_IN = (
    select(StandIn.leader_id, StandIn.stand_in_id)
    .join(Person, Person.id == StandIn.stand_in_id)
    .where(
        StandIn.leader_id.in_(bindparam("leaders", expanding=True)),
        StandIn.starts_on <= bindparam("day"),
        StandIn.ends_on >= bindparam("day"),
    )
    .order_by(StandIn.id)
)


@dataclass(frozen=True)
class LeadersOf:
    """Who led a unit on a day, and who stood in. Both None: nobody did."""

    leader_id: int | None = None
    stand_in_id: int | None = None


def leaders_known_from() -> date | None:
    """Return the first day about which the portal knows who led; None: only about today."""
    found: date | None = read(_KNOWN_FROM).scalar()
    return found


def leaders_on(unit_ids: Collection[int], on: date) -> dict[int, LeadersOf]:
    """Return who led each of the units on the day. Of days to come: who leads now.

    A unit of which it is not known is left out, so that nobody takes it for a vacant post.
    """
    if not unit_ids:
        return {}
    if on >= today():
        return {
            link.unit_id: LeadersOf(link.leader_id, link.stand_in_id)
            for link in leaders_of(sorted(unit_ids), on)
        }
    known_from = leaders_known_from()
    if known_from is None or on < known_from:
        return {}
    led = {row[0]: row[1] for row in read(_LED, units=sorted(unit_ids), day=on).all()}
    stood_in = _stand_ins(sorted(set(led.values())), on)
    return {
        unit_id: LeadersOf(led.get(unit_id), stood_in.get(led.get(unit_id, 0)))
        for unit_id in unit_ids
    }


def _stand_ins(leader_ids: list[int], on: date) -> dict[int, int]:
    if not leader_ids:
        return {}
    # Of overlapping periods the one registered last counts.
    return {row[0]: row[1] for row in read(_STOOD_IN, leaders=leader_ids, day=on).all()}
