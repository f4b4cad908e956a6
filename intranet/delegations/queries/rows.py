"""The columns of a delegation with everybody's name, and what the rules ask of such a row."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from intranet.delegations.models import Delegation, DelegationKind
from intranet.delegations.rules import EndCause, Grant
from intranet.people.models import Person, Unit

Holder = aliased(Person)
Giver = aliased(Person)
Ender = aliased(Person)
Office = aliased(Unit)
Leader = aliased(Person)
# What the rules ask; narrow, for those who only want to know whether something holds.
GRANT_COLUMNS = (
    Delegation.id,
    Delegation.parent_id,
    Delegation.kind_id,
    Unit.path.label("unit_path"),
    Delegation.holder_id,
    Delegation.office_id,
    Delegation.amount,
    Delegation.starts_on,
    Delegation.ends_on,
    Delegation.may_pass_on,
    Delegation.ended_on,
    Delegation.end_cause,
)
ROWS: Any = (
    select(
        *GRANT_COLUMNS,
        Delegation.root_id,
        Delegation.unit_id,
        Delegation.source,
        Delegation.law_reference,
        Delegation.conditions,
        Delegation.created_at,
        Delegation.version,
        Delegation.ended_at,
        Delegation.end_reason,
        Delegation.ended_with_id,
        Delegation.given_by,
        DelegationKind.name.label("kind_name"),
        DelegationKind.has_amount,
        DelegationKind.approves_documents,
        Unit.name.label("unit_name"),
        Holder.name.label("holder_name"),
        Office.name.label("office_name"),
        Leader.id.label("leader_id"),
        Leader.name.label("leader_name"),
        Giver.name.label("giver_name"),
        Ender.name.label("ender_name"),
    )
    .join(DelegationKind, DelegationKind.id == Delegation.kind_id)
    .join(Unit, Unit.id == Delegation.unit_id)
    .outerjoin(Holder, Holder.id == Delegation.holder_id)
    .outerjoin(Office, Office.id == Delegation.office_id)
    .outerjoin(
        Leader,
        and_(Leader.id == Office.leader_id, Leader.is_directory_active, ~Leader.is_blocked),
    )
    .join(Giver, Giver.id == Delegation.given_by)
    .outerjoin(Ender, Ender.id == Delegation.ended_by)
)
GRANTS: Any = select(*GRANT_COLUMNS).join(Unit, Unit.id == Delegation.unit_id)


def grant_of(row: Any) -> Grant:
    """Return what the rules ask of a row with GRANT_COLUMNS."""
    return Grant(
        id=row.id,
        parent_id=row.parent_id,
        kind_id=row.kind_id,
        unit_path=row.unit_path,
        holder_id=row.holder_id,
        office_id=row.office_id,
        amount=row.amount,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        may_pass_on=row.may_pass_on,
        ended_on=row.ended_on,
        end_cause=EndCause(row.end_cause),
    )


def in_force_on(day: date) -> ColumnElement[bool]:
    """Twin of `own_standing`: whether the delegation holds on the day by its own dates."""
    return and_(
        Delegation.starts_on <= day,
        or_(Delegation.ends_on.is_(None), Delegation.ends_on >= day),
        or_(Delegation.ended_on.is_(None), Delegation.ended_on > day),
    )


def ids_upwards(unit_path: str) -> list[int]:
    """Return the unit of the path and all above it."""
    return [int(part) for part in unit_path.strip("/").split("/") if part]
