"""Reads about documents: columns, and only what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.keyset import KeysetPage, PageRequest, fetch_page
from intranet.core.reads import read
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.document_types import is_number
from intranet.library.lifecycle import (
    WORKING,
    DocumentState,
    ReviewState,
    RevisionState,
    review_state,
)
from intranet.library.models import Document, DocumentType, DocumentUnit, Revision
from intranet.library.policy import DocumentFacts
from intranet.library.queries.access import facts_of_revision, visible_to, worked_on_by
from intranet.library.queries.approvers import find_delegated
from intranet.library.queries.citations import rests_on
from intranet.library.take_in_models import DocumentOrigin
from intranet.people.models import Person, Unit

PAGE_SIZE = 25
MAX_WORDS = 6

_Owner = aliased(Person)
_Successor = aliased(Document)
_Coming = aliased(Revision)
_Supplement = aliased(Document)
_LIST_COLUMNS = (
    Document.id,
    Document.number,
    Document.title,
    Document.published_at,
    Document.review_on,
    Document.current_version,
    DocumentType.name.label("type_name"),
    Unit.name.label("unit_name"),
)
_LIST: Any = (
    select(*_LIST_COLUMNS)
    .join(DocumentType, DocumentType.id == Document.type_id)
    .join(Unit, Unit.id == Document.unit_id)
)
_IN_FORCE = _LIST.where(Document.state == DocumentState.PUBLISHED)
_NEWEST_FIRST = (Document.published_at, Document.id)
_PAGE = (
    select(
        *Document.__table__.columns,
        DocumentType.name.label("type_name"),
        DocumentType.prefix,
        Unit.name.label("unit_name"),
        Unit.path.label("unit_path"),
        _Owner.name.label("owner_name"),
        _Successor.number.label("successor_number"),
        _Successor.title.label("successor_title"),
        _Coming.number.label("coming_version"),
        _Coming.valid_from.label("coming_from"),
        _Coming.change_note.label("coming_note"),
        # Most have none, and need no look-up of them.
        exists(
            select(_Supplement.id).where(
                _Supplement.supplements_id == Document.id,
                _Supplement.state == DocumentState.PUBLISHED,
            )
        ).label("has_supplements"),
        DocumentOrigin.number.label("former_number"),
        DocumentOrigin.file_name.label("former_file"),
        DocumentOrigin.review_on.label("former_review_on"),
        DocumentOrigin.valid_from.label("former_valid_from"),
    )
    .outerjoin(DocumentOrigin, DocumentOrigin.document_id == Document.id)
    .join(DocumentType, DocumentType.id == Document.type_id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(_Owner, _Owner.id == Document.owner_id)
    .outerjoin(_Successor, _Successor.id == Document.successor_id)
    .outerjoin(
        _Coming,
        and_(
            _Coming.document_id == Document.id,
            _Coming.number == Document.working_version,
            _Coming.state == RevisionState.SCHEDULED,
        ),
    )
    .where(Document.number == bindparam("number"))
)


# What is in the works, found by its states among all that was written before; the columns that a
# page shows are read for its own rows.
_IN_THE_WORKS: Any = (
    select(Revision.id, Revision.changed_at)
    .join(
        Document,
        and_(Revision.document_id == Document.id, Revision.number == Document.working_version),
    )
    .join(Unit, Unit.id == Document.unit_id)
    .where(Revision.state.in_(sorted(WORKING)))
)
_WORK: Any = (
    select(
        Document.number,
        Revision.id,
        Revision.number.label("revision_number"),
        Revision.title,
        Revision.state,
        Revision.changed_at,
        Revision.returned_by,
        Revision.valid_from,
        Person.name.label("author_name"),
        Unit.name.label("unit_name"),
    )
    .join(Document, Document.id == Revision.document_id)
    .join(Unit, Unit.id == Document.unit_id)
    .outerjoin(Person, Person.id == Revision.author_id)
    .where(Revision.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True)
class DocumentPage:
    """One document as its page shows it to this viewer, with what the viewer may do."""

    row: Any
    facts: DocumentFacts
    review: ReviewState
    can_work: bool
    can_withdraw: bool
    can_answer_review: bool

    @property
    def is_in_force(self) -> bool:
        """Whether readers are to follow it."""
        return self.facts.state is DocumentState.PUBLISHED

    def __getattr__(self, name: str) -> Any:
        """Give the document's own columns, so that templates read `document.title`."""
        return getattr(self.row, name)


@dataclass(frozen=True)
class ListFilter:
    """What the list is narrowed to; blank means all."""

    prefix: str = ""
    unit_id: int | None = None
    text: str = ""
    keyword: str = ""
    refid: str = ""
    section: str = ""


def get_document_for(viewer: Viewer, number: str) -> DocumentPage:
    """Return the document by its number in any case. Raises NotFound, also for hidden ones."""
    row = None
    if is_number(number.upper()):
        row = read(_PAGE, number=number.upper()).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke dette dokumentet."))
    facts = DocumentFacts(row.unit_path, row.owner_id, DocumentState(row.state))
    if not (policy.can_see_document(viewer, facts) or _is_approver(viewer, row)):
        raise NotFound(_("Vi finner ikke dette dokumentet."))
    in_force = facts.state is DocumentState.PUBLISHED
    return DocumentPage(
        row=row,
        facts=facts,
        review=review_state(row.review_on, today()) if in_force else ReviewState.NONE,
        can_work=policy.can_work_on_document(viewer, facts),
        can_withdraw=policy.can_withdraw_document(viewer, facts),
        can_answer_review=policy.can_answer_review(viewer, facts),
    )


def _is_approver(viewer: Viewer, row: Any) -> bool:
    """Whether it waits for approval and the viewer has a delegation to give it."""
    waiting = db.session.execute(
        select(Revision).where(
            Revision.document_id == row.id, Revision.number == row.working_version
        )
    ).scalar_one_or_none()
    if waiting is None or waiting.state != RevisionState.APPROVAL:
        return False
    facts = facts_of_revision(waiting)
    return policy.may_read_to_approve(viewer, facts, find_delegated(row.unit_path))


def list_documents(wanted: ListFilter, page: PageRequest) -> KeysetPage:
    """Return one page of the documents in force, newest first. Every employee may read them."""
    if wanted == ListFilter():
        return fetch_page(_IN_FORCE, _NEWEST_FIRST, page, size=PAGE_SIZE, values={})
    statement = _IN_FORCE
    if wanted.prefix:
        statement = statement.where(DocumentType.prefix == wanted.prefix)
    if wanted.unit_id is not None:
        statement = statement.where(_applies_in(wanted.unit_id))
    if wanted.keyword:
        statement = statement.where(_has_word(wanted.keyword))
    if wanted.refid:
        statement = statement.where(rests_on(wanted.refid, wanted.section))
    for word in wanted.text.split()[:MAX_WORDS]:
        statement = statement.where(_has_word(word))
    return fetch_page(statement, _NEWEST_FIRST, page, size=PAGE_SIZE)


_NEW = _IN_FORCE.order_by(Document.published_at.desc(), Document.id.desc()).limit(bindparam("most"))


def list_new_documents(limit: int) -> list[Row[Any]]:
    """Return the documents published last, with type, unit and moment, for the front page."""
    return list(read(_NEW, most=limit).all())


def list_work_for(viewer: Viewer, page: PageRequest) -> KeysetPage:
    """Return a page of the revisions in the works that the viewer may work on, newest first."""
    found = fetch_page(
        _IN_THE_WORKS.where(worked_on_by(viewer)),
        (Revision.changed_at, Revision.id),
        page,
        size=PAGE_SIZE,
    )
    rows = {row.id: row for row in read(_WORK, ids=[row.id for row in found.rows]).all()}
    return KeysetPage([rows[row.id] for row in found.rows], found.next, found.previous)


def list_visible_numbers(viewer: Viewer) -> list[str]:
    """Return the numbers of all documents that the viewer may open, by the policy's SQL twin."""
    return list(
        db.session.execute(
            select(Document.number)
            .join(Unit, Unit.id == Document.unit_id)
            .where(visible_to(viewer))
            .order_by(Document.number)
        ).scalars()
    )


def find_document_title(number: str) -> str | None:
    """Return the title of a document in force, or None: what a deviation may refer to."""
    if not is_number(number.upper()):
        return None
    return db.session.execute(
        select(Document.title).where(
            Document.number == number.upper(), Document.state == DocumentState.PUBLISHED
        )
    ).scalar_one_or_none()


def find_document_id(number: str) -> int | None:
    """Return the id of a document in force by its number, or None."""
    return db.session.execute(
        select(Document.id).where(
            Document.number == number.upper(), Document.state == DocumentState.PUBLISHED
        )
    ).scalar_one_or_none()


def load_document(number: str) -> Document:
    """Return the document for an action, which asks the policy itself. Raises NotFound."""
    found = None
    if is_number(number.upper()):
        found = db.session.execute(
            select(Document).where(Document.number == number.upper())
        ).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke dette dokumentet."))
    return found


def units_of(document: DocumentPage, valid_for: list[int]) -> list[str]:
    """Return the names of the units that a revision applies in; of a supplement its own."""
    if document.supplements_id is not None:
        return [document.unit_name]
    return names_of_units(valid_for)


def names_of_units(unit_ids: list[int]) -> list[str]:
    """Return the names of the units by name; none for the whole municipality."""
    if not unit_ids:
        return []
    statement = select(Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.name)
    return list(db.session.execute(statement).scalars())


def search_key_of(number: str, title: str, keywords: str, former: str = "") -> str:
    """Return what the list's own filter looks in; `former` is the number in a former system."""
    return f"{number} {title} {keywords} {former}".strip().casefold()


def former_number(document_id: int) -> str:
    """Return the number that the document had in a former system, or nothing."""
    statement = select(DocumentOrigin.number).where(DocumentOrigin.document_id == document_id)
    return db.session.execute(statement).scalar_one_or_none() or ""


def _has_word(word: str) -> Any:
    return Document.search_key.contains(word.casefold(), autoescape=True)


def _applies_in(unit_id: int) -> Any:
    """That the document applies in the unit: everywhere, there, or in a unit above."""
    limits = select(DocumentUnit.unit_id).where(DocumentUnit.document_id == Document.id)
    above = aliased(Unit)
    here = aliased(Unit)
    applies = (
        select(DocumentUnit.unit_id)
        .join(above, above.id == DocumentUnit.unit_id)
        .join(here, here.path.startswith(above.path))
        .where(DocumentUnit.document_id == Document.id, here.id == unit_id)
    )
    return or_(~exists(limits), exists(applies))
