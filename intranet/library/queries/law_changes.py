"""Changes of the laws that documents in force rest on, and that nobody has been asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select

from intranet.core.clock import OSLO
from intranet.core.rows import AnyRow, AnySelect
from intranet.extensions import db
from intranet.laws.amendments import coming_changes, in_force_days
from intranet.laws.models import Law, LawImport, LawSection, LawWording
from intranet.laws.queries.watching import list_act_changes
from intranet.library.law_watch import FoundChange, announced, gone, recorded
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentCitation, LawReview

_CITED = (
    select(
        DocumentCitation.document_id,
        DocumentCitation.refid,
        DocumentCitation.section,
        DocumentCitation.section_key,
        Document.published_at,
    )
    .join(Document, Document.id == DocumentCitation.document_id)
    .where(Document.state == DocumentState.PUBLISHED)
)
_ASKED = select(LawReview.id).where(
    LawReview.document_id == DocumentCitation.document_id, LawReview.wording_id == LawWording.id
)
_RECORDED = (
    _CITED.add_columns(
        LawWording.id.label("wording_id"),
        LawWording.change,
        LawWording.last_as_of,
        LawWording.changed_as_of,
        LawSection.notes,
    )
    .join(
        LawWording,
        (LawWording.refid == DocumentCitation.refid)
        & (LawWording.section_key == DocumentCitation.section_key),
    )
    .join(LawImport, LawImport.id == LawWording.import_id)
    .outerjoin(Law, Law.refid == LawWording.refid)
    .outerjoin(
        LawSection,
        (LawSection.law_id == Law.id) & (LawSection.section_key == LawWording.section_key),
    )
    .where(
        # Who published later has written with the new words at hand.
        Document.published_at < func.coalesce(LawImport.finished_at, LawImport.started_at),
        ~_ASKED.exists(),
    )
    .order_by(LawWording.id)
)
_ANNOUNCED = (
    _CITED.add_columns(LawSection.notes)
    .join(Law, Law.refid == DocumentCitation.refid)
    .join(
        LawSection,
        (LawSection.law_id == Law.id) & (LawSection.section_key == DocumentCitation.section_key),
    )
    .where(DocumentCitation.section_key != "", LawSection.changes_on.is_not(None))
)
_GONE = _CITED.add_columns(Law.gone_on).join(Law, Law.refid == DocumentCitation.refid)


def list_found_changes(document_id: int | None = None) -> dict[int, list[FoundChange]]:
    """Return by document what it rests on that has changed or will; for one document, or for all.

    A change that took effect before the document was published is not among them: whoever wrote
    it knew. Recorded changes that were asked about are left out here, the others by the caller.
    """
    found: dict[int, list[FoundChange]] = {}
    for row_id, change in (
        *_recorded(_only(_RECORDED, document_id)),
        *_announced(_only(_ANNOUNCED, document_id)),
        *_by_acts(document_id),
        *_gone(_only(_GONE.where(Law.gone_on.is_not(None)), document_id)),
    ):
        places = [_place(one) for one in found.setdefault(row_id, [])]
        # The note under the paragraph comes first: it knows the day of each provision.
        if _place(change) not in places:
            found[row_id].append(change)
    return found


def _place(change: FoundChange) -> tuple[str, str, str]:
    return change.refid, change.section_key, change.change_key


def _only(statement: AnySelect, document_id: int | None) -> AnySelect:
    if document_id is None:
        return statement
    return statement.where(DocumentCitation.document_id == document_id)


def _recorded(statement: AnySelect) -> Iterator[tuple[int, FoundChange]]:
    for row in db.session.execute(statement):
        days = [
            day
            for day in in_force_days(row.notes or "")
            if row.last_as_of < day <= row.changed_as_of
        ]
        yield (
            row.document_id,
            recorded(
                row.refid, row.section, row.section_key, row.change, row.wording_id,
                max(days, default=None),
            ),
        )  # fmt: skip


def _announced(statement: AnySelect) -> Iterator[tuple[int, FoundChange]]:
    for row in db.session.execute(statement):
        for coming in coming_changes(row.notes):
            if coming.on is not None and coming.on > _published_on(row):
                yield (
                    row.document_id,
                    announced(
                        row.refid, row.section, row.section_key, coming.kind, coming.by, coming.on
                    ),
                )


def _by_acts(document_id: int | None) -> Iterator[tuple[int, FoundChange]]:
    for act in list_act_changes():
        cited = _only(_CITED, document_id).where(
            DocumentCitation.refid == act.refid, DocumentCitation.section_key == act.section_key
        )
        for row in db.session.execute(cited):
            if act.on > _published_on(row):
                yield (
                    row.document_id,
                    announced(row.refid, row.section, row.section_key, act.kind, act.by, act.on),
                )


def _gone(statement: AnySelect) -> Iterator[tuple[int, FoundChange]]:
    for row in db.session.execute(statement):
        if row.gone_on > _published_on(row):
            yield row.document_id, gone(row.refid, row.gone_on)


def _published_on(row: AnyRow) -> date:
    published: date = row.published_at.astimezone(OSLO).date()
    return published
