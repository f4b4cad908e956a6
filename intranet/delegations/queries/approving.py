"""Whether approving documents is delegated where a unit lies: parts of others' selects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, bindparam, exists, or_
from sqlalchemy.orm import aliased

from intranet.delegations.models import Delegation, DelegationKind
from intranet.people.models import Unit

_Scope = aliased(Unit)


def is_approving_delegated(unit_path: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a delegation to approve documents, not ended on the day, covers the unit of the path.

    Asks less than the rule does (rules.covers), and never says no where that says yes: for those
    who first want to know cheaply. Binds `approval_day`.
    """
    day = bindparam("approval_day", type_=Date)
    return exists().where(
        DelegationKind.id == Delegation.kind_id,
        DelegationKind.approves_documents,
        _Scope.id == Delegation.unit_id,
        unit_path.startswith(_Scope.path),
        Delegation.starts_on <= day,
        or_(Delegation.ends_on.is_(None), Delegation.ends_on >= day),
        or_(Delegation.ended_on.is_(None), Delegation.ended_on > day),
        *more,
    )


def is_approving_mine(unit_path: Any) -> ColumnElement[bool]:
    """The same, of what the person holds; binds `approver` and `approver_led`, ids of units."""
    return is_approving_delegated(
        unit_path,
        or_(
            Delegation.holder_id == bindparam("approver", type_=Integer),
            Delegation.office_id.in_(bindparam("approver_led", expanding=True)),
        ),
    )
