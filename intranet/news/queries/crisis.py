"""Reads about notices of a crisis, and who may approve one."""

from __future__ import annotations

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.queries.visible import LARGEST_ID
from intranet.notifications.models import CrisisNotice, CrisisState
from intranet.people.models import Person, RoleGrant, StandIn, Unit, UnitLevel
from intranet.people.queries.presence import WORKS_HERE

_Approver, _Ender = aliased(Person), aliased(Person)


def list_crises(limit: int = 20) -> list[AnyRow]:
    """Return the notices: what stands on every page, what waits, then the others, newest first."""
    first = case(
        (CrisisNotice.state == CrisisState.ACTIVE, 0),
        (CrisisNotice.state == CrisisState.PROPOSED, 1),
        else_=2,
    )
    return list(
        db.session.execute(
            select(
                *CrisisNotice.__table__.columns,
                Person.name.label("proposer_name"),
                _Approver.name.label("approver_name"),
                _Ender.name.label("ender_name"),
            )
            .join(Person, Person.id == CrisisNotice.proposed_by)
            .outerjoin(_Approver, _Approver.id == CrisisNotice.approved_by)
            .outerjoin(_Ender, _Ender.id == CrisisNotice.ended_by)
            .order_by(first, CrisisNotice.id.desc())
            .limit(limit)
        )
    )


def get_crisis(crisis_id: int) -> CrisisNotice:
    """Return the notice for an action. Raises NotFound."""
    found = db.session.get(CrisisNotice, crisis_id) if crisis_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(_("Vi finner ikke denne krisemeldingen."))
    return found


def find_crisis_by_key(send_key: str) -> CrisisNotice | None:
    """Return the notice that this sending of the form has already made, or None."""
    return db.session.scalars(
        select(CrisisNotice).where(CrisisNotice.send_key == send_key)
    ).one_or_none()


def list_everybody() -> list[int]:
    """Return all who work here, by id."""
    return list(db.session.scalars(select(Person.id).where(WORKS_HERE).order_by(Person.id)))


def list_who_approve() -> list[int]:
    """Return those of whom `policy.can_raise_crisis` says yes today, by id."""
    day = today()
    top = select(Unit.leader_id).where(
        Unit.level == UnitLevel.MUNICIPALITY, Unit.is_active, Unit.leader_id.is_not(None)
    )
    stands_in = select(StandIn.stand_in_id).where(
        StandIn.leader_id.in_(top), StandIn.starts_on <= day, StandIn.ends_on >= day
    )
    holds = select(RoleGrant.person_id).where(
        RoleGrant.role.in_([Role.ADMINISTRATOR, Role.EDITOR]), RoleGrant.unit_id.is_(None)
    )
    return list(
        db.session.scalars(
            select(Person.id)
            .where(WORKS_HERE, or_(*(Person.id.in_(part) for part in (top, stands_in, holds))))
            .order_by(Person.id)
        )
    )
