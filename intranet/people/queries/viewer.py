"""Loads the logged-in person with units, roles and what is led today, in two selects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, bindparam, cast, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql import literal, null

from intranet.core.actor import LedUnit, Role, Viewer
from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.people.models import Membership, Person, RoleGrant, StandIn, Unit, UnitLevel

HOME = aliased(Unit)
# What `viewer_of` asks of a row; the login room selects them together with the session.
PERSON_COLUMNS = (
    Person.id,
    Person.name,
    Person.initials,
    Person.username,
    Person.language,
    Person.colour_scheme,
    Person.home_unit_id,
    HOME.name.label("home_unit_name"),
)
_PERSON = (
    select(*PERSON_COLUMNS)
    .outerjoin(HOME, HOME.id == Person.home_unit_id)
    .where(Person.id == bindparam("person"), Person.is_directory_active, ~Person.is_blocked)
)

# Python 3.11 does not answer `"editor" in Role`.
_ROLE_NAMES = frozenset(str(role) for role in Role)


def load_viewer(person_id: int, *, on: date | None = None) -> Viewer | None:
    """Return the person as permissions see them, or None when inactive or unknown."""
    row = read(_PERSON, person=person_id).one_or_none()
    return None if row is None else viewer_of(row, on=on)


def viewer_of(
    row: AnyRow,
    *,
    session_id: int | None = None,
    unread_notices: int = 0,
    crisis_id: int | None = None,
    on: date | None = None,
) -> Viewer:
    """Return the person of a row with PERSON_COLUMNS; what they lead is asked anew each time."""
    unit_ids, ancestors, roles, led = _standing(row.id, on or today())
    return Viewer(
        id=row.id,
        name=row.name,
        initials=row.initials,
        username=row.username,
        language=row.language,
        colour_scheme=row.colour_scheme or "auto",
        home_unit_id=row.home_unit_id,
        home_unit_name=row.home_unit_name or "",
        unit_ids=unit_ids,
        unit_ancestor_ids=ancestors,
        roles=roles,
        led=led,
        is_chief=any(unit.level == UnitLevel.MUNICIPALITY for unit in led),
        session_id=session_id,
        unread_notices=unread_notices,
        crisis_id=crisis_id,
    )


def stands_as(viewer: Viewer, rows: Iterable[Any]) -> bool:
    """Whether the rows of `STANDING`, read anew, say of the person what the viewer holds."""
    now = _standing_of(rows)
    return now == (viewer.unit_ids, viewer.unit_ancestor_ids, viewer.roles, viewer.led)


Standing = tuple[
    frozenset[int],
    frozenset[int],
    frozenset[tuple[Role, int | None]],
    tuple[LedUnit, ...],
]


def _standing(person_id: int, on: date) -> Standing:
    """Return own units, these and all above, roles, and what is led: one select of four parts."""
    return _standing_of(read(STANDING, person=person_id, day=on).all())


def _standing_of(rows: Iterable[Any]) -> Standing:
    units: set[int] = set()
    ancestors: set[int] = set()
    roles: set[tuple[Role, int | None]] = set()
    led: list[LedUnit] = []
    for kind, unit_id, text, level, leader_id, leader in rows:
        if kind == "unit":
            units.add(unit_id)
            ancestors.update(int(part) for part in text.strip("/").split("/"))
        elif kind == "led":
            led.append(LedUnit(unit_id, text, level, leader_id, leader or ""))
        elif kind == "role" and text in _ROLE_NAMES:
            roles.add((Role(text), unit_id))
    return frozenset(units), frozenset(ancestors), frozenset(roles), tuple(led)


ME = bindparam("person", type_=Integer)
_DAY = bindparam("day", type_=Date)
NO_TEXT, NOBODY = cast(null(), String), cast(null(), Integer)
STANDING_PARTS: tuple[Any, ...] = (
    select(literal("unit").label("kind"), Unit.id, Unit.path, NO_TEXT, NOBODY, NO_TEXT)
    .join(Membership, Membership.unit_id == Unit.id)
    .where(Membership.person_id == ME, Unit.is_active),
    select(literal("role"), RoleGrant.unit_id, RoleGrant.role, NO_TEXT, NOBODY, NO_TEXT).where(
        RoleGrant.person_id == ME
    ),
    select(literal("led"), Unit.id, Unit.path, Unit.level, NOBODY, NO_TEXT).where(
        Unit.leader_id == ME, Unit.is_active
    ),
    select(literal("led"), Unit.id, Unit.path, Unit.level, Person.id, Person.name)
    .join(StandIn, StandIn.leader_id == Unit.leader_id)
    .join(Person, Person.id == StandIn.leader_id)
    .where(
        StandIn.stand_in_id == ME,
        StandIn.starts_on <= _DAY,
        StandIn.ends_on >= _DAY,
        Unit.is_active,
        # A leader who left or is blocked leads nothing that could be stood in for.
        Person.is_directory_active,
        ~Person.is_blocked,
    ),
)
STANDING: Any = union_all(*STANDING_PARTS)
