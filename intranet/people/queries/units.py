"""Reads about units, their leaders and who holds a role there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.leaders import LeaderLink
from intranet.people.models import Person, RoleGrant, StandIn, Unit, UnitLevel
from intranet.people.queries.persons import LARGEST_ID, find_row


@dataclass(frozen=True)
class UnitRow:
    """A unit as lists show it."""

    id: int
    name: str
    level: str
    parent_id: int | None
    path: str
    leader_id: int | None

    @property
    def depth(self) -> int:
        """0 for the municipality, 1 for a sector, and so on."""
        return self.path.count("/") - 2


_DEPUTY = aliased(Person)
_UNIT_COLUMNS = (Unit.id, Unit.name, Unit.level, Unit.parent_id, Unit.path, Unit.leader_id)
_ACTIVE_UNITS = select(*_UNIT_COLUMNS).where(Unit.is_active)
_PATH = select(Unit.path).where(Unit.id == bindparam("unit"))
_IS_ACTIVE = select(Unit.is_active).where(Unit.id == bindparam("unit"))
_LINKS = (
    select(Unit.id, Unit.name, Unit.path, Unit.level, Person.id, _DEPUTY.id)
    .outerjoin(
        Person,
        (Person.id == Unit.leader_id) & Person.is_directory_active & ~Person.is_blocked,
    )
    .outerjoin(
        StandIn,
        (StandIn.leader_id == Person.id)
        & (StandIn.starts_on <= bindparam("day"))
        & (StandIn.ends_on >= bindparam("day")),
    )
    .outerjoin(
        _DEPUTY,
        (_DEPUTY.id == StandIn.stand_in_id) & _DEPUTY.is_directory_active & ~_DEPUTY.is_blocked,
    )
    .where(Unit.id.in_(bindparam("units", expanding=True)))
    .order_by(StandIn.id)
)
_SECTORS = _ACTIVE_UNITS.where(Unit.level == UnitLevel.SECTOR)


def get_unit(unit_id: int) -> Unit:
    """Return the unit, also an inactive one. Raises NotFound."""
    unit = find_row(Unit, unit_id)
    if unit is None:
        raise NotFound(_("Vi finner ikke denne enheten."))
    return unit


def is_unit_active(unit_id: int) -> bool:
    """Whether the unit is in use; also False for one that never was."""
    return 0 < unit_id <= LARGEST_ID and bool(read(_IS_ACTIVE, unit=unit_id).scalar())


def list_units() -> list[UnitRow]:
    """Return all active units as a tree in reading order: parents before children, by name."""
    return list(_in_reading_order(tuple(map(tuple, read(_ACTIVE_UNITS).all()))))


# The same units come again and again: their order is remembered as long as they are the same.
@lru_cache(maxsize=8)
def _in_reading_order(columns: tuple[tuple[Any, ...], ...]) -> tuple[UnitRow, ...]:
    rows = [UnitRow(*row) for row in columns]
    children: dict[int | None, list[UnitRow]] = {}
    known = {row.id for row in rows}
    for row in sorted(rows, key=lambda row: row.name.casefold()):
        parent = row.parent_id if row.parent_id in known else None
        children.setdefault(parent, []).append(row)
    ordered: list[UnitRow] = []
    stack = list(reversed(children.get(None, [])))
    while stack:
        row = stack.pop()
        ordered.append(row)
        stack.extend(reversed(children.get(row.id, [])))
    return tuple(ordered)


def list_sectors() -> list[UnitRow]:
    """Return the active sectors by name; lists are narrowed by them."""
    rows = [UnitRow(*row) for row in read(_SECTORS).all()]
    return sorted(rows, key=lambda row: row.name.casefold())


def unit_choices(units: list[UnitRow] | None = None) -> list[tuple[int, str]]:
    """Return (id, name) of the units, or of all active ones, for a select, in the tree's order.

    Below the sectors with the unit above, "Avdeling 2, Strandheim sykehjem": many have equal names.
    """
    rows = list_units() if units is None else units
    names = {row.id: row.name for row in rows}
    return [
        (
            row.id,
            f"{row.name}, {names[row.parent_id]}"
            if row.depth > 1 and row.parent_id in names
            else row.name,
        )
        for row in rows
    ]


def list_leaders_above(unit_id: int, on: date | None = None) -> list[LeaderLink]:
    """Return the chain from the unit itself up to the municipality, with stand-ins of the day."""
    path = read(_PATH, unit=unit_id).scalar()
    if path is None:
        raise NotFound(_("Vi finner ikke denne enheten."))
    ids = [int(part) for part in path.strip("/").split("/") if part]
    return _links(ids, on or today())


def leaders_of(unit_ids: list[int], on: date) -> list[LeaderLink]:
    """Return who leads each of the units now, with stand-ins of the day."""
    return _links(unit_ids, on) if unit_ids else []


def _links(unit_ids: list[int], on: date) -> list[LeaderLink]:
    rows = read(_LINKS, units=unit_ids, day=on)
    links: dict[int, LeaderLink] = {}
    for row in rows:
        # Of overlapping periods the one registered last counts; who left stands in for nobody.
        if row[0] not in links or row[5] is not None:
            links[row[0]] = LeaderLink(*row)
    return [links[unit_id] for unit_id in reversed(unit_ids) if unit_id in links]


def chief_executive_id() -> int | None:
    """Return the person who leads the municipality, or None when the post is vacant."""
    return db.session.execute(
        select(Person.id)
        .join(Unit, Unit.leader_id == Person.id)
        .where(
            Unit.level == UnitLevel.MUNICIPALITY,
            Unit.is_active,
            Person.is_directory_active,
            ~Person.is_blocked,
        )
        .order_by(Unit.id)
        .limit(1)
    ).scalar_one_or_none()


def holders_of(role: Role, unit_id: int | None = None) -> list[int]:
    """Return the active persons who hold the role for the unit or the nearest unit above it.

    Falls back to those who hold it for the whole municipality. Without `unit_id` only these.
    """
    links = [] if unit_id is None else list_leaders_above(unit_id)
    return holders_on([role], [link.unit_id for link in links])[role]


def holders_on(roles: Collection[Role], unit_ids: Sequence[int]) -> dict[Role, list[int]]:
    """Return for each role what `holders_of` does, on the way up through these units."""
    grants = db.session.execute(
        select(RoleGrant.role, RoleGrant.unit_id, RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_(roles),
            Person.is_directory_active,
            ~Person.is_blocked,
            or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_(unit_ids)),
        )
    ).all()
    holders: dict[Role, list[int]] = {}
    for role in roles:
        levels = (
            sorted({row.person_id for row in grants if (row.role, row.unit_id) == (role, level)})
            for level in [*unit_ids, None]
        )
        holders[role] = next((found for found in levels if found), [])
    return holders
