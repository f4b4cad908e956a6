"""The tables of what nobody's name stands on. Random keys, days instead of moments.

On SQLite without row numbers, and with no key that counts: the order of rows tells nothing of the
order in which they came. What has been delivered is emptied here; the case holds it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import UtcDateTime
from intranet.extensions import Model

NO_ROW_NUMBERS = {"sqlite_with_rowid": False}


def random_key() -> str:
    """Return a key that says nothing: 122 random bits."""
    return str(uuid.uuid4())


class AnonymousReport(Model):
    """One report, findable by its code; after delivery only the way from the code to the case."""

    __tablename__ = "anonymous_report"
    __table_args__ = NO_ROW_NUMBERS

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=random_key)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_on: Mapped[date]
    # Whose case it becomes, see `rooms`.
    room: Mapped[str] = mapped_column(String(20), default="deviations", server_default="deviations")
    # Among those that the next delivery takes.
    is_ready: Mapped[bool] = mapped_column(default=False)
    # What was written; None once it is delivered.
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    deviation_id: Mapped[int | None] = mapped_column(ForeignKey("deviation.id"), unique=True)


class AnonymousMessage(Model):
    """Something that the reporter wrote later and that waits to be delivered."""

    __tablename__ = "anonymous_message"
    __table_args__ = NO_ROW_NUMBERS

    # Made by the page, so that a second press sends nothing more.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("anonymous_report.id"), index=True)
    sent_on: Mapped[date]
    is_ready: Mapped[bool] = mapped_column(default=False)
    is_not_solved: Mapped[bool] = mapped_column(default=False)
    # "yes" or "no" to what the room asked; empty for words.
    answer: Mapped[str] = mapped_column(String(3), default="", server_default="")
    # That the case becomes another room's, with what that room asked; None for all else.
    wish: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # 0 for the first that waits: two messages of one person keep their order.
    place: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")


class AnonymousFile(Model):
    """A cleaned file that waits to be delivered. In the database: a file on disk has a moment."""

    __tablename__ = "anonymous_file"
    __table_args__ = NO_ROW_NUMBERS

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=random_key)
    report_id: Mapped[str] = mapped_column(ForeignKey("anonymous_report.id"), index=True)
    # None: came with the report itself.
    message_id: Mapped[str | None] = mapped_column(ForeignKey("anonymous_message.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class DeliveryPlan(Model):
    """When the next delivery is: one row, made ahead, whether anything waits or not."""

    __tablename__ = "anonymous_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What is written after this waits for the delivery after the next.
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivers_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_closed: Mapped[bool] = mapped_column(default=False)
