"""Reads which cases have to do with each other, never one that the viewer may not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, union_all

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.deviations.models import Deviation, DeviationLink
from intranet.deviations.queries.lists import ROW, DeviationRow
from intranet.deviations.queries.visibility import visible_to
from intranet.deviations.similarity import Traits, find_similar, traits_of
from intranet.extensions import db

_MOST = 20
# Among how many, and how far back, similar cases are looked for.
_CANDIDATES = 60
_RECENT = timedelta(days=180)


@dataclass(frozen=True)
class LinkedRow:
    """A case that has to do with another; `relation` is "main", "duplicate" or "linked"."""

    case: DeviationRow
    relation: str


def list_linked(viewer: Viewer, deviation: Deviation) -> list[LinkedRow]:
    """Return what the case is linked or merged with, as far as the viewer may see it."""
    ids: Any = union_all(
        select(DeviationLink.second_id).where(DeviationLink.first_id == deviation.id),
        select(DeviationLink.first_id).where(DeviationLink.second_id == deviation.id),
        select(Deviation.id).where(Deviation.duplicate_of_id == deviation.id),
        select(Deviation.duplicate_of_id).where(
            Deviation.id == deviation.id, Deviation.duplicate_of_id.is_not(None)
        ),
    )
    rows = db.session.execute(
        ROW.add_columns(Deviation.id, Deviation.duplicate_of_id)
        .where(
            Deviation.id.in_(ids),
            visible_to(viewer),
            Deviation.reporter_id.is_distinct_from(viewer.id),
        )
        .order_by(Deviation.number.desc())
        .limit(_MOST)
    )
    return [
        LinkedRow(DeviationRow(*row[:-2]), _relation(deviation, row[-2], row[-1])) for row in rows
    ]


def find_link(one_id: int, other_id: int) -> DeviationLink | None:
    """Return the link between the two cases, or None."""
    return db.session.execute(
        select(DeviationLink).where(
            DeviationLink.first_id == min(one_id, other_id),
            DeviationLink.second_id == max(one_id, other_id),
        )
    ).scalar_one_or_none()


def list_duplicates_of(deviation_id: int) -> list[Deviation]:
    """Return the cases that follow this one, asking nobody's leave: for the actions."""
    return list(
        db.session.execute(
            select(Deviation)
            .where(Deviation.duplicate_of_id == deviation_id)
            .order_by(Deviation.number)
        ).scalars()
    )


def list_similar(viewer: Viewer, deviation: Deviation) -> list[DeviationRow]:
    """Return open cases that look like this one, the likest first, of those the viewer may see."""
    alike = [Deviation.unit_id == deviation.unit_id]
    if deviation.procedure_number:
        alike.append(Deviation.procedure_number == deviation.procedure_number)
    rows = db.session.execute(
        ROW.add_columns(Deviation.unit_id, Deviation.procedure_number, Deviation.text_key)
        .where(
            or_(*alike),
            Deviation.desk_on.is_not(None),
            Deviation.reported_at >= now() - _RECENT,
            Deviation.id != deviation.id,
            visible_to(viewer),
            Deviation.reporter_id.is_distinct_from(viewer.id),
        )
        .order_by(Deviation.number.desc())
        .limit(_CANDIDATES)
    ).all()
    found: list[tuple[DeviationRow, Traits]] = []
    for row in rows:
        case = DeviationRow(*row[:-3])
        found.append((case, traits_of(row[-3], case.category, row[-2], row[-1])))
    own = traits_of(
        deviation.unit_id, deviation.category, deviation.procedure_number, deviation.text_key
    )
    return find_similar(own, found)


def _relation(deviation: Deviation, other_id: int, duplicate_of_id: int | None) -> str:
    if other_id == deviation.duplicate_of_id:
        return "main"
    return "duplicate" if duplicate_of_id == deviation.id else "linked"
