"""The table of written plans for the environment of a pupil or a child."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class DeviationPlan(Model, Created):
    """One version of the plan of a case, as it was made; what it says never changes.

    Part of what is closed: read by the handler alone, and each reading is in the audit.
    """

    __tablename__ = "deviation_plan"
    __table_args__ = (
        UniqueConstraint("deviation_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    # 1, 2, 3: the version of the plan in its case.
    number: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    child_view: Mapped[str] = mapped_column(Text)
    # What, who, and the day as "2026-12-01", in the order in which they were written.
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    evaluate_on: Mapped[date]
    # What is new since the version before.
    change_note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The next reminder of the evaluation; None for all versions but the newest.
    next_signal: Mapped[str | None] = mapped_column(String(16))
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
