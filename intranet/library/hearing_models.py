"""Tables of hearings: what was sent to whom, what they said, and what each was answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.library.hearing import WHOLE, HearingAnswer


class Hearing(Model, Created):
    """That a draft was sent on hearing. Title and text are those that were sent, held fast."""

    __tablename__ = "document_hearing"
    __table_args__ = (
        Index("ix_document_hearing_document_id", "document_id", "revision_number"),
        Index("ix_document_hearing_closed_at", "closed_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    revision_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(String(2000), default="")
    # The units named; who worked there when it was sent stands in the requests.
    unit_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    due_on: Mapped[date]
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # None with a moment: closed by itself when the deadline had passed.
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    close_reason: Mapped[str] = mapped_column(String(1000), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class HearingFile(Model):
    """A file as it was attached when the draft was sent; the draft may lose it, the hearing not."""

    __tablename__ = "document_hearing_file"

    hearing_id: Mapped[int] = mapped_column(ForeignKey("document_hearing.id"), primary_key=True)
    stored_file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id"), primary_key=True, index=True
    )


class HearingRequest(Model):
    """That a person was asked, by name or with a unit, and whether there was an answer."""

    __tablename__ = "document_hearing_request"
    __table_args__ = (
        UniqueConstraint("hearing_id", "person_id"),
        Index("ix_document_hearing_request_remind_on", "remind_on", "hearing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("document_hearing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_named: Mapped[bool] = mapped_column(default=False)
    # None: there is nothing more to remind of.
    remind_on: Mapped[date | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_no_comments: Mapped[bool] = mapped_column(default=False)


class HearingComment(Model, Created):
    """What somebody said about the whole (`place` 0) or a paragraph, and the author's answer."""

    __tablename__ = "document_hearing_comment"
    __table_args__ = (Index("ix_document_hearing_comment_hearing_id", "hearing_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("document_hearing.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int] = mapped_column(default=WHOLE)
    text: Mapped[str] = mapped_column(String(4000))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[HearingAnswer] = mapped_column(String(20), default=HearingAnswer.NONE)
    answer_text: Mapped[str] = mapped_column(String(2000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.
