"""How a hearing ends, what the clock does with it, and who is told. Never commits."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor
from intranet.core.clock import now, today
from intranet.core.text import _
from intranet.extensions import db
from intranet.library.actions.permits import advance, record_on
from intranet.library.addresses import hearing_url
from intranet.library.hearing import is_open
from intranet.library.hearing_models import Hearing, HearingRequest
from intranet.library.lifecycle import Step
from intranet.library.models import Document, Revision
from intranet.library.queries.hearings import load_hearing
from intranet.notifications.actions import notify


def close_due_hearing(hearing_id: int) -> int:
    """Close a hearing whose deadline has passed, and tell the author; returns 1, or 0."""
    document_id = db.session.scalar(select(Hearing.document_id).where(Hearing.id == hearing_id))
    document = lock_document(document_id)
    hearing = load_hearing(hearing_id)
    if document is None or hearing.closed_at is not None or hearing.due_on >= today():
        return 0
    end_hearing(document, hearing, "", actor=SYSTEM)
    people = [hearing.started_by, document.owner_id]
    tell_of_hearing(people, document, hearing, "document.hearing_over")
    return 1


def remind_of_hearing(hearing_id: int) -> int:
    """Remind those who have not answered, once; returns how many."""
    hearing = load_hearing(hearing_id)
    document = db.session.get_one(Document, hearing.document_id)
    day = today()
    due = [
        HearingRequest.hearing_id == hearing_id,
        HearingRequest.remind_on <= day,
    ]
    people: list[int] = []
    if is_open(hearing.closed_at is not None, hearing.due_on, day):
        unanswered = select(HearingRequest.person_id).where(
            *due, HearingRequest.answered_at.is_(None)
        )
        people = list(db.session.scalars(unanswered.order_by(HearingRequest.person_id)))
    tell_of_hearing(people, document, hearing, "document.hearing_reminded")
    db.session.execute(
        update(HearingRequest)
        .where(*due)
        .values(remind_on=None)
        .execution_options(synchronize_session=False)
    )
    return len(people)


def lock_document(document_id: int | None) -> Document | None:
    """Return the document as it is now, locked: it is always locked before its hearing."""
    return db.session.execute(
        select(Document)
        .where(Document.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def end_hearing(document: Document, hearing: Hearing, reason: str, *, actor: Actor) -> None:
    """Close the hearing and make its revision a draft again. The caller asks who may."""
    revision = db.session.execute(
        select(Revision)
        .where(Revision.document_id == document.id, Revision.number == hearing.revision_number)
        .execution_options(populate_existing=True)
    ).scalar_one()
    advance(revision, Step.END_HEARING)
    hearing.closed_at, hearing.closed_by, hearing.close_reason = now(), actor.id, reason
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_HEARING_CLOSED,
        document,
        actor=actor,
        revision=hearing.revision_number,
    )


def people_of(hearing: Hearing) -> list[int]:
    """Return who was asked."""
    statement = select(HearingRequest.person_id).where(HearingRequest.hearing_id == hearing.id)
    return list(db.session.scalars(statement.order_by(HearingRequest.person_id)))


def tell_of_hearing(
    people: Iterable[int | None], document: Document, hearing: Hearing, event: str
) -> None:
    """Tell each of the event once for each deadline."""
    words: dict[str, object] = {
        "number": document.number,
        "title": hearing.title[:110],
        "day": f"{hearing.due_on:%d.%m.%Y}",
    }
    titles = {
        "asked": _("Høring: gi merknader til %(number)s %(title)s innen %(day)s", **words),
        "extended": _("Ny frist %(day)s i høringen av %(number)s %(title)s", **words),
        "closed": _("Høringen av %(number)s %(title)s er avsluttet", **words),
        "over": _("Fristen er ute i høringen av %(number)s %(title)s", **words),
        "reminded": _("Snart frist: høring av %(number)s %(title)s innen %(day)s", **words),
    }
    notify(
        people,
        event=event,
        subject_key=f"document:{document.number}:hearing{hearing.id}:{hearing.due_on}",
        title=titles[event.removeprefix("document.hearing_")],
        url=hearing_url(document.number, hearing.id),
    )
