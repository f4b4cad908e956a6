"""Who has opened a confidential case, for those who read its notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from intranet.deviations.models import DeviationOpening
from intranet.extensions import db
from intranet.people.models import Person

SHOWN = 50


@dataclass(frozen=True)
class OpeningRow:
    """One opening as the case's page shows it."""

    person_id: int
    name: str
    leader_name: str | None
    is_file: bool
    opened_at: datetime


def list_openings(deviation_id: int) -> list[OpeningRow]:
    """Return the newest openings of the case, newest first."""
    leader = aliased(Person)
    rows = db.session.execute(
        select(
            DeviationOpening.person_id,
            Person.name,
            leader.name,
            DeviationOpening.file_id.is_not(None),
            DeviationOpening.opened_at,
        )
        .join(Person, Person.id == DeviationOpening.person_id)
        .outerjoin(leader, leader.id == DeviationOpening.on_behalf_of)
        .where(DeviationOpening.deviation_id == deviation_id)
        .order_by(DeviationOpening.id.desc())
        .limit(SHOWN)
    )
    return [OpeningRow(*row) for row in rows]


def list_openers(deviation_id: int) -> list[str]:
    """Return the names of all who ever opened the case, the last one first."""
    newest = func.max(DeviationOpening.id)
    rows = db.session.execute(
        select(Person.name)
        .join(DeviationOpening, DeviationOpening.person_id == Person.id)
        .where(DeviationOpening.deviation_id == deviation_id)
        .group_by(Person.id, Person.name)
        .order_by(newest.desc())
    )
    return list(rows.scalars())
