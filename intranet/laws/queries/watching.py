"""What the rooms above ask when they watch the laws: names, and whether anything is new."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from intranet.extensions import db
from intranet.laws.models import Law, LawImport


def law_names(refids: Collection[str]) -> dict[str, str]:
    """Return the short titles of the laws that are there."""
    rows = db.session.execute(select(Law.refid, Law.short_title).where(Law.refid.in_(refids)))
    return {row[0]: row[1] for row in rows}


def law_stamp() -> str:
    """Return what is another one as soon as an import has changed anything."""
    laws = db.session.execute(select(func.count(Law.id), func.max(Law.imported_at))).one()
    last = db.session.execute(
        select(func.max(LawImport.id)).where(LawImport.finished_at.is_not(None))
    ).scalar()
    return f"{laws[0]} {laws[1]} {last}"
