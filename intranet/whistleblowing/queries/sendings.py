"""Finds what was sent to a case before."""

from __future__ import annotations

from sqlalchemy import select

from intranet.extensions import db
from intranet.whistleblowing.models import WhistleEntry


def has_sending(case_id: str, author_id: int | None, send_key: str) -> bool:
    """Whether this person, or nobody by name, has sent this to the case already."""
    found = select(WhistleEntry.id).where(
        WhistleEntry.case_id == case_id,
        WhistleEntry.author_id == author_id,
        WhistleEntry.send_key == send_key,
    )
    return db.session.execute(found).first() is not None
