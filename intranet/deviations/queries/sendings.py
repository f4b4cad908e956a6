"""Finds what was sent to a case before."""

from __future__ import annotations

from sqlalchemy import select

from intranet.deviations.models import DeviationEntry
from intranet.extensions import db


def has_sending(deviation_id: int, author_id: int | None, send_key: str) -> bool:
    """Whether this person, or nobody by name, has sent this to the case already."""
    found = select(DeviationEntry.id).where(
        DeviationEntry.deviation_id == deviation_id,
        DeviationEntry.author_id == author_id,
        DeviationEntry.send_key == send_key,
    )
    return db.session.execute(found).first() is not None
