"""The tables of whistleblowing. The key of a case is random and in no order; kept for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.anonymous.models import NO_ROW_NUMBERS, random_key
from intranet.core.clock import now, today
from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.whistleblowing.workflow import WhistleState


class WhistleCase(Model):
    """One whistleblowing case. Days instead of moments."""

    __tablename__ = "whistle_case"
    __table_args__ = NO_ROW_NUMBERS

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=random_key)
    # A series of its own: "V2026-0003".
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[WhistleState] = mapped_column(String(16), default=WhistleState.RECEIVED)
    # The way from the code to the case; None when it was a deviation reported by name.
    report_id: Mapped[str | None] = mapped_column(ForeignKey("anonymous_report.id"), unique=True)
    # Who reported that deviation; follows the case, and never handles it.
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    happened: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    concerns: Mapped[str] = mapped_column(Text, default="")
    # Only what the whistleblower chose to write.
    contact: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[date] = mapped_column(default=today)
    confirmed_on: Mapped[date | None]
    assessed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    is_whistleblowing: Mapped[bool | None]
    conclusion: Mapped[str] = mapped_column(Text, default="")
    # What the recipients are to do by when; None when nothing waits.
    due_on: Mapped[date | None]
    reminded_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class WhistleOrigin(Model):
    """The deviation that the case was before it was moved here: to be read, and every row of it."""

    __tablename__ = "whistle_origin"

    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    moved_on: Mapped[date] = mapped_column(default=today)
    moved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    # Label and value.
    facts: Mapped[list[list[str]]] = mapped_column(JSON)
    # Heading, text, about.
    parts: Mapped[list[list[str]]] = mapped_column(JSON)
    # By table: for whoever must prove what was there, not for pages.
    rows: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(JSON)


class WhistleOffer(Model):
    """What the recipients want to send on as a deviation, as the whistleblower is asked about it.

    Which deviation it became stands nowhere.
    """

    __tablename__ = "whistle_offer"

    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    happened_on: Mapped[date]
    offered_on: Mapped[date] = mapped_column(default=today)
    answered_on: Mapped[date | None]
    is_accepted: Mapped[bool | None]


class WhistleClock(Model):
    """A duty to report that ran when the deviation was moved, and is the recipients' now."""

    __tablename__ = "whistle_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), index=True)
    # "data_breach.authority"
    name: Mapped[str] = mapped_column(String(60))
    law: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_applicable: Mapped[bool] = mapped_column(default=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    # The next time that the recipients are reminded; None when it is settled.
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class WhistleParty(Model):
    """A person whom the case concerns, and who therefore never sees it."""

    __tablename__ = "whistle_party"

    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class WhistleReader(Model, Created):
    """A person who was let into the case, as what, by whom and why."""

    __tablename__ = "whistle_reader"

    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    is_investigator: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


_SENT = "send_key IS NOT NULL"


class WhistleEntry(Model):
    """One line of the story; what the whistleblower may read is public."""

    __tablename__ = "whistle_entry"
    __table_args__ = (
        Index("ix_whistle_entry_story", "case_id", "id"),
        Index(
            "uq_whistle_entry_sending",
            "case_id",
            "author_id",
            "send_key",
            unique=True,
            sqlite_where=text(_SENT),
            postgresql_where=text(_SENT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"))
    on: Mapped[date] = mapped_column(default=today)
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    is_from_whistleblower: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # By which sending a message or note came; a second press of the same one adds nothing.
    send_key: Mapped[str | None] = mapped_column(String(36))


class WhistleFile(Model):
    """A file of the case; the whistleblower gets those that are public."""

    __tablename__ = "whistle_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), index=True)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    is_public: Mapped[bool] = mapped_column(default=True)


class WhistleOpening(Model):
    """One time that somebody read the case, or fetched a file of it."""

    __tablename__ = "whistle_opening"
    __table_args__ = (Index("ix_whistle_opening_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("whistle_file.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class WhistleCheck(Model):
    """That the recipients ask for retaliation some months after the closing."""

    __tablename__ = "whistle_check"

    case_id: Mapped[str] = mapped_column(ForeignKey("whistle_case.id"), primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date] = mapped_column(index=True)
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    reminded_on: Mapped[date | None]


# Bevaringsforskrifta § 31: kept for ever. Nothing of a case has a way to be removed.
KEPT_FOR_EVER = (
    WhistleCase,
    WhistleOrigin,
    WhistleOffer,
    WhistleClock,
    WhistleParty,
    WhistleReader,
    WhistleEntry,
    WhistleFile,
    WhistleOpening,
    WhistleCheck,
)


def _refuse_removal(_mapper: object, _connection: object, row: Model) -> None:
    raise RuntimeError(f"{type(row).__name__} is kept for ever")


for _kept in KEPT_FOR_EVER:
    event.listen(_kept, "before_delete", _refuse_removal)
