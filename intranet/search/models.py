"""What waits to be indexed, and what those who tend the search read; the index itself can be thrown
away.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class PendingEntry(Created, Model):
    """A document that changed and is to be indexed anew; written in the change's own transaction.

    A document may wait several times: one row per transaction needs no lock that two of them share.
    """

    __tablename__ = "search_pending_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_key: Mapped[str] = mapped_column(String(200))
    # When the jobs process last took it; a document that could not be read is tried again later.
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)


class AskedQuestion(Model):
    """A question as somebody asked it, and how often it was answered badly or well.

    Nobody is named: neither who asked nor, as far as can be known, anybody in the words
    (`keeping.py`). `last_on` is a day, not a moment; rows that nobody asked for long are removed.
    """

    __tablename__ = "search_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(100), unique=True)
    missed_count: Mapped[int] = mapped_column(default=0)
    helped_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    last_on: Mapped[date] = mapped_column(index=True)


class SynonymGroup(Created, Model):
    """Words that mean the same here, with commas between; found for one another in every search."""

    __tablename__ = "search_synonym"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(600), unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class PinnedAnswer(Created, Model):
    """An answer that stands first when somebody asks for this; see `tending.question_key`.

    `target` is an entry's key, or the address of a page of ours, which `title` then names.
    """

    __tablename__ = "search_pin"
    __table_args__ = (
        UniqueConstraint("question_key", "target"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(200))
    question_key: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
