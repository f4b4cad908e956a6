"""A delegation from the council to the chief, and one passed on to Mona's leader, for `world.py`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.delegations.actions import give
from intranet.delegations.models import DelegationKind
from intranet.extensions import db
from tests import cast


def build_delegations(people: cast.Cast) -> dict[str, Any]:
    """Give the chief everything, who passes a part on to whoever leads the health sector."""
    with transaction():
        kind = db.session.scalars(
            select(DelegationKind.id).where(DelegationKind.has_amount).order_by(DelegationKind.id)
        ).first()
        terms = give.Terms(
            kind_id=kind or 0, unit_id=people.municipality, holder_id=None,
            office_id=people.municipality, amount=None, starts_on=today(), may_pass_on=True,
            source="Kommunestyret, sak 12/2026",
        )  # fmt: skip
        root = give.register_delegation(terms, actor=cast.viewer(people.adam))
        part = give.Terms(
            kind_id=kind or 0, unit_id=people.health, holder_id=None, office_id=people.health,
            amount=500_000, starts_on=today(), may_pass_on=True,
        )  # fmt: skip
        passed = give.pass_on(root.id, part, actor=cast.viewer(people.ragnhild))
        return {"delegation_id": passed.id, "delegation_kind": kind, "kind_id": kind}
