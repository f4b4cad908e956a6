"""Documents that wait for a person to read them: one part of the library's tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, select

from intranet.core.clock import today
from intranet.core.text import _
from intranet.library.addresses import reading_url
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, Revision
from intranet.library.queries.readers import asks_me, has_confirmed
from intranet.library.reading_models import ReadingRequest, ReadingRule
from intranet.notifications.tasks import Task

_ME = bindparam("me", type_=Integer)
_MINE = (
    select(ReadingRule.document_id, func.min(ReadingRule.days).label("days"))
    .where(asks_me())
    .group_by(ReadingRule.document_id)
    .subquery()
)
READING_ROWS: Any = (
    select(Document)
    .join(_MINE, _MINE.c.document_id == Document.id)
    # No revision: the parts of the union have the same tables' columns. Asked for by a key that
    # none has, for which a database looks nowhere.
    .outerjoin(Revision, Revision.id == 0)
    .outerjoin(
        ReadingRequest,
        and_(
            ReadingRequest.document_id == Document.id,
            ReadingRequest.person_id == _ME,
            ReadingRequest.revision_number == Document.significant_version,
        ),
    )
    .where(
        Document.state == DocumentState.PUBLISHED,
        Document.significant_version.is_not(None),
        ~has_confirmed(_ME),
    )
    .order_by(ReadingRequest.due_on, Document.id)
)
READING_VALUES: dict[str, Any] = {"due_on": ReadingRequest.due_on, "days": _MINE.c.days}


def reading_task(row: Any) -> Task:
    """Return the task of reading a document. Who was not asked yet gets the days from today."""
    return Task(
        kind="library.reading",
        title=_("Les %(number)s %(title)s", number=row.number, title=row.document_title),
        url=reading_url(row.number),
        due_on=row.due_on or today() + timedelta(days=row.days),
        note=_("Bekreft når du har lest og forstått"),
        icon="ClipboardCheckmark",
    )
