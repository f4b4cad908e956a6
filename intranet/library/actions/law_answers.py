"""What the owner of a document found when the law behind it changed. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.approve import withdraw_document
from intranet.library.actions.permits import allow, record_on
from intranet.library.actions.write import start_revision
from intranet.library.addresses import law_review_url
from intranet.library.law_watch import REASON_LENGTH, LawAnswer, needs_reason
from intranet.library.models import Document, LawReview
from intranet.library.queries.access import facts_of
from intranet.library.queries.approvers import list_approvers
from intranet.notifications.actions import notify


def answer_law_review(
    document: Document, review: LawReview, answer: LawAnswer, reason: str, *, actor: Viewer
) -> None:
    """Keep what was found, with who, when and why, and do what follows from it.

    The owner may, and whoever may approve for the unit. A new revision is begun unless somebody
    works on one. A withdrawal is done at once by whoever may; the owner who may not has asked for
    it, and those who may are told: until then the review stays open to them. Raises NotPossibleNow
    when it was answered already, and InvalidInput without a reason where one is needed.
    """
    facts = facts_of(document)
    allow(policy.reviews_document(actor, facts))
    may_approve = policy.may_approve_for_unit(actor, facts.unit_path)
    if not policy.can_answer_review(actor, facts):
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    if not policy.can_answer_law_review(actor, facts, LawAnswer(review.answer)):
        raise NotPossibleNow(_("Noen har svart allerede. Last siden på nytt for å se svaret."))
    _check(answer, reason)
    review.answer, review.reason = answer, reason
    review.answered_by, review.answered_at = actor.id, now()
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_LAW_REVIEWED,
        document,
        actor=actor,
        law=review.refid,
        section=review.section,
        answer=str(answer),
        revision=document.current_version,
    )
    if answer is LawAnswer.REVISE and document.working_version is None:
        start_revision(document, actor=actor)
    elif answer is LawAnswer.WITHDRAW and may_approve:
        withdraw_document(document, reason, actor=actor)
    elif answer is LawAnswer.WITHDRAW:
        _ask_for_withdrawal(document, review, actor)


def _check(answer: LawAnswer, reason: str) -> None:
    if answer is LawAnswer.NONE:
        raise InvalidInput(_("Velg et svar."), field="answer")
    if needs_reason(answer) and not reason:
        raise InvalidInput(
            _("Skriv hvorfor. Svaret er dokumentasjon på at dere har vurdert lovendringen."),
            field="reason",
        )
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 1000 tegn."), field="reason")


def _ask_for_withdrawal(document: Document, review: LawReview, actor: Viewer) -> None:
    notify(
        {*list_approvers(document.unit_id, ())} - {actor.id},
        event="document.withdrawal_asked",
        subject_key=f"document:{document.number}:law:{review.id}:withdrawal",
        title=_("Eieren ber om at %(number)s trekkes tilbake", number=document.number),
        url=law_review_url(document.number, review.id),
    )
