"""Reads about revisions and their files, with the policy inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Row, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound, NotPossibleNow
from intranet.core.models import StoredFile
from intranet.core.reads import read
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.library import policy
from intranet.library.hearing_models import Hearing
from intranet.library.lifecycle import RevisionState
from intranet.library.models import Document, ReviewAnswer, Revision, RevisionFile
from intranet.library.queries.access import facts_of_revision
from intranet.library.queries.approvers import find_delegated
from intranet.library.queries.documents import DocumentPage
from intranet.people.models import Person

# The databases' integers end here.
LARGEST_ID = 2**31 - 1
_NOTHING_IN_THE_WORKS = _l(
    "Ingen arbeider med en ny versjon nå. Den er godkjent eller lagt bort. Last siden på nytt."
)

_Author = aliased(Person)
_Approver = aliased(Person)
_BehalfOf = aliased(Person)
_Changer = aliased(Person)
_NEWEST_HEARING = (
    select(func.max(Hearing.id))
    .where(Hearing.document_id == Revision.document_id, Hearing.revision_number == Revision.number)
    .scalar_subquery()
    .label("hearing_id")
)
_PAGE = (
    select(
        *Revision.__table__.columns,
        _Author.name.label("author_name"),
        _Author.initials.label("author_initials"),
        _Approver.name.label("approver_name"),
        _BehalfOf.name.label("behalf_of_name"),
        _Changer.name.label("changer_name"),
        _NEWEST_HEARING,
    )
    .outerjoin(_Author, _Author.id == Revision.author_id)
    .outerjoin(_Approver, _Approver.id == Revision.approver_id)
    .outerjoin(_BehalfOf, _BehalfOf.id == Revision.approved_on_behalf_of)
    .outerjoin(_Changer, _Changer.id == Revision.changed_by)
    .where(Revision.document_id == bindparam("document"), Revision.number == bindparam("revision"))
)
_HISTORY = (
    select(
        Revision.number,
        Revision.state,
        Revision.change_note,
        Revision.is_significant,
        Revision.valid_from,
        Revision.approved_at,
        Revision.changed_at,
        Revision.delegation_id,
        _Author.name.label("author_name"),
        _Approver.name.label("approver_name"),
        _NEWEST_HEARING,
    )
    .outerjoin(_Author, _Author.id == Revision.author_id)
    .outerjoin(_Approver, _Approver.id == Revision.approver_id)
    .where(
        Revision.document_id == bindparam("document"),
        Revision.number < bindparam("below"),
        or_(Revision.approved_at.is_not(None), bindparam("works", type_=Boolean).is_(true())),
    )
    .order_by(Revision.number.desc())
    .limit(bindparam("most"))
)
_FILES = (
    select(
        RevisionFile.id,
        RevisionFile.stored_file_id,
        StoredFile.name,
        StoredFile.size,
        StoredFile.media_type,
        (RevisionFile.text != "").label("has_text"),
    )
    .join(StoredFile, StoredFile.id == RevisionFile.stored_file_id)
    .where(RevisionFile.revision_id == bindparam("revision"))
    .order_by(RevisionFile.id)
)
_REVIEW_ANSWERS = (
    select(
        ReviewAnswer.created_at,
        ReviewAnswer.finding,
        ReviewAnswer.note,
        Person.name,
        Person.initials,
    )
    .join(Person, Person.id == ReviewAnswer.answered_by)
    .where(ReviewAnswer.document_id == bindparam("document"))
    .order_by(ReviewAnswer.id.desc())
    .limit(10)
)
# More versions than any document gets.
_ALL = 10_000


@dataclass(frozen=True)
class RevisionPage:
    """One revision as shown to this viewer, with what the viewer may do with it."""

    row: Any
    can_edit: bool
    can_approve: bool
    # Whether it waits where only those with a delegation may approve.
    needs_delegation: bool
    can_call_back: bool

    def __getattr__(self, name: str) -> Any:
        """Give the revision's own columns, so that templates read `revision.body`."""
        return getattr(self.row, name)


def get_revision_for(viewer: Viewer, document: DocumentPage, number: int | None) -> RevisionPage:
    """Return the document's revision. Raises NotFound, also for one that the viewer may not see."""
    row = None
    if number is not None and 0 < number <= LARGEST_ID:
        row = read(_PAGE, document=document.id, revision=number).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke denne versjonen."))
    facts = facts_of_revision(row)
    # Only what waits for approval asks who has a delegation.
    waits = facts.state is RevisionState.APPROVAL
    delegated = find_delegated(document.facts.unit_path) if waits else None
    if not (
        policy.can_see_revision(viewer, document.facts, facts)
        or policy.may_read_to_approve(viewer, facts, delegated)
    ):
        raise NotFound(_("Vi finner ikke denne versjonen."))
    return RevisionPage(
        row=row,
        can_edit=policy.can_edit_draft(viewer, document.facts, facts),
        can_approve=policy.can_approve_revision(viewer, document.facts, facts, delegated),
        needs_delegation=delegated is not None,
        can_call_back=facts.state is RevisionState.SCHEDULED
        and policy.can_call_back(viewer, document.facts, row.approver_id),
    )


def get_working_for(viewer: Viewer, document: DocumentPage) -> RevisionPage:
    """Return the revision in the works, for those who work on the document or may approve it.

    Raises NotFound for others, whether there is one or not, and NotPossibleNow when there is none:
    somebody has just published it or laid it aside.
    """
    if document.working_version is None:
        if not document.can_work:
            raise NotFound(_("Vi finner ikke denne versjonen."))
        raise NotPossibleNow(_NOTHING_IN_THE_WORKS)
    revision = get_revision_for(viewer, document, document.working_version)
    # Every reader may read what comes; but it is no work of theirs.
    if revision.state == RevisionState.SCHEDULED and not revision.can_call_back:
        raise NotFound(_("Vi finner ikke denne versjonen."))
    return revision


def list_revisions_for(
    viewer: Viewer, document: DocumentPage, *, most: int = _ALL, below: int | None = None
) -> list[Row[Any]]:
    """Return the revisions that the viewer may read, newest first, without their texts.

    `below`: only those before this version.
    """
    works = policy.can_work_on_document(viewer, document.facts)
    return list(
        read(
            _HISTORY, document=document.id, works=works, most=most, below=below or LARGEST_ID
        ).all()
    )


def find_former_text(document_id: int, number: int) -> Any:
    """Return number, title and text of the published revision before this one, or None."""
    return db.session.execute(
        select(Revision.number, Revision.title, Revision.body)
        .where(
            Revision.document_id == document_id,
            Revision.number < number,
            Revision.approved_at.is_not(None),
        )
        .order_by(Revision.number.desc())
        .limit(1)
    ).one_or_none()


def list_files(revision_id: int) -> list[Row[Any]]:
    """Return the files of a revision that the caller has been shown, oldest first."""
    return list(read(_FILES, revision=revision_id).all())


def get_file_for(viewer: Viewer, document: DocumentPage, file_id: int) -> StoredFile:
    """Return the stored file if it belongs to a revision of this document that the viewer may read.

    The same policy as the page, whatever leads here (AZ-04, AZ-05). Raises NotFound.
    """
    found = None
    if 0 < file_id <= LARGEST_ID:
        found = db.session.execute(
            select(Revision.number, StoredFile)
            .join(RevisionFile, RevisionFile.revision_id == Revision.id)
            .join(StoredFile, StoredFile.id == RevisionFile.stored_file_id)
            .where(RevisionFile.id == file_id, Revision.document_id == document.id)
        ).one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    get_revision_for(viewer, document, found[0])
    stored: StoredFile = found[1]
    return stored


def list_review_answers(document_id: int) -> list[Row[Any]]:
    """Return what those who looked at the document found, newest first, at most ten."""
    return list(read(_REVIEW_ANSWERS, document=document_id).all())


def load_working_revision(document: Document) -> Revision:
    """Return the revision that is worked on, for an action. Raises NotPossibleNow without one."""
    if document.working_version is None:
        raise NotPossibleNow(_NOTHING_IN_THE_WORKS)
    return load_revision(document, document.working_version)


def load_current_revision(document: Document) -> Revision:
    """Return the published revision, for an action. Raises NotFound."""
    return load_revision(document, document.current_version)


def load_revision(document: Document, number: int | None) -> Revision:
    """Return the document's revision of this number, for an action. Raises NotFound."""
    found = db.session.execute(
        select(Revision).where(Revision.document_id == document.id, Revision.number == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke denne versjonen."))
    return found


def list_scheduled_until(day: date) -> list[int]:
    """Return the documents with an approved revision whose day has come, the first one first."""
    return list(
        db.session.execute(
            select(Document.id)
            .join(
                Revision,
                and_(
                    Revision.document_id == Document.id,
                    Revision.number == Document.working_version,
                ),
            )
            .where(Revision.state == RevisionState.SCHEDULED, Revision.valid_from <= day)
            .order_by(Revision.valid_from, Document.id)
        ).scalars()
    )
