"""Reads whom a case may be given to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from intranet.core.clock import today
from intranet.extensions import db
from intranet.people.models import Membership, Person, StandIn, Unit

_ACTIVE = (Person.is_directory_active, ~Person.is_blocked)


def list_colleagues(unit_path: str) -> list[str]:
    """Return "Jonas Berg (jonas)" for those who work in the unit or below, at most a hundred."""
    rows = db.session.execute(
        select(Person.name, Person.username)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Unit.path.startswith(unit_path, autoescape=True), *_ACTIVE)
        .distinct()
        .order_by(Person.name)
        .limit(100)
    )
    return [f"{row.name} ({row.username})" for row in rows]


def find_lending(leader_id: int, stand_in_id: int) -> tuple[str, date] | None:
    """Return for whom the stand-in has the leader's cases today, and the last day of it."""
    day = today()
    row = db.session.execute(
        select(Person.name, StandIn.ends_on)
        .join(StandIn, StandIn.leader_id == Person.id)
        .where(
            Person.id == leader_id,
            StandIn.stand_in_id == stand_in_id,
            StandIn.starts_on <= day,
            StandIn.ends_on >= day,
        )
        .order_by(StandIn.ends_on.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def list_leaders() -> list[tuple[int, str]]:
    """Return (unit id, "Strandheim sykehjem: Mona Dahl") for every unit with a leader."""
    rows = db.session.execute(
        select(Unit.id, Unit.name, Person.name)
        .join(Person, Person.id == Unit.leader_id)
        .where(Unit.is_active, *_ACTIVE)
        .order_by(Unit.name)
    )
    return [(row[0], f"{row[1]}: {row[2]}") for row in rows]
