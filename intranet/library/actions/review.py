"""What the owner found when looking at a document again, and the clock's asking. Never commits."""

from __future__ import annotations

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.actions.supplements import has_looked
from intranet.library.actions.write import start_revision
from intranet.library.addresses import document_url
from intranet.library.contents import NOTE_LENGTH
from intranet.library.lifecycle import DocumentState, next_review
from intranet.library.models import Document, DocumentType, ReviewAnswer
from intranet.library.queries.access import facts_of
from intranet.library.queries.approvers import list_approvers
from intranet.library.queries.responsible import list_responsible
from intranet.library.review import (
    ReviewFinding,
    ReviewSignal,
    is_worth_telling,
    review_signal,
)
from intranet.notifications.actions import notify


def answer_review(
    document: Document,
    note: str = "",
    *,
    actor: Viewer,
    finding: ReviewFinding = ReviewFinding.RIGHT,
) -> ReviewAnswer:
    """Keep what was found today, as evidence of the yearly review, and do what follows from it.

    The owner may, and whoever may approve for the unit. Still right sets the next date; a small
    correction begins a version that asks nobody to read again, a revision one that does; a
    withdrawal is asked of those who may do it. Raises NotPossibleNow when a version is worked on.
    """
    facts = facts_of(document)
    allow(policy.reviews_document(actor, facts))
    if not policy.can_answer_review(actor, facts):
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    if len(note) > NOTE_LENGTH:
        raise InvalidInput(_("Merknaden kan ha høyst 500 tegn."), field="note")
    is_right = finding is ReviewFinding.RIGHT
    answer = ReviewAnswer(
        document_id=document.id,
        revision_number=document.current_version,
        answered_by=actor.id,
        finding=finding,
        note=note,
        was_due_on=document.review_on,
        next_on=next_review(today(), _months(document)) if is_right else None,
    )
    db.session.add(answer)
    if is_right:
        document.review_on, document.review_told = answer.next_on, ReviewSignal.NONE
        has_looked(document)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_REVIEWED,
        document,
        actor=actor,
        answer=finding,
        was_due_on=answer.was_due_on,
        next_on=answer.next_on,
    )
    if finding in (ReviewFinding.SMALL, ReviewFinding.REVISE):
        revision = start_revision(document, actor=actor)
        revision.is_significant = finding is ReviewFinding.REVISE
        db.session.flush()
    elif finding is ReviewFinding.WITHDRAW:
        _ask_for_withdrawal(document, answer, actor)
    return answer


def ask_for_review(document_id: int) -> bool:
    """Ask whoever answers for the document, once before, once on and once after its date.

    Returns whether somebody was asked now. What was missed while the clock stood still is not made
    up for: only the last one is sent.
    """
    document = db.session.execute(
        select(Document)
        .where(Document.id == document_id, Document.state == DocumentState.PUBLISHED)
        .with_for_update()
    ).scalar_one_or_none()
    if document is None or document.review_on is None:
        return False
    signal = review_signal(document.review_on, today())
    is_worked_on = document.working_version is not None
    if not is_worth_telling(signal, document.review_told, is_worked_on):
        return False
    notify(
        list_responsible(document),
        event="document.review_asked",
        subject_key=f"document:{document.number}:review:{document.review_on}:{int(signal)}",
        title=_words(document, signal),
        url=document_url(document.number),
    )
    document.review_told = signal
    db.session.flush()
    return True


def _words(document: Document, signal: ReviewSignal) -> str:
    values: dict[str, object] = {
        "number": document.number,
        "title": document.title[:120],
        "day": f"{document.review_on:%d.%m.%Y}",
    }
    if signal is ReviewSignal.BEFORE:
        return _("Se over %(number)s %(title)s innen %(day)s", **values)
    if signal is ReviewSignal.AT:
        return _("Fristen er nå: se over %(number)s %(title)s", **values)
    return _("%(number)s %(title)s skulle vært sett over innen %(day)s", **values)


def _months(document: Document) -> int:
    return db.session.execute(
        select(DocumentType.review_months).where(DocumentType.id == document.type_id)
    ).scalar_one()


def _ask_for_withdrawal(document: Document, answer: ReviewAnswer, actor: Viewer) -> None:
    notify(
        {*list_approvers(document.unit_id, ())} - {actor.id},
        event="document.withdrawal_asked",
        subject_key=f"document:{document.number}:review:{answer.id}:withdrawal",
        title=_("Eieren ber om at %(number)s trekkes tilbake", number=document.number),
        url=document_url(document.number),
    )
