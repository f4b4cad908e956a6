"""The table of what was decided about the personal data of those who have left."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created
from intranet.extensions import Model


class ErasureOutcome(StrEnum):
    """How a claim for erasure ended (GDPR 17 and 18, arkivlova § 13)."""

    # Nothing is left that tells who it was.
    ERASED = "erased"
    # Only the name is left, where the archives need it.
    RESTRICTED = "restricted"
    REFUSED = "refused"


class ErasureDecision(Model, Created):
    """One decision, with the provision and the reason. Kept: it is what we answer for."""

    __tablename__ = "erasure_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[ErasureOutcome] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
