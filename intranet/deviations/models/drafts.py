"""The table of reports that somebody has begun to write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import UtcDateTime
from intranet.extensions import Model


class DeviationDraft(Model):
    """What a reporter has begun to write; one for each person, deleted after fourteen days."""

    __tablename__ = "deviation_draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
