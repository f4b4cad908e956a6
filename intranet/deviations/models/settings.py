"""The tables that the administrator edits in place of the rows of the product."""

from __future__ import annotations

from sqlalchemy import (
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.extensions import Model


class CopyRule(Model):
    """One row of the table of copies. An empty table means the rows in `routing.DEFAULT_COPIES`."""

    __tablename__ = "deviation_copy_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str | None] = mapped_column(String(16))
    least_rank: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40))


class DeadlineSetting(Model):
    """Working days for one severity, in place of `escalation.DEFAULT_DAYS`."""

    __tablename__ = "deviation_deadline"

    severity_rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    acknowledge: Mapped[int]
    decide: Mapped[int]
    close: Mapped[int]
    climb: Mapped[int]
