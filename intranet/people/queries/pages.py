"""Reads for the pages of persons, units and the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.models import Membership, Person, RoleGrant, StandIn, Unit
from intranet.people.picking import picked_id
from intranet.people.policy import sees_departed
from intranet.people.queries.persons import find_row
from intranet.people.queries.units import holders_of, list_leaders_above
from intranet.people.snapshot import fold

# A page of people; a search that finds more says so (AZ-26).
MOST_PERSONS = 50
SHORTEST_SEARCH = 2
_ACTIVE = Person.is_directory_active & ~Person.is_blocked
_CARD = (Person.id, Person.name, Person.initials, Person.title, Person.home_unit_id)


@dataclass(frozen=True)
class ChainStep:
    """One step of a unit's chain of leaders with names."""

    unit_id: int
    unit_name: str
    leader_id: int | None
    leader_name: str
    stand_in_id: int | None
    stand_in_name: str


def get_person_for(viewer: Viewer, person_id: int) -> Person:
    """Return the person; somebody who left is seen by few (`sees_departed`). Raises NotFound."""
    person = find_row(Person, person_id)
    if person is None or not (person.is_active or sees_departed(viewer)):
        raise NotFound(_("Vi finner ikke denne personen."))
    return person


def get_open_unit(unit_id: int) -> Unit:
    """Return a unit that exists today. Raises NotFound."""
    unit = find_row(Unit, unit_id)
    if unit is None or not unit.is_active:
        raise NotFound(_("Vi finner ikke denne enheten."))
    return unit


def chain_of(unit_id: int) -> list[ChainStep]:
    """Return the leaders from the unit up to the municipality, with names."""
    links = list_leaders_above(unit_id)
    names = _names([link.leader_id for link in links] + [link.stand_in_id for link in links])
    return [
        ChainStep(
            link.unit_id,
            link.unit_name,
            link.leader_id,
            names.get(link.leader_id or 0, ""),
            link.stand_in_id,
            names.get(link.stand_in_id or 0, ""),
        )
        for link in links
    ]


def list_units_of(person_id: int) -> list[AnyRow]:
    """Return (id, name, is_home) of the units that the person belongs to, home first."""
    return list(
        db.session.execute(
            select(Unit.id, Unit.name, Membership.is_home)
            .join(Membership, Membership.unit_id == Unit.id)
            .where(Membership.person_id == person_id, Unit.is_active)
            .order_by(Membership.is_home.desc(), Unit.name)
        )
    )


def list_led_by(person_id: int) -> list[AnyRow]:
    """Return (id, name) of the units that the person leads in own right."""
    statement = select(Unit.id, Unit.name).where(Unit.leader_id == person_id, Unit.is_active)
    return list(db.session.execute(statement.order_by(Unit.path)))


def list_roles_of(person_id: int) -> list[AnyRow]:
    """Return (id, role, unit_id, unit_name, source) of the person's roles."""
    return list(
        db.session.execute(
            select(
                RoleGrant.id,
                RoleGrant.role,
                RoleGrant.unit_id,
                Unit.name.label("unit_name"),
                RoleGrant.source,
            )
            .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.person_id == person_id)
            .order_by(RoleGrant.role, Unit.name)
        )
    )


def get_local_grant(person_id: int, grant_id: int) -> RoleGrant:
    """Return a role of this person. Raises NotFound."""
    grant = find_row(RoleGrant, grant_id)
    if grant is None or grant.person_id != person_id:
        raise NotFound(_("Vi finner ikke denne rollen."))
    return grant


def list_members(unit_id: int, after: str = "") -> list[AnyRow]:
    """Return up to MOST_PERSONS and one more active members by name, from `after` on."""
    return list(
        db.session.execute(
            select(*_CARD, Person.name_key)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.unit_id == unit_id, _ACTIVE, Person.name_key > after)
            .order_by(Person.name_key, Person.id)
            .limit(MOST_PERSONS + 1)
        )
    )


def count_members(unit_path: str) -> int:
    """Return how many active persons have their home in the unit or below it."""
    return db.session.execute(
        select(func.count(Person.id))
        .join(Unit, Unit.id == Person.home_unit_id)
        .where(Unit.path.startswith(unit_path), _ACTIVE)
    ).scalar_one()


def list_children(unit_id: int) -> list[AnyRow]:
    """Return (id, name, leader_id, leader_name) of the units right below."""
    leader = aliased(Person)
    return list(
        db.session.execute(
            select(Unit.id, Unit.name, leader.id.label("leader_id"), leader.name.label("leader"))
            .outerjoin(
                leader,
                (leader.id == Unit.leader_id) & leader.is_directory_active & ~leader.is_blocked,
            )
            .where(Unit.parent_id == unit_id, Unit.is_active)
            .order_by(Unit.name)
        )
    )


def list_persons(ids: Sequence[int]) -> list[AnyRow]:
    """Return the persons' cards by name."""
    statement = select(*_CARD).where(Person.id.in_(ids), _ACTIVE).order_by(Person.name_key)
    return list(db.session.execute(statement))


def safety_representatives_of(unit_id: int) -> list[AnyRow]:
    """Return who is safety representative here; nobody near: the chief one."""
    ids = holders_of(Role.SAFETY_REPRESENTATIVE, unit_id)
    return list_persons(ids or holders_of(Role.CHIEF_SAFETY_REPRESENTATIVE))


def search_persons(typed: str, *, with_departed: bool = False) -> list[AnyRow]:
    """Return up to MOST_PERSONS and one more persons whose names hold every typed word.

    Active ones, or all (`policy.sees_departed`). Each word is text, never a pattern, and stands at
    the beginning of a name; fewer than two letters find nobody, so that the staff cannot be read
    letter by letter.
    """
    words = [word for word in fold(typed).split() if word]
    if sum(len(word) for word in words) < SHORTEST_SEARCH:
        return []
    statement = select(
        *_CARD, Person.is_directory_active, Person.is_blocked, Unit.name.label("unit_name")
    ).outerjoin(Unit, Unit.id == Person.home_unit_id)
    if not with_departed:
        statement = statement.where(_ACTIVE)
    for word in words[:6]:
        statement = statement.where(
            or_(
                Person.name_key.startswith(word, autoescape=True),
                Person.name_key.contains(f" {word}", autoescape=True),
                Person.name_key.contains(f"-{word}", autoescape=True),
                Person.username_key == word,
            )
        )
    return list(
        db.session.execute(statement.order_by(Person.name_key, Person.id).limit(MOST_PERSONS + 1))
    )


def find_by_name(typed: str) -> Person | None:
    """Return the one active person with this user name or, when it is theirs alone, full name.

    Or the one that was picked among several of one name.
    """
    number = picked_id(typed)
    if number is not None:
        return db.session.scalar(select(Person).where(Person.id == number, _ACTIVE))
    key = fold(typed)[:120]
    for same in (Person.username_key == key, Person.name_key == key):
        found = list(db.session.execute(select(Person).where(same, _ACTIVE).limit(2)).scalars())
        if found:
            return found[0] if len(found) == 1 else None
    return None


def list_stand_ins(leader_ids: Sequence[int], on: date | None = None) -> list[AnyRow]:
    """Return the periods of these leaders that are not over, soonest first, with names."""
    return _stand_ins(StandIn.leader_id.in_(leader_ids), on or today())


def list_standing_in(person_id: int, on: date | None = None) -> list[AnyRow]:
    """Return the periods, not over yet, in which the person stands in for somebody."""
    return _stand_ins(StandIn.stand_in_id == person_id, on or today())


def get_stand_in(period_id: int) -> StandIn:
    """Return the period. Raises NotFound."""
    period = find_row(StandIn, period_id)
    if period is None:
        raise NotFound(_("Vi finner ikke denne perioden."))
    return period


def list_leader_choices(viewer: Viewer) -> list[tuple[int, str]]:
    """Return (id, name) of the leaders for whom the viewer may set a stand-in, oneself first."""
    own = [led.path for led in viewer.led if led.on_behalf_of is None]
    conditions = [Unit.path.startswith(path) for path in own]
    if viewer.has_role(Role.ADMINISTRATOR):
        conditions = [true()]
    if not conditions:
        return []
    rows = db.session.execute(
        select(Person.id, Person.name, Unit.name)
        .join(Unit, Unit.leader_id == Person.id)
        .where(or_(*conditions), Unit.is_active, _ACTIVE)
        .order_by(Unit.path.desc())
    )
    led = {person_id: f"{name} ({unit})" for person_id, name, unit in rows}
    # A colleague who leads the same unit's parent twice is listed once, by the highest unit.
    return sorted(led.items(), key=lambda item: (item[0] != viewer.id, item[1]))


def _stand_ins(condition: object, on: date) -> list[AnyRow]:
    leader, stand_in = aliased(Person), aliased(Person)
    return list(
        db.session.execute(
            select(
                StandIn.id,
                StandIn.leader_id,
                leader.name.label("leader_name"),
                StandIn.stand_in_id,
                stand_in.name.label("stand_in_name"),
                StandIn.starts_on,
                StandIn.ends_on,
                StandIn.note,
            )
            .join(leader, leader.id == StandIn.leader_id)
            .join(stand_in, stand_in.id == StandIn.stand_in_id)
            .where(condition, StandIn.ends_on >= on)  # type: ignore[arg-type]
            .order_by(StandIn.starts_on)
        )
    )


def _names(ids: Sequence[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}
