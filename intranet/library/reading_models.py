"""Tables of read receipts: who must read a document, who was asked, and who confirmed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.library.reading import Readers


class ReadingRule(Model, Created):
    """That those in a unit and all below it must read a document. `value`: the role or the title.

    Who that is, is found anew each time: a new employee is among them from the first day.
    """

    __tablename__ = "document_reading_rule"
    __table_args__ = (UniqueConstraint("document_id", "unit_id", "readers", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    readers: Mapped[Readers] = mapped_column(String(20), default=Readers.ALL)
    value: Mapped[str] = mapped_column(String(160), default="")
    # For reading, from the day when the person was asked.
    days: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ReadingRequest(Model):
    """That a person was asked to read a revision, and when the next reminder goes out."""

    __tablename__ = "document_reading_request"
    __table_args__ = (
        UniqueConstraint("document_id", "person_id", "revision_number"),
        Index("ix_document_reading_request_remind_on", "remind_on", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    revision_number: Mapped[int]
    asked_on: Mapped[date]
    due_on: Mapped[date]
    # None: there is nothing more to remind of.
    remind_on: Mapped[date | None]


class ReadReceipt(Model):
    """That a person has read a revision and understood it: evidence, kept for ever."""

    __tablename__ = "document_read_receipt"
    __table_args__ = (UniqueConstraint("document_id", "person_id", "revision_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    revision_number: Mapped[int]
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
