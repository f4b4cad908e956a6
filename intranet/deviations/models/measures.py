"""The table of corrective actions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.deviations.workflow import ActionState, Effect
from intranet.extensions import Model


class CorrectiveAction(Model, Created):
    """What somebody is to do so that it does not happen again."""

    __tablename__ = "corrective_action"
    __table_args__ = (
        Index("ix_corrective_action_responsible", "responsible_id", "state"),
        Index("ix_corrective_action_due", "next_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(String(10), default=ActionState.OPEN)
    # What the one responsible must know, who does not see the case.
    background: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What the handler found that it did.
    effect: Mapped[Effect | None] = mapped_column(String(10))
    effect_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    level: Mapped[int] = mapped_column(default=0)
    next_signal: Mapped[str | None] = mapped_column(String(16))
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
