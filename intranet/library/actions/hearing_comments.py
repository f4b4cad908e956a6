"""What those asked say in a hearing, and what they are answered. Never commits."""

from __future__ import annotations

from sqlalchemy import func, select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.addresses import hearing_url
from intranet.library.hearing import (
    ANSWER_LENGTH,
    COMMENT_LENGTH,
    WHOLE,
    HearingAnswer,
    count_places,
    is_open,
)
from intranet.library.hearing_models import Hearing, HearingComment, HearingRequest
from intranet.library.lifecycle import EDITABLE
from intranet.library.models import Document, Revision
from intranet.library.queries.access import facts_of
from intranet.library.queries.hearings import find_comment, load_hearing
from intranet.notifications.actions import notify


def comment_on_hearing(
    document: Document, hearing_id: int, place: int, text: str, *, actor: Viewer
) -> HearingComment:
    """Say something about a paragraph, or the whole (0). Those asked may, until it closes.

    The same words about the same place from the same person are kept once.
    """
    hearing, request = _asked(document, hearing_id, actor)
    _check_text(text)
    if not WHOLE <= place <= count_places(hearing.body):
        raise InvalidInput(_("Velg et avsnitt fra listen."), field="place")
    known = db.session.scalars(
        select(HearingComment)
        .where(
            HearingComment.hearing_id == hearing.id,
            HearingComment.author_id == actor.id,
            HearingComment.place == place,
            HearingComment.text == text,
        )
        .order_by(HearingComment.id)
        .limit(1)
    ).one_or_none()
    if known is not None:
        return known
    comment = HearingComment(hearing_id=hearing.id, author_id=actor.id, place=place, text=text)
    db.session.add(comment)
    _has_answered(request, has_no_comments=False)
    db.session.flush()
    _record(AuditEvent.DOCUMENT_HEARING_COMMENTED, document, hearing, actor)
    return comment


def change_comment(
    document: Document,
    hearing_id: int,
    comment_id: int,
    text: str,
    *,
    version: int | None,
    actor: Viewer,
) -> None:
    """Say it in other words. Who wrote it may, until the hearing closes or it is answered."""
    hearing, comment = _own(document, hearing_id, comment_id, actor)
    if comment.text == text:
        return
    _check_text(text)
    _demand_shown(comment, version)
    comment.text, comment.changed_at = text, now()
    db.session.flush()
    _record(AuditEvent.DOCUMENT_HEARING_COMMENT_CHANGED, document, hearing, actor)


def withdraw_comment(
    document: Document, hearing_id: int, comment_id: int, *, actor: Viewer
) -> None:
    """Take the own comment back. After the last one the person is asked again."""
    hearing, request = _asked(document, hearing_id, actor)
    if find_comment(hearing.id, comment_id) is None:
        return
    _own(document, hearing_id, comment_id, actor)
    comment = find_comment(hearing.id, comment_id)
    db.session.delete(comment)
    db.session.flush()
    if not _count_own(hearing, actor):
        request.answered_at = None
    _record(AuditEvent.DOCUMENT_HEARING_COMMENT_WITHDRAWN, document, hearing, actor)


def answer_without_comments(document: Document, hearing_id: int, *, actor: Viewer) -> None:
    """Say that there is nothing to say. Those asked may, until it closes."""
    hearing, request = _asked(document, hearing_id, actor)
    if request.has_no_comments:
        return
    if _count_own(hearing, actor):
        raise NotPossibleNow(_("Du har merknader i høringen. Trekk dem først."))
    _has_answered(request, has_no_comments=True)
    db.session.flush()
    _record(AuditEvent.DOCUMENT_HEARING_NO_COMMENTS, document, hearing, actor)


def answer_comment(
    document: Document,
    hearing_id: int,
    comment_id: int,
    answer: HearingAnswer,
    text: str,
    *,
    version: int | None,
    actor: Viewer,
) -> None:
    """Say whether a comment is followed, and why not; its writer is told.

    Those who work on the document may, until the revision goes to approval. Raises
    SomeoneElseWasFirst when the comment was changed, or answered by somebody else, meanwhile.
    """
    allow(policy.can_work_on_document(actor, facts_of(document)))
    hearing = load_hearing(hearing_id, document.id)
    comment = find_comment(hearing.id, comment_id)
    if comment is None:
        raise NotFound(_("Merknaden er trukket tilbake."))
    _demand_editable(document, hearing)
    if (comment.answer, comment.answer_text, comment.answered_by) == (answer, text, actor.id):
        return
    if version != comment.version:
        raise SomeoneElseWasFirst(
            _("Merknaden er endret eller besvart av noen andre mens du holdt på.")
        )
    _check_answer(answer, text)
    comment.answer, comment.answer_text = answer, text
    comment.answered_by, comment.answered_at = actor.id, now()
    db.session.flush()
    _record(AuditEvent.DOCUMENT_HEARING_ANSWERED, document, hearing, actor)
    notify(
        {comment.author_id} - {actor.id},
        event="document.hearing_answered",
        subject_key=f"document:{document.number}:comment{comment.id}:v{comment.version}",
        title=_("Merknaden din til %(number)s er besvart", number=document.number),
        url=f"{hearing_url(document.number, hearing.id)}#merknad-{comment.id}",
    )


def _asked(document: Document, hearing_id: int, actor: Viewer) -> tuple[Hearing, HearingRequest]:
    """Return the hearing, locked, and what the person was asked. Refuses others, and the late."""
    hearing = load_hearing(hearing_id, document.id)
    request = db.session.execute(
        select(HearingRequest)
        .where(HearingRequest.hearing_id == hearing.id, HearingRequest.person_id == actor.id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if request is None:
        raise NotAllowed(_("Bare de som er spurt, kan svare i høringen."))
    if not is_open(hearing.closed_at is not None, hearing.due_on, today()):
        raise NotPossibleNow(_("Høringen er avsluttet."))
    return hearing, request


def _own(
    document: Document, hearing_id: int, comment_id: int, actor: Viewer
) -> tuple[Hearing, HearingComment]:
    hearing, _request = _asked(document, hearing_id, actor)
    comment = find_comment(hearing.id, comment_id)
    if comment is None:
        raise NotFound(_("Merknaden er trukket tilbake."))
    if comment.author_id != actor.id:
        raise NotAllowed(_("Bare den som skrev merknaden, kan endre den."))
    if comment.answer != HearingAnswer.NONE:
        raise NotPossibleNow(_("Merknaden er besvart og kan ikke endres. Skriv gjerne en ny."))
    return hearing, comment


def _demand_shown(comment: HearingComment, version: int | None) -> None:
    if version != comment.version:
        raise SomeoneElseWasFirst(_("Merknaden er endret mens du holdt på."))


def _check_text(text: str) -> None:
    if not text:
        raise InvalidInput(_("Skriv merknaden."), field="text")
    if len(text) > COMMENT_LENGTH:
        raise InvalidInput(_("Merknaden kan ha høyst 4000 tegn."), field="text")


def _demand_editable(document: Document, hearing: Hearing) -> None:
    state = db.session.scalar(
        select(Revision.state).where(
            Revision.document_id == document.id, Revision.number == hearing.revision_number
        )
    )
    if state not in EDITABLE:
        raise NotPossibleNow(_("Versjonen er sendt til godkjenning. Svarene kan ikke endres nå."))


def _check_answer(answer: HearingAnswer, text: str) -> None:
    if answer is HearingAnswer.NONE:
        raise InvalidInput(_("Velg om merknaden er fulgt."), field="answer")
    if answer is HearingAnswer.NOT_FOLLOWED and not text:
        raise InvalidInput(_("Skriv hvorfor merknaden ikke er fulgt."), field="text")
    if len(text) > ANSWER_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 2000 tegn."), field="text")


def _has_answered(request: HearingRequest, *, has_no_comments: bool) -> None:
    request.has_no_comments = has_no_comments
    request.answered_at = now()


def _count_own(hearing: Hearing, actor: Viewer) -> int:
    return db.session.execute(
        select(func.count(HearingComment.id)).where(
            HearingComment.hearing_id == hearing.id, HearingComment.author_id == actor.id
        )
    ).scalar_one()


def _record(event: AuditEvent, document: Document, hearing: Hearing, actor: Viewer) -> None:
    record_on(event, document, actor=actor, revision=hearing.revision_number)
