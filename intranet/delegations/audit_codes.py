"""What the numbers in the audit's details of delegations stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from intranet.core.reads import read
from intranet.delegations.models import DelegationKind
from intranet.people.models import Unit

_KINDS = select(DelegationKind.id, DelegationKind.name)
_UNITS = select(Unit.id, Unit.name).where(Unit.id.in_(bindparam("units", expanding=True)))


def audit_codes(details: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return by the name of the detail what each number stands for."""
    kinds: dict[str, str] = {}
    offices: dict[str, str] = {}
    if any("delegation_kind" in each for each in details):
        kinds = {str(row[0]): row[1] for row in read(_KINDS).all()}
    units = sorted({each["office"] for each in details if isinstance(each.get("office"), int)})
    if units:
        offices = {str(row[0]): row[1] for row in read(_UNITS, units=units).all()}
    return {"delegation_kind": kinds, "office": offices}
