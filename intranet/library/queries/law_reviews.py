"""Reads about changes of the laws behind a document, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from intranet.core.actor import Viewer
from intranet.core.errors import NotAllowed, NotFound
from intranet.core.reads import read
from intranet.core.richtext import to_text
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.core.word_diff import Paragraph
from intranet.extensions import db
from intranet.laws.announced import AnnouncedWords
from intranet.laws.models import Law, LawSection
from intranet.laws.queries.history import find_change, find_new_place
from intranet.laws.queries.linking import list_references
from intranet.laws.queries.watching import (
    StandingParagraph,
    compare_with_announced,
    find_announced_words,
    find_paragraph,
)
from intranet.laws.texts import section_key
from intranet.library import policy
from intranet.library.law_watch import LawAnswer
from intranet.library.models import Document, LawReview
from intranet.library.queries.documents import DocumentPage
from intranet.people.models import Person
from intranet.people.queries.persons import LARGEST_ID

_QUOTED = 3
_MOST, _MOST_ANSWERED = 200, 10
_PAGE = (
    select(
        *LawReview.__table__.columns,
        Law.short_title.label("law_title"),
        LawSection.anchor,
        Person.name.label("answered_name"),
    )
    .outerjoin(Law, Law.refid == LawReview.refid)
    .outerjoin(
        LawSection,
        (LawSection.law_id == Law.id)
        & (LawSection.section_key == LawReview.section_key)
        & (LawReview.section_key != ""),
    )
    .outerjoin(Person, Person.id == LawReview.answered_by)
)
# A withdrawal that is only asked for ends nothing while the document is in force.
_NOT_ENDED = (LawAnswer.NONE, LawAnswer.WITHDRAW)
_OPEN = _PAGE.where(
    LawReview.document_id == bindparam("document"), LawReview.answer.in_(_NOT_ENDED)
).order_by(LawReview.due_on, LawReview.id)
_ALL = (
    _PAGE.where(LawReview.document_id == bindparam("document"))
    .order_by(LawReview.id.desc())
    .limit(_MOST)
)


@dataclass(frozen=True)
class LawReviewPage:
    """One change with all that is needed to judge it, and whether the viewer may answer.

    `difference` when both wordings are known; else `words` are what the amending act says.
    """

    row: Any
    can_answer: bool
    difference: list[Paragraph]
    words: list[AnnouncedWords]
    standing: StandingParagraph | None
    new_place: str
    is_act_here: bool
    quotes: list[str]

    def __getattr__(self, name: str) -> Any:
        """Give the row's own columns, so that templates read `review.effective_on`."""
        return getattr(self.row, name)


def get_law_review_for(
    viewer: Viewer, document: DocumentPage, review_id: int, body: str
) -> LawReviewPage:
    """Return the change for those who review the document; `body` is its text.

    Raises NotFound when it is not the document's, NotAllowed for its other readers.
    """
    row = None
    if 0 < review_id <= LARGEST_ID:
        row = db.session.execute(
            _PAGE.where(LawReview.document_id == document.id, LawReview.id == review_id)
        ).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke denne lovendringen."))
    if not policy.reviews_document(viewer, document.facts):
        raise NotAllowed(_("Bare eieren og de som kan godkjenne, vurderer lovendringer."))
    standing = find_paragraph(row.refid, row.section_key) if row.section_key else None
    difference, words = _what_is_new(row, standing)
    return LawReviewPage(
        row=row,
        can_answer=policy.can_answer_law_review(viewer, document.facts, LawAnswer(row.answer)),
        difference=difference,
        words=words,
        standing=standing,
        new_place=find_new_place(row.wording_id) if row.wording_id else "",
        is_act_here=db.session.scalar(select(Law.id).where(Law.refid == row.amended_by))
        is not None,
        quotes=_quotes(body, row.refid, row.section_key),
    )


def list_open_reviews(document_id: int) -> list[AnyRow]:
    """Return the changes that a document in force waits for an answer to, soonest first."""
    return list(read(_OPEN, document=document_id).all())


def list_reviews(document_id: int) -> tuple[list[AnyRow], list[AnyRow]]:
    """Return the open ones as above, and what was found, newest first: at most ten."""
    rows = read(_ALL, document=document_id).all()
    opened = [row for row in rows if row.answer in _NOT_ENDED]
    answered = [row for row in rows if row.answer != LawAnswer.NONE]
    return (
        sorted(opened, key=lambda row: (row.due_on, row.id)),
        sorted(answered, key=lambda row: (row.answered_at, row.id), reverse=True)[:_MOST_ANSWERED],
    )


def load_law_review(document: Document, review_id: int) -> LawReview:
    """Return the document's review for an action, locked. Raises NotFound."""
    found = None
    if 0 < review_id <= LARGEST_ID:
        found = db.session.execute(
            select(LawReview)
            .where(LawReview.document_id == document.id, LawReview.id == review_id)
            .with_for_update()
        ).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke denne lovendringen."))
    return found


def _what_is_new(
    row: AnyRow, standing: StandingParagraph | None
) -> tuple[list[Paragraph], list[AnnouncedWords]]:
    if row.wording_id is not None:
        change = find_change(row.wording_id)
        return (change.difference if change else []), []
    if not row.amended_by:
        return [], []
    words = find_announced_words(row.amended_by, row.refid, row.section)
    whole = [one for one in words if not one.part and not one.is_repeal]
    if whole and standing is not None:
        return compare_with_announced(standing, whole[-1]), []
    return [], words


def _quotes(body: str, refid: str, key: str) -> list[str]:
    """Return the lines of the text that name the paragraph."""
    text = to_text(body)
    lines: list[str] = []
    for reference in list_references(text):
        if reference.refid == refid and (not key or section_key(reference.section or "") == key):
            start = text.rfind("\n", 0, reference.start) + 1
            end = text.find("\n", reference.end)
            line = text[start : end if end >= 0 else len(text)]
            lines += [line] if line not in lines else []
    return lines[:_QUOTED]
