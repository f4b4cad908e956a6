"""The tables of a case: what was reported, who it concerns and who was copied."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import DeviationState, desk_day
from intranet.extensions import Model

# Of a unit, so that nobody's own cases are sought among those of no unit.
_OPEN_IN_LINE = "desk_on IS NOT NULL AND line_unit_id IS NOT NULL"
_OPEN_HANDLED = "desk_on IS NOT NULL AND handler_unit_id IS NOT NULL"
# The state first: SQLite prefers another index of it to one of the unit alone.
_REJECTED_BY = ("state", "rejection_seen_at", "handler_unit_id")
_REJECTED_UNSEEN = "state = 'rejected' AND rejection_seen_at IS NULL"


def _index_of(rows: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))


class Deviation(Model, Created):
    """One report and the case that it becomes."""

    __tablename__ = "deviation"
    __table_args__ = (
        UniqueConstraint("reporter_id", "send_key"),
        CheckConstraint("risk_consequence between 1 and 5", name="risk_consequence"),
        CheckConstraint("risk_probability between 1 and 5", name="risk_probability"),
        CheckConstraint("severity_rank between 0 and 3", name="severity"),
        Index("ix_deviation_handler", "handler_id", "state"),
        Index("ix_deviation_reporter_number", "reporter_id", "number"),
        Index("ix_deviation_line", "line_unit_id", "number"),
        Index("ix_deviation_due", "next_due_at"),
        Index("ix_deviation_state_due", "state", "due_on"),
        Index("ix_deviation_desk", "desk_on", "number"),
        # Only the open cases of a unit, and only what a leader above has yet to look at.
        _index_of(_OPEN_IN_LINE, "ix_deviation_open_line", "line_unit_id", "desk_on"),
        _index_of(_OPEN_HANDLED, "ix_deviation_open_handler", "handler_unit_id", "desk_on"),
        _index_of(_REJECTED_UNSEEN, "ix_deviation_rejected", *_REJECTED_BY),
        # A case may be moved out and its row removed; the audit and the notices still name its id,
        # which SQLite would else give to the next report.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # 202600412, shown as 2026-0412.
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[DeviationState] = mapped_column(String(24), default=DeviationState.REPORTED)

    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The reporter has a code instead of a name; `reporter_id` is then None for ever.
    is_anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The key of one sending: a second press finds the first report.
    send_key: Mapped[str] = mapped_column(String(36))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    immediate_action: Mapped[str] = mapped_column(Text, default="")
    # Both texts casefolded, for the search box of the desk: SQLite folds no æøå.
    text_key: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str | None] = mapped_column(String(16))
    answers: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The words of category and answers as the reporter read them, by key and language.
    reported_words: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSON)
    procedure_number: Mapped[str] = mapped_column(String(40), default="")
    law_reference: Mapped[str] = mapped_column(String(200), default="")

    severity_rank: Mapped[int]
    # False until facts or the handler have judged it.
    is_severity_assessed: Mapped[bool] = mapped_column(default=False)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    # The case that this one is a duplicate of, whose answer becomes the answer here too.
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("deviation.id"), index=True)
    state_before_merge: Mapped[DeviationState | None] = mapped_column(String(24))
    # Both or neither, on the scale of `risk.LEVELS`.
    risk_consequence: Mapped[int | None]
    risk_probability: Mapped[int | None]
    # What the handler wrote about the causes.
    cause_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_corrected: Mapped[bool] = mapped_column(default=False, server_default=false())

    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The unit as whose leader the handler has it; None for a recipient named in the settings.
    handler_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # From this unit and up, the line of leaders reads the case; None: no line does.
    line_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # How many levels the case has climbed because it was left lying, and to which unit's leader.
    level: Mapped[int] = mapped_column(default=0)
    climbed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)

    # From when acknowledging and deciding count: reported, or reopened.
    running_since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    deadline_kind: Mapped[str | None] = mapped_column(String(16))
    due_on: Mapped[date | None]
    # The place on the desk, see `desk_day`; None when the case has ended.
    desk_on: Mapped[date | None]
    next_signal: Mapped[str | None] = mapped_column(String(16))
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    evaluate_on: Mapped[date | None]
    evaluation: Mapped[str] = mapped_column(Text, default="")
    evaluated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the reporter is told when the case ends: the answer, or the reason for rejecting.
    answer: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_said_not_solved: Mapped[bool] = mapped_column(default=False)
    # When a leader above agreed that it was no deviation; None until somebody has looked.
    rejection_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Written at every step, so that two people at once cannot both be first.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def severity(self) -> Severity:
        """The severity that the case has now."""
        return Severity.of_rank(self.severity_rank)


@event.listens_for(Deviation, "before_insert")
@event.listens_for(Deviation, "before_update")
def _place_on_desk(_mapper: object, _connection: object, row: Deviation) -> None:
    row.desk_on = desk_day(row.state or DeviationState.REPORTED, row.handler_id, row.due_on)


class DeviationConcerned(Model, Created):
    """A person whom the case concerns, and who therefore never sees it."""

    __tablename__ = "deviation_concerned"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DeviationCopy(Model, Created):
    """A person who was copied, and the role that was the reason."""

    __tablename__ = "deviation_copy"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(40))
