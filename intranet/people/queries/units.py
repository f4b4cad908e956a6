"""Reads about units, their leaders and who holds a role there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.models import Person, RoleGrant, StandIn, Unit, UnitLevel


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


@dataclass(frozen=True)
class LeaderLink:
    """One step of the chain of leaders above a unit. Absent: the leader has a stand-in today."""

    unit_id: int
    unit_name: str
    path: str
    level: str
    leader_id: int | None
    stand_in_id: int | None


_UNIT_COLUMNS = (Unit.id, Unit.name, Unit.level, Unit.parent_id, Unit.path, Unit.leader_id)
_ACTIVE_UNITS = select(*_UNIT_COLUMNS).where(Unit.is_active)


def get_unit(unit_id: int) -> Unit:
    """Return the unit, also an inactive one. Raises NotFound."""
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(_("Vi finner ikke denne enheten."))
    return unit


def list_units() -> list[UnitRow]:
    """Return all active units as a tree in reading order: parents before children, by name."""
    rows = [UnitRow(*row) for row in db.session.execute(_ACTIVE_UNITS)]
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
    return ordered


def unit_choices() -> list[tuple[int, str]]:
    """Return (id, name) of all active units for a select, indented by level."""
    return [
        (row.id, "\N{NO-BREAK SPACE}" * 3 * max(row.depth, 0) + row.name) for row in list_units()
    ]


def list_leaders_above(unit_id: int, on: date | None = None) -> list[LeaderLink]:
    """Return the chain from the unit itself up to the municipality, with stand-ins of the day."""
    path = db.session.execute(select(Unit.path).where(Unit.id == unit_id)).scalar_one_or_none()
    if path is None:
        raise NotFound(_("Vi finner ikke denne enheten."))
    ids = [int(part) for part in path.strip("/").split("/") if part]
    return _links(ids, on or today())


def _links(unit_ids: list[int], on: date) -> list[LeaderLink]:
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.path, Unit.level, Person.id, StandIn.stand_in_id)
        .outerjoin(
            Person,
            (Person.id == Unit.leader_id) & Person.is_directory_active & ~Person.is_blocked,
        )
        .outerjoin(
            StandIn,
            (StandIn.leader_id == Person.id) & (StandIn.starts_on <= on) & (StandIn.ends_on >= on),
        )
        .where(Unit.id.in_(unit_ids))
        .order_by(StandIn.id)
    ).all()
    # Of overlapping periods the one registered last counts.
    links = {row[0]: LeaderLink(*row) for row in rows}
    return [links[unit_id] for unit_id in reversed(unit_ids) if unit_id in links]


def chief_executive_id() -> int | None:
    """Return the person who leads the municipality, or None when the post is vacant."""
    return db.session.execute(
        select(Unit.leader_id)
        .where(Unit.level == UnitLevel.MUNICIPALITY, Unit.is_active)
        .order_by(Unit.id)
        .limit(1)
    ).scalar_one_or_none()


def holders_of(role: Role, unit_id: int | None = None) -> list[int]:
    """Return the active persons who hold the role for the unit or the nearest unit above it.

    Falls back to those who hold it for the whole municipality. Without `unit_id` only these.
    """
    levels: list[int | None] = []
    if unit_id is not None:
        levels = [link.unit_id for link in list_leaders_above(unit_id)]
    grants = db.session.execute(
        select(RoleGrant.unit_id, RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == role,
            Person.is_directory_active,
            ~Person.is_blocked,
            or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_([u for u in levels if u])),
        )
    ).all()
    for level in [*levels, None]:
        found = sorted({person for unit, person in grants if unit == level})
        if found:
            return found
    return []
