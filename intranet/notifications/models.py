"""Tables of notices in the page, of mails on their way, and of what every page says in a crisis."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class Notice(Model, Created):
    """What the bell shows. `key` is (event, subject, recipient), so that nobody is told twice."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_recipient_id_id", "recipient_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxMessage(Model, Created):
    """One mail to one recipient, from the commit that causes it until the server took it."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_message_due", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(300))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    # "waiting", "sent", "parked" (will not be tried again; the reason says why).
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A worker that died leaves its lease to run out.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")


class CrisisState(StrEnum):
    """Waits for a second person, stands on every page, or is over (or was turned down)."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class CrisisNotice(Model, Created):
    """What stands on top of every page in a crisis. Its words are never changed: ended, made anew.

    Two persons stand behind it, or one with a reason.
    """

    __tablename__ = "crisis_notice"
    # What every page remembers the words by; never used again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    send_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    state: Mapped[CrisisState] = mapped_column(String(10), index=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(600))
    sends_mail: Mapped[bool] = mapped_column(default=False)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    alone_reason: Mapped[str] = mapped_column(String(300), default="")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
