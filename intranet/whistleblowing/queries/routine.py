"""Reads the written routine of arbeidsmiljøloven § 2 A-6, which everybody may read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from intranet.extensions import db
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, Revision

# The keyword that an editor gives the procedure which is the routine.
PINNED = "varslingsrutine"


def find_routine() -> Any:
    """Return title, number, text and day of the published procedure with the keyword, or None."""
    rows = db.session.execute(
        select(
            Document.title, Document.number, Document.published_at, Document.keywords, Revision.body
        )
        .join(Revision, Revision.document_id == Document.id)
        .where(
            Document.state == DocumentState.PUBLISHED,
            Revision.number == Document.current_version,
            Document.search_key.contains(PINNED),
        )
        .order_by(Document.published_at.desc())
    )
    for row in rows:
        if PINNED in [word.strip().casefold() for word in row.keywords.split(",")]:
            return row
    return None
