"""The tables of statutory clocks and of the special types; decide nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    insert,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.deviations.authority_numbers import DEFAULT_NUMBERS
from intranet.deviations.clocks import ClockState, Limit
from intranet.deviations.proposals import Source
from intranet.deviations.types import Kind
from intranet.extensions import Model


class DeviationDetails(Model):
    """The kind of a case and the answers to its questions; no row: ordinary."""

    __tablename__ = "deviation_details"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[Kind] = mapped_column(String(20), index=True)
    # Proposed by the reporter and not yet looked at by the handler.
    is_proposed: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Names, or medical facts with consent: read on a page of its own that is logged.
    hidden_text: Mapped[str] = mapped_column(Text, default="")
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class KindProposal(Model, Created):
    """What category or ticks said that it was, and what a person answered; never removed."""

    __tablename__ = "deviation_kind_proposal"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(20))
    source: Mapped[Source] = mapped_column(String(10))
    # Names of answers, or the key of a category; their words stand on the case.
    because: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The kind that a person chose; None until somebody has answered.
    outcome: Mapped[Kind | None] = mapped_column(String(20))
    # Why it was an ordinary case after all.
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatutoryClock(Model, Created):
    """One phase of one clock of one case, with the rule as it was when the clock was started."""

    __tablename__ = "deviation_clock"
    __table_args__ = (
        UniqueConstraint("deviation_id", "key", "phase"),
        Index("ix_deviation_clock_next", "state", "next_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    key: Mapped[str] = mapped_column(String(30))
    phase: Mapped[str] = mapped_column(String(20))
    law: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    limit: Mapped[Limit] = mapped_column("limit_kind", String(16))
    amount: Mapped[int] = mapped_column(default=0)
    is_own: Mapped[bool] = mapped_column(default=False)
    counts_from: Mapped[str] = mapped_column(String(20), default="")

    # When somebody became aware; corrected only with a reason, and the first is kept.
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    original_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ClockState] = mapped_column(String(16), default=ClockState.RUNNING)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why too late, or why not applicable.
    reason: Mapped[str] = mapped_column(Text, default="")
    sent_note: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(100), default="")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    signal_index: Mapped[int] = mapped_column(default=0)
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    climbed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody: running, or missed and not done since."""
        waits = self.state == ClockState.MISSED and self.met_at is None
        return self.state == ClockState.RUNNING or waits


class AuthorityNumber(Model):
    """A telephone number that cases of a kind show, as the administrator has it. Never deleted."""

    __tablename__ = "deviation_authority_number"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[Kind] = mapped_column(String(20), index=True)
    number: Mapped[str] = mapped_column(String(20))
    name_nb: Mapped[str] = mapped_column(String(80))
    name_nn: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    # When to call it.
    note_nb: Mapped[str] = mapped_column(String(120))
    note_nn: Mapped[str] = mapped_column(String(120))
    note_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ClockDefinition(Model):
    """One rule as the administrator has it. An empty table means `clock_rules.DEFAULT_CLOCKS`."""

    __tablename__ = "deviation_clock_definition"
    __table_args__ = (UniqueConstraint("key", "phase", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(30))
    phase: Mapped[str] = mapped_column(String(20))
    kind: Mapped[Kind] = mapped_column(String(20))
    law: Mapped[str] = mapped_column(String(120))
    limit: Mapped[Limit] = mapped_column("limit_kind", String(16))
    amount: Mapped[int] = mapped_column(default=0)
    question: Mapped[str] = mapped_column(String(60), default="")
    counts_from: Mapped[str] = mapped_column(String(20), default="")
    recipient: Mapped[str] = mapped_column(String(200), default="")
    is_own: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def insert_numbers(connection: Connection) -> None:
    """Put the numbers of the product into an empty table."""
    for position, row in enumerate(DEFAULT_NUMBERS):
        words = {f"name_{language}": text for language, text in row.name.items()}
        words |= {f"note_{language}": text for language, text in row.note.items()}
        values = {"version": 1, "position": position, "is_active": True, "number": row.number}
        connection.execute(insert(AuthorityNumber).values(kind=row.kind, **words, **values))


@event.listens_for(AuthorityNumber.__table__, "after_create")
def _fill_numbers(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_numbers(connection)
