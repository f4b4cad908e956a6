"""Reads what texts said before they were corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.errors import NotAllowed
from intranet.core.text import _
from intranet.deviations.models import DeviationCorrection
from intranet.deviations.policy import can_read_originals
from intranet.deviations.queries.cases import Case
from intranet.extensions import db
from intranet.people.models import Person


@dataclass(frozen=True)
class Correction:
    """One correction: what the text said before it and after it."""

    field: str
    before: str
    after: str
    reason: str
    at: datetime
    by: str


def list_corrections_for(viewer: Viewer, case: Case) -> list[Correction]:
    """Return the corrections of the case, newest first. Raises NotAllowed for who may not read."""
    if not can_read_originals(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke teksten før den ble rettet."))
    deviation = case.deviation
    rows = db.session.execute(
        select(DeviationCorrection, Person.name)
        .outerjoin(Person, Person.id == DeviationCorrection.created_by)
        .where(DeviationCorrection.deviation_id == deviation.id)
        .order_by(DeviationCorrection.id.desc())
    ).all()
    # The newest led to the text of today, each older one to what the next newer found.
    after = {"what": deviation.what, "immediate_action": deviation.immediate_action}
    found = []
    for row, name in rows:
        found.append(
            Correction(
                row.field, row.before, after[row.field], row.reason, row.created_at, name or ""
            )
        )
        after[row.field] = row.before
    return found
