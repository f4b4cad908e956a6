"""Reads what routing and escalation go by: chains of leaders, stand-ins, deadlines, copies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.settings import get_settings
from intranet.deviations.escalation import Days
from intranet.deviations.models import (
    Deviation,
    DeviationConcerned,
)
from intranet.deviations.queries.settings import load_rules
from intranet.deviations.routing import (
    Link,
    Top,
    list_copied_persons,
    list_copied_roles,
)
from intranet.deviations.severity import Severity
from intranet.extensions import db
from intranet.people.models import Person, StandIn
from intranet.people.queries.units import (
    chief_executive_id,
    holders_on,
    list_leaders_above,
)


def load_chain(unit_id: int) -> list[Link]:
    """Return the leaders from the unit up to the municipality, with the stand-ins of today."""
    return [
        Link(link.unit_id, link.path, link.leader_id, link.stand_in_id, link.level)
        for link in list_leaders_above(unit_id)
    ]


def load_top(chain: Sequence[Link]) -> Top:
    """Return who is above the chain: the chief executive and the recipient of the settings."""
    head = chain[-1] if chain else None
    if head is not None and head.level == "municipality":
        chief_id, stand_in_id = head.leader_id, head.stand_in_id
    else:
        chief_id, stand_in_id = chief_executive_id(), None
    return Top(chief_id, stand_in_id, find_last_recipient_id())


def find_last_recipient_id() -> int | None:
    """Return the active person whom the settings name for what concerns the chief executive."""
    name = get_settings().recipient_above_chief.strip().casefold()
    if not name:
        return None
    return db.session.execute(
        select(Person.id).where(
            Person.username_key == name, Person.is_directory_active, ~Person.is_blocked
        )
    ).scalar_one_or_none()


def concerned_ids_of(deviation_id: int) -> frozenset[int]:
    """Return the persons whom the case concerns."""
    rows = db.session.execute(
        select(DeviationConcerned.person_id).where(DeviationConcerned.deviation_id == deviation_id)
    )
    return frozenset(rows.scalars())


def stand_ins_of(leader_ids: Collection[int]) -> frozenset[int]:
    """Return who stands in today for any of these leaders."""
    if not leader_ids:
        return frozenset()
    day = today()
    rows = db.session.execute(
        select(StandIn.stand_in_id).where(
            StandIn.leader_id.in_(leader_ids), StandIn.starts_on <= day, StandIn.ends_on >= day
        )
    )
    return frozenset(rows.scalars())


def excluded_ids_of(deviation_id: int) -> frozenset[int]:
    """Return those who must hear nothing of the case: the concerned and their stand-ins."""
    concerned = concerned_ids_of(deviation_id)
    return concerned | stand_ins_of(concerned)


def receivers_of(deviation: Deviation, known: Sequence[Link] = ()) -> list[int]:
    """Return who does the handler's tasks today, and the leader it has climbed to, or stand-ins.

    `known` are links of units that need not be read again.
    """
    receivers: list[int | None] = [deviation.handler_id]
    if deviation.handler_unit_id is not None:
        own = _link_of(deviation.handler_unit_id, known)
        if own.leader_id == deviation.handler_id:
            receivers = [own.stand_in_id or own.leader_id]
    if deviation.climbed_unit_id is not None:
        above = _link_of(deviation.climbed_unit_id, known)
        receivers.append(above.stand_in_id or above.leader_id)
    return [person_id for person_id in dict.fromkeys(receivers) if person_id is not None]


def _link_of(unit_id: int, known: Sequence[Link]) -> Link:
    found = next((link for link in known if link.unit_id == unit_id), None)
    return load_chain(unit_id)[0] if found is None else found


def load_days(severity: Severity) -> Days:
    """Return the working days of the severity: the administrator's, or those of the product."""
    return load_rules().days[severity]


def list_to_copy(
    deviation: Deviation, excluded: Collection[int], chain: Sequence[Link] | None = None
) -> dict[int, str]:
    """Return person to role for those whom the table copies on the case as it is now."""
    roles = list_copied_roles(load_rules().copies, deviation.category, deviation.severity)
    if not roles:
        return {}
    links = load_chain(deviation.unit_id) if chain is None else chain
    found = holders_on([Role(role) for role in roles], [link.unit_id for link in links])
    holders = {role: found[Role(role)] for role in roles}
    without = {*excluded, deviation.reporter_id or 0}
    return list_copied_persons(holders, without)
