"""The table of what the handler found to be the causes of a case."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created
from intranet.extensions import Model


class DeviationCauseChoice(Model, Created):
    """One cause of one case, in the words that it was chosen by, also when it is out of use."""

    __tablename__ = "deviation_cause_choice"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    cause_id: Mapped[int] = mapped_column(
        ForeignKey("deviation_cause.id"), primary_key=True, index=True
    )
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
