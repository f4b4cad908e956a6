"""Reads of what was decided about those who have left."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.people.erasure_models import ErasureDecision
from intranet.people.models import Person


def list_decisions(person_id: int) -> list[AnyRow]:
    """Return (outcome, basis, reason, created_at, decided_by, decided_by_name), newest first."""
    return list(
        db.session.execute(
            select(
                ErasureDecision.outcome,
                ErasureDecision.basis,
                ErasureDecision.reason,
                ErasureDecision.created_at,
                ErasureDecision.decided_by,
                Person.name.label("decided_by_name"),
            )
            .join(Person, Person.id == ErasureDecision.decided_by)
            .where(ErasureDecision.person_id == person_id)
            .order_by(ErasureDecision.id.desc())
        )
    )
