"""The tables of what happens in a case: the story, and the files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model

_SENT = "send_key IS NOT NULL"


class DeviationEntry(Model):
    """One line of the story: a message, an internal note, or an event as code and parameters."""

    __tablename__ = "deviation_entry"
    __table_args__ = (
        Index("ix_deviation_entry_story", "deviation_id", "id"),
        Index(
            "uq_deviation_entry_sending",
            "deviation_id",
            "author_id",
            "send_key",
            unique=True,
            sqlite_where=text(_SENT),
            postgresql_where=text(_SENT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    # None: the clock.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # By which sending a message or note came; a second press of the same one adds nothing.
    send_key: Mapped[str | None] = mapped_column(String(36))


class DeviationFile(Model, Created):
    """A stored file that belongs to a case; the reporter sees those that are public."""

    __tablename__ = "deviation_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    is_public: Mapped[bool] = mapped_column(default=True)
    # The action that the file is the proof of.
    action_id: Mapped[int | None] = mapped_column(ForeignKey("corrective_action.id"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
