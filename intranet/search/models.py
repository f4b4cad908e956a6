"""What waits to be indexed; the index itself lives in files and can be thrown away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class PendingEntry(Created, Model):
    """A document that changed and is to be indexed anew; written in the change's own transaction.

    A document may wait several times: one row per transaction needs no lock that two of them share.
    """

    __tablename__ = "search_pending_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_key: Mapped[str] = mapped_column(String(200))
    # When the jobs process last took it; a document that could not be read is tried again later.
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)
