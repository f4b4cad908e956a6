"""The table of letters that were made from a case; decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.deviations.letter_shapes import Language, LetterKind, LetterState
from intranet.extensions import Model


class DeviationLetter(Model, Created):
    """One letter or form. Drafts are changed; a finished one never, and the next is a new row."""

    __tablename__ = "deviation_letter"
    __table_args__ = (
        # NULL until it is finished: the numbers of a kind in a case have no holes.
        UniqueConstraint("deviation_id", "kind", "number"),
        Index("ix_deviation_letter_case", "deviation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    kind: Mapped[LetterKind] = mapped_column(String(20))
    language: Mapped[Language] = mapped_column(String(2), default=Language.BOKMAL)
    state: Mapped[LetterState] = mapped_column(String(10), default=LetterState.DRAFT)
    number: Mapped[int | None] = mapped_column()
    # What each field says. Names and health stand apart, for those who may read the closed part.
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    closed_texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Why a name or telephone may stand in a text that is looked through.
    privacy_reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    # The letter as it was when it was finished, and its PDF; a checklist has none.
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    stored_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_note: Mapped[str] = mapped_column(Text, default="")
    sent_reference: Mapped[str] = mapped_column(String(100), default="")
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == LetterState.DRAFT

    @property
    def values(self) -> dict[str, str]:
        """Everything that was written, for those who may read all of it."""
        return {**self.texts, **self.closed_texts}
