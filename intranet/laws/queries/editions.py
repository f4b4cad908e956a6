"""What the importer must know of the laws that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from intranet.extensions import db
from intranet.laws.models import Law


@dataclass(frozen=True, slots=True)
class KnownLaw:
    """A law as far as the importer compares it."""

    id: int
    refid: str
    content_hash: str
    as_of: date
    is_demo: bool
    is_announcement: bool
    gone_on: date | None


_KNOWN = select(
    Law.id, Law.refid, Law.content_hash, Law.as_of, Law.is_demo, Law.is_announcement, Law.gone_on
)


def known_laws() -> list[KnownLaw]:
    """All laws that are there."""
    return [KnownLaw(*row) for row in db.session.execute(_KNOWN)]
