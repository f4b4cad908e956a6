"""Keeps who has led each unit from when, for those who ask about a day that is past."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from intranet.core.clock import today
from intranet.extensions import db
from intranet.people.models import Leadership


def note_leaders(leaders: Mapping[int, int | None]) -> None:
    """Write down who leads these units from today on; None: the post is vacant."""
    if not leaders:
        return
    day = today()
    open_rows = db.session.scalars(
        select(Leadership).where(
            Leadership.unit_id.in_(sorted(leaders)), Leadership.ended_on.is_(None)
        )
    )
    standing: dict[int, int] = {}
    for row in open_rows:
        if row.person_id == leaders[row.unit_id]:
            standing[row.unit_id] = row.person_id
        else:
            row.ended_on = day
    db.session.add_all(
        Leadership(unit_id=unit_id, person_id=person_id, known_from=day)
        for unit_id, person_id in leaders.items()
        if person_id is not None and unit_id not in standing
    )
    db.session.flush()
