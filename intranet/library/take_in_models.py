"""Tables of what came from a former system: each taking in, its lines, and where documents were."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.library.take_in import Outcome


class RunState(StrEnum):
    """How far a taking in has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    # Somebody approved what it made; the clock puts it in force.
    PUBLISHING = "publishing"
    DONE = "done"
    DROPPED = "dropped"


class TakeInRun(Model, Created):
    """One taking in of documents: a list, and the files that it names."""

    __tablename__ = "document_take_in"
    __table_args__ = (Index("ix_document_take_in_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: by a command on the server.
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[RunState] = mapped_column(String(20), default=RunState.CHECKING)
    list_name: Mapped[str] = mapped_column(String(255))
    # The archive as it was sent; let go when the run is over.
    archive_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # With an approver the documents apply at once; otherwise they are drafts.
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Files that no line names, the first of them, and how many there are.
    unlisted: Mapped[list[str]] = mapped_column(JSON, default=list)
    unlisted_count: Mapped[int] = mapped_column(default=0)
    # Why it stopped before its end, in words.
    refusal: Mapped[str] = mapped_column(String(500), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class TakeInLine(Model):
    """One line of the list, and what became of it or would."""

    __tablename__ = "document_take_in_line"
    __table_args__ = (
        UniqueConstraint("run_id", "line"),
        Index("ix_document_take_in_line_outcome", "run_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("document_take_in.id"))
    line: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    outcome: Mapped[Outcome] = mapped_column(String(20), default=Outcome.WAITING)
    # [say, about] for each remark.
    remarks: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    # The file that the line means, as it was when it was looked through.
    sha256: Mapped[str] = mapped_column(String(64), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)


class DocumentOrigin(Model):
    """Where a document was before: its number and file there, so that it is taken in only once."""

    __tablename__ = "document_origin"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("document_take_in.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), default="")
    number_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    file_name: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    # As the list said; a draft gets its own days when it is approved.
    review_on: Mapped[date | None]
    valid_from: Mapped[date | None]
