"""The owner's answer that a document is still right. Never commits."""

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
from intranet.library.contents import NOTE_LENGTH
from intranet.library.lifecycle import next_review
from intranet.library.models import Document, DocumentType, ReviewAnswer
from intranet.library.queries.access import facts_of


def answer_review(document: Document, note: str = "", *, actor: Viewer) -> ReviewAnswer:
    """Keep that the document was looked at today and is still right; set the next date.

    The owner may, and whoever may approve for the unit. The answer is evidence of the yearly
    review.
    """
    facts = facts_of(document)
    allow(policy.reviews_document(actor, facts))
    if not policy.can_answer_review(actor, facts):
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    if len(note) > NOTE_LENGTH:
        raise InvalidInput(_("Merknaden kan ha høyst 500 tegn."), field="note")
    months = db.session.execute(
        select(DocumentType.review_months).where(DocumentType.id == document.type_id)
    ).scalar_one()
    answer = ReviewAnswer(
        document_id=document.id,
        revision_number=document.current_version,
        answered_by=actor.id,
        note=note,
        was_due_on=document.review_on,
        next_on=next_review(today(), months),
    )
    document.review_on = answer.next_on
    db.session.add(answer)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_REVIEWED,
        document,
        actor=actor,
        was_due_on=answer.was_due_on,
        next_on=answer.next_on,
    )
    return answer
