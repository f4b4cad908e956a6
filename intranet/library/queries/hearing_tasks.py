"""Hearings that wait for a person to say something, or to answer: part of the library's tasks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, exists, or_, select

from intranet.core.text import _
from intranet.library.addresses import hearing_url
from intranet.library.hearing import HearingAnswer
from intranet.library.hearing_models import Hearing, HearingComment, HearingRequest
from intranet.library.lifecycle import RevisionState
from intranet.library.models import Document, Revision
from intranet.notifications.tasks import Task

_ME = bindparam("me", type_=Integer)
_ROWS = (
    select(Document)
    .join(Hearing, Hearing.document_id == Document.id)
    .join(
        Revision,
        and_(
            Revision.document_id == Hearing.document_id,
            Revision.number == Hearing.revision_number,
        ),
    )
    .order_by(Hearing.due_on, Hearing.id)
)
# Whoever was asked and has said nothing, while it is open.
HEARING_ROWS: Any = _ROWS.join(
    HearingRequest,
    and_(HearingRequest.hearing_id == Hearing.id, HearingRequest.person_id == _ME),
).where(
    HearingRequest.answered_at.is_(None),
    Hearing.closed_at.is_(None),
    Hearing.due_on >= bindparam("day", type_=Date),
)
# Whoever sent it, or owns the document, when it is over and a comment has no answer.
ANSWER_ROWS: Any = _ROWS.where(
    or_(Hearing.started_by == _ME, Document.owner_id == _ME),
    Hearing.closed_at.is_not(None),
    Revision.state == RevisionState.DRAFT,
    exists(
        select(HearingComment.id).where(
            HearingComment.hearing_id == Hearing.id,
            HearingComment.answer == HearingAnswer.NONE,
        )
    ),
)
HEARING_VALUES: dict[str, Any] = {"review_id": Hearing.id, "due_on": Hearing.due_on}


def hearing_task(row: Any) -> Task:
    """Return the task of saying something, or of answering what was said."""
    url = hearing_url(row.number, row.review_id)
    if row.kind == "hearing_answers":
        return Task(
            kind="library.hearing_answers",
            title=_("Svar på høringen av %(number)s %(title)s", number=row.number, title=row.title),
            url=f"{url}#ubesvart",
            note=_("Noen merknader mangler svar"),
            icon="Chat",
        )
    return Task(
        kind="library.hearing",
        title=_("Gi merknader til %(number)s %(title)s", number=row.number, title=row.title),
        url=url,
        due_on=row.due_on,
        note=_("Eller svar at du ikke har merknader"),
        icon="Chat",
    )
