"""The table of who has opened a confidential case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import UtcDateTime
from intranet.extensions import Model


class DeviationOpening(Model):
    """One time that a person read a confidential case, on whose behalf, and which file if any."""

    __tablename__ = "deviation_opening"
    __table_args__ = (Index("ix_deviation_opening_case", "deviation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("deviation_file.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
