"""The table of cases that another room took over, as their reporters find them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import today
from intranet.extensions import Model


class DeviationForward(Model):
    """Where the reporter of a case that is no deviation any more reads what became of it."""

    __tablename__ = "deviation_forward"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    moved_on: Mapped[date] = mapped_column(default=today)
