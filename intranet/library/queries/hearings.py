"""Reads about hearings, with the policy inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.document_types import is_number
from intranet.library.hearing import HearingAnswer, is_open
from intranet.library.hearing_models import Hearing, HearingComment, HearingRequest
from intranet.library.lifecycle import EDITABLE, DocumentState
from intranet.library.models import Document, Revision
from intranet.library.policy import DocumentFacts
from intranet.library.queries.access import facts_of_revision, worked_on_by
from intranet.people.models import Person, Unit
from intranet.people.queries.persons import LARGEST_ID

_Starter = aliased(Person)
_Closer = aliased(Person)
_Answerer = aliased(Person)
_PAGE = (
    select(
        *Hearing.__table__.columns,
        Document.number,
        Document.owner_id,
        Document.state.label("document_state"),
        Document.current_version,
        Unit.path.label("unit_path"),
        Unit.name.label("unit_name"),
        Revision.state,
        Revision.approved_at,
        Revision.contributor_ids,
        Revision.body.label("draft_body"),
        _Starter.name.label("starter_name"),
        _Closer.name.label("closer_name"),
    )
    .join(Document, Document.id == Hearing.document_id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(
        Revision,
        and_(
            Revision.document_id == Hearing.document_id,
            Revision.number == Hearing.revision_number,
        ),
    )
    .join(_Starter, _Starter.id == Hearing.started_by)
    .outerjoin(_Closer, _Closer.id == Hearing.closed_by)
)


@dataclass(frozen=True)
class HearingPage:
    """A hearing as its page shows it to this viewer, with what the viewer may do."""

    row: Any
    request: Any
    is_open: bool
    can_see_document: bool
    can_work: bool
    can_answer: bool

    @property
    def can_comment(self) -> bool:
        """Whether the viewer was asked, and it is not over."""
        return self.request is not None and self.is_open

    @property
    def is_edited_since(self) -> bool:
        """Whether the draft says something else now than what was sent."""
        return bool(self.row.draft_body != self.row.body)

    def __getattr__(self, name: str) -> Any:
        """Give the hearing's own columns, so that templates read `hearing.due_on`."""
        return getattr(self.row, name)


def hearing_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `can_see_hearing`, for a select with hearing, document, its unit and revision."""
    return or_(
        Revision.approved_at.is_not(None),
        worked_on_by(viewer),
        exists(
            select(HearingRequest.id).where(
                HearingRequest.hearing_id == Hearing.id, HearingRequest.person_id == viewer.id
            )
        ),
    )


def get_hearing_for(viewer: Viewer, number: str, hearing_id: int) -> HearingPage:
    """Return the document's hearing. Raises NotFound, also for one that the viewer may not see."""
    row = None
    if is_number(number.upper()) and 0 < hearing_id <= LARGEST_ID:
        row = db.session.execute(
            _PAGE.where(Document.number == number.upper(), Hearing.id == hearing_id)
        ).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke denne høringen."))
    document = DocumentFacts(row.unit_path, row.owner_id, DocumentState(row.document_state))
    request = _request_of(hearing_id, viewer.id)
    if not policy.can_see_hearing(
        viewer, document, facts_of_revision(row), is_asked=request is not None
    ):
        raise NotFound(_("Vi finner ikke denne høringen."))
    can_work = policy.can_work_on_document(viewer, document)
    return HearingPage(
        row=row,
        request=request,
        is_open=is_open(row.closed_at is not None, row.due_on, today()),
        can_see_document=policy.can_see_document(viewer, document),
        can_work=can_work,
        can_answer=can_work and row.state in EDITABLE,
    )


def list_hearings_for(viewer: Viewer, document_id: int, revision_number: int) -> list[AnyRow]:
    """Return the hearings of the revision that the viewer may see, the newest first."""
    return list(
        db.session.execute(
            select(Hearing.id, Hearing.created_at, Hearing.due_on, Hearing.closed_at)
            .join(Document, Document.id == Hearing.document_id)
            .join(Unit, Unit.id == Document.unit_id)
            .join(
                Revision,
                and_(
                    Revision.document_id == Hearing.document_id,
                    Revision.number == Hearing.revision_number,
                ),
            )
            .where(
                Hearing.document_id == document_id,
                Hearing.revision_number == revision_number,
                hearing_visible_to(viewer),
            )
            .order_by(Hearing.id.desc())
        )
    )


def list_comments(hearing_id: int) -> list[AnyRow]:
    """Return the comments with their answers, by paragraph and then as they came."""
    return list(
        db.session.execute(
            select(
                *HearingComment.__table__.columns,
                Person.name.label("author_name"),
                _Answerer.name.label("answerer_name"),
            )
            .join(Person, Person.id == HearingComment.author_id)
            .outerjoin(_Answerer, _Answerer.id == HearingComment.answered_by)
            .where(HearingComment.hearing_id == hearing_id)
            .order_by(HearingComment.place, HearingComment.id)
        )
    )


def count_unanswered(document_id: int, revision_number: int) -> int:
    """Return how many comments on the revision, in all its hearings, have no answer."""
    return db.session.execute(
        select(func.count(HearingComment.id))
        .join(Hearing, Hearing.id == HearingComment.hearing_id)
        .where(
            Hearing.document_id == document_id,
            Hearing.revision_number == revision_number,
            HearingComment.answer == HearingAnswer.NONE,
        )
    ).scalar_one()


def list_due_hearings(day: Any) -> list[int]:
    """Return the hearings whose deadline has passed and that nobody has closed."""
    return list(
        db.session.scalars(
            select(Hearing.id)
            .where(Hearing.closed_at.is_(None), Hearing.due_on < day)
            .order_by(Hearing.id)
        )
    )


def list_hearings_to_remind_of(day: Any) -> list[int]:
    """Return the hearings with a reminder whose day has come."""
    return list(
        db.session.scalars(
            select(HearingRequest.hearing_id)
            .where(HearingRequest.remind_on <= day)
            .distinct()
            .order_by(HearingRequest.hearing_id)
        )
    )


def load_hearing(hearing_id: int, document_id: int | None = None) -> Hearing:
    """Return the hearing (of the document) for an action, locked. Raises NotFound."""
    found = None
    if 0 < hearing_id <= LARGEST_ID:
        found = db.session.execute(
            select(Hearing)
            .where(Hearing.id == hearing_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
    if found is None or document_id not in (None, found.document_id):
        raise NotFound(_("Vi finner ikke denne høringen."))
    return found


def find_open_hearing(document_id: int) -> Hearing | None:
    """Return the hearing of the document that nobody has closed, or None."""
    return db.session.scalars(
        select(Hearing)
        .where(Hearing.document_id == document_id, Hearing.closed_at.is_(None))
        .order_by(Hearing.id.desc())
        .limit(1)
    ).one_or_none()


def find_comment(hearing_id: int, comment_id: int) -> HearingComment | None:
    """Return the comment for an action, as it is now, or None."""
    if not 0 < comment_id <= LARGEST_ID:
        return None
    return db.session.execute(
        select(HearingComment)
        .where(HearingComment.id == comment_id, HearingComment.hearing_id == hearing_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _request_of(hearing_id: int, person_id: int) -> Any:
    return db.session.execute(
        select(*HearingRequest.__table__.columns).where(
            HearingRequest.hearing_id == hearing_id, HearingRequest.person_id == person_id
        )
    ).one_or_none()
