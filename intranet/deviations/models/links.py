"""The table of cases that have to do with each other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created
from intranet.extensions import Model


class DeviationLink(Model, Created):
    """Two cases that somebody linked; one row for both ways, the lower id first."""

    __tablename__ = "deviation_link"
    __table_args__ = (CheckConstraint("first_id < second_id", name="order"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True, index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
