"""Reads which cases have to do with each other, never one that the viewer may not see."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from intranet.core.actor import Viewer
from intranet.deviations.models import Deviation, DeviationLink
from intranet.deviations.queries.lists import ROW, DeviationRow
from intranet.deviations.queries.visibility import visible_to
from intranet.extensions import db

_MOST = 20


def list_linked(viewer: Viewer, deviation_id: int) -> list[DeviationRow]:
    """Return the cases that are linked with this one and that the viewer may see."""
    either = or_(
        and_(DeviationLink.first_id == deviation_id, DeviationLink.second_id == Deviation.id),
        and_(DeviationLink.second_id == deviation_id, DeviationLink.first_id == Deviation.id),
    )
    rows = db.session.execute(
        ROW.join(DeviationLink, either)
        .where(visible_to(viewer), Deviation.reporter_id.is_distinct_from(viewer.id))
        .order_by(Deviation.number.desc())
        .limit(_MOST)
    )
    return [DeviationRow(*row) for row in rows]


def find_link(one_id: int, other_id: int) -> DeviationLink | None:
    """Return the link between the two cases, or None."""
    return db.session.execute(
        select(DeviationLink).where(
            DeviationLink.first_id == min(one_id, other_id),
            DeviationLink.second_id == max(one_id, other_id),
        )
    ).scalar_one_or_none()
