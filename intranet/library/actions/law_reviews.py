"""Asks the owners of documents about changes of the laws behind them. Never commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Viewer
from intranet.core.clock import now, today
from intranet.core.text import ngettext
from intranet.extensions import db
from intranet.laws.amendments import coming_changes
from intranet.laws.queries.watching import find_announced_words, find_paragraph
from intranet.library.addresses import document_url, law_review_url
from intranet.library.law_watch import FoundChange, LawAnswer, due_on
from intranet.library.models import Document, LawReview
from intranet.library.queries.responsible import list_responsible
from intranet.notifications.actions import notify


def ask_about_changes(document: Document, found: Sequence[FoundChange]) -> int:
    """Ask whoever answers for the document about each change once; returns how many are new.

    They are told together, so that a great revision of a law is one mail and not forty.
    """
    known = {
        (row.refid, row.section_key, row.change_key): row
        for row in db.session.scalars(
            select(LawReview).where(LawReview.document_id == document.id).order_by(LawReview.id)
        )
    }
    asked: list[LawReview] = []
    for change in found:
        row = known.get((change.refid, change.section_key, change.change_key))
        if row is not None:
            _follow_day(row, change)
            continue
        foretold = _foretold(list(known.values()), change)
        if foretold is not None:
            foretold.wording_id = change.wording_id
            continue
        row = _ask(document, change)
        known[(row.refid, row.section_key, row.change_key)] = row
        asked.append(row)
    db.session.flush()
    if asked:
        _tell(document, asked)
    return len(asked)


def close_reviews(document: Document, reason: str, *, actor: Viewer) -> None:
    """Answer what is open with the withdrawal of the document, by whoever withdraws it."""
    db.session.execute(
        update(LawReview)
        .where(LawReview.document_id == document.id, LawReview.answer == LawAnswer.NONE)
        .values(answer=LawAnswer.WITHDRAW, reason=reason, answered_by=actor.id, answered_at=now())
    )


def _ask(document: Document, change: FoundChange) -> LawReview:
    row = LawReview(
        document_id=document.id,
        revision_number=document.current_version or 0,
        refid=change.refid,
        section=change.section,
        section_key=change.section_key,
        change_key=change.change_key,
        change=change.change,
        wording_id=change.wording_id,
        amended_by=change.amended_by,
        effective_on=change.effective_on,
        due_on=due_on(change.effective_on, today()),
        answer=LawAnswer.NONE,
    )
    db.session.add(row)
    db.session.flush()
    record(
        AuditEvent.DOCUMENT_LAW_CHANGED,
        actor=SYSTEM,
        subject="document",
        subject_id=document.number,
        unit_id=document.unit_id,
        details={
            "law": row.refid,
            "section": row.section,
            "change": row.change,
            "effective_on": row.effective_on,
        },
    )
    return row


def _follow_day(row: LawReview, change: FoundChange) -> None:
    """Move what is still open when the source moves the day."""
    if row.answer == LawAnswer.NONE and row.effective_on != change.effective_on:
        row.effective_on = change.effective_on
        row.due_on = due_on(change.effective_on, today())


def _foretold(rows: Sequence[LawReview], change: FoundChange) -> LawReview | None:
    """Return the announced change that the import has now recorded: that was asked about already.

    Not when the act gave the paragraph other words than it got: then something else changed too.
    """
    if change.wording_id is None:
        return None
    for row in rows:
        is_same_paragraph = (row.refid, row.section_key) == (change.refid, change.section_key)
        if is_same_paragraph and row.amended_by and row.wording_id is None and _came_true(row):
            return row
    return None


def _came_true(row: LawReview) -> bool:
    standing = find_paragraph(row.refid, row.section_key)
    if standing is None:
        return True
    if any(coming.by == row.amended_by for coming in coming_changes(standing.notes)):
        return False
    words = find_announced_words(row.amended_by, row.refid, row.section)
    return all(one.holds_in(standing.title, standing.text) for one in words)


def _tell(document: Document, asked: Sequence[LawReview]) -> None:
    title = ngettext(
        "Loven bak %(number)s endres. Må dokumentet endres?",
        "%(num)d lovendringer gjelder %(number)s. Må dokumentet endres?",
        len(asked),
        number=document.number,
    )
    is_one = len(asked) == 1
    notify(
        list_responsible(document),
        event="document.law_changed",
        subject_key=f"document:{document.number}:law:{asked[-1].id}",
        title=title,
        url=law_review_url(document.number, asked[0].id)
        if is_one
        else document_url(document.number),
    )
