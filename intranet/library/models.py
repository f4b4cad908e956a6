"""Tables of the library: kinds, documents, revisions, files, answers, and the laws they rest on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.library.document_types import sort_key
from intranet.library.law_watch import LawAnswer
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.review import ReviewFinding


def _number_key(context: Any) -> str:
    return sort_key(context.get_current_parameters()["number"])


class DocumentType(Model):
    """A kind of document with its own rules. `review_months` 0: never asked for."""

    __tablename__ = "document_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    review_months: Mapped[int]
    position: Mapped[int]


class Document(Model, Created):
    """What readers look for by number. Title and keywords are those of the published revision.

    `current_version` is the revision that readers see, `working_version` the one worked on.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_list", "state", "published_at", "id"),
        Index("ix_document_review", "state", "review_on"),
        Index("ix_document_working", "working_version"),
        # What one person owns, and is to look at soon: everybody's front page asks.
        Index("ix_document_owner", "owner_id", "state", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    # The same for sorting: PRO-9 before PRO-10.
    number_key: Mapped[str] = mapped_column(
        String(12), unique=True, index=True, default=_number_key
    )
    type_id: Mapped[int] = mapped_column(ForeignKey("document_type.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    # Casefolded title, number and keywords: the list's own filter, alike on both databases.
    search_key: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[str] = mapped_column(String(500), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # Since when owner or unit is gone, as the clock found it (actions/owners.py).
    unowned_since: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    state: Mapped[DocumentState] = mapped_column(String(20), default=DocumentState.UNPUBLISHED)
    current_version: Mapped[int | None]
    working_version: Mapped[int | None]
    # The last published revision that changed what is to be done: this one must be read.
    significant_version: Mapped[int | None]
    # Control questions for those who confirm that they have read (reading.py).
    questions: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_on: Mapped[date | None]
    # How far the owner was asked about this date (review.py).
    review_told: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(1000), default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    # A local supplement: what it adds to, and the version of that it was last held against.
    supplements_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    supplements_version: Mapped[int | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class DocumentUnit(Model):
    """That a published document applies in a unit and all below it. No rows: everywhere."""

    __tablename__ = "document_unit"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)


class Revision(Model, Created):
    """One version of a document's text. Once published it never changes again."""

    __tablename__ = "document_revision"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number > 0", name="number"),
        # What is in the works, by moment, without opening the rows, which hold whole texts.
        Index("ix_document_revision_state", "state", "document_id", "number", "changed_at"),
        # What was sent back waits on somebody's front page; most drafts never were.
        Index("ix_document_revision_returned", "state", "returned_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    state: Mapped[RevisionState] = mapped_column(String(20), default=RevisionState.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    keywords: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    change_note: Mapped[str] = mapped_column(String(500), default="")
    is_significant: Mapped[bool] = mapped_column(default=True)
    valid_for: Mapped[list[int]] = mapped_column(JSON, default=list)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Everyone who wrote in it; none of them may approve it.
    contributor_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    return_reason: Mapped[str] = mapped_column(String(2000), default="")
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The delegation that the approval rested on, where the municipality has given any.
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_from: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class RevisionFile(Model, Created):
    """A file attached to a revision. A new revision refers to the same stored file."""

    __tablename__ = "document_revision_file"
    __table_args__ = (UniqueConstraint("revision_id", "stored_file_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("document_revision.id"))
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # What the file says, for search; empty when it could not be read.
    text: Mapped[str] = mapped_column(Text, default="")


class ReviewAnswer(Model, Created):
    """That someone looked at a published document, and what was found: evidence (koml § 25-1)."""

    __tablename__ = "document_review_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    revision_number: Mapped[int]
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    finding: Mapped[ReviewFinding] = mapped_column(String(10), default=ReviewFinding.RIGHT)
    note: Mapped[str] = mapped_column(String(500), default="")
    was_due_on: Mapped[date | None]
    next_on: Mapped[date | None]


class DocumentCitation(Model):
    """That the published revision of a document names a law, or a paragraph of it.

    `section` is the number as the law prints it ("12-3 a"), empty for the law as a whole;
    `section_key` the same as it is compared. A document that is no longer in force has no rows.
    """

    __tablename__ = "document_citation"
    __table_args__ = (
        UniqueConstraint("document_id", "refid", "section_key"),
        Index("ix_document_citation_refid_section_key", "refid", "section_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    revision_number: Mapped[int]
    refid: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(200))
    section_key: Mapped[str] = mapped_column(String(200))


class LawWatch(Model):
    """Which edition of the laws the documents were last held against; one row."""

    __tablename__ = "law_watch"

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str] = mapped_column(String(200))


class LawReview(Model, Created):
    """That a law behind a document changes, and what the owner found: evidence, kept for ever.

    One row for each document and change; `change_key` names the change (law_watch.py). `wording_id`
    is the recorded change in the law's text, once there is one; before that only the note under the
    paragraph announces it. `section` is empty when the whole law is gone.
    """

    __tablename__ = "document_law_review"
    __table_args__ = (
        UniqueConstraint("document_id", "refid", "section_key", "change_key"),
        Index("ix_document_law_review_answer", "answer", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    # The revision in force when the change was found.
    revision_number: Mapped[int]
    refid: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(200))
    section_key: Mapped[str] = mapped_column(String(200))
    change_key: Mapped[str] = mapped_column(String(80))
    change: Mapped[str] = mapped_column(String(10))
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("law_wording.id"), index=True)
    amended_by: Mapped[str] = mapped_column(String(40), default="")
    effective_on: Mapped[date | None]
    due_on: Mapped[date]
    answer: Mapped[LawAnswer] = mapped_column(String(20), default=LawAnswer.NONE)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
