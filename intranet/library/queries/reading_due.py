"""Which readers wait to be asked, and which to be reminded, for the clock."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, and_, bindparam, exists, not_, select

from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document
from intranet.library.queries.readers import have_confirmed, required_readers
from intranet.library.reading_models import ReadingRequest, ReadingRule

_REQUIRED = required_readers(bindparam("document", type_=Integer))
_PERSON = _REQUIRED.c.person_id
_ASKED = select(ReadingRequest.person_id).where(
    ReadingRequest.document_id == bindparam("document", type_=Integer),
    ReadingRequest.revision_number == bindparam("significant", type_=Integer),
)
_WAITING = (
    select(_PERSON, _REQUIRED.c.days)
    .where(not_(have_confirmed(_PERSON)))
    .order_by(_PERSON)
    .limit(bindparam("most", type_=Integer))
)
_UNASKED = _WAITING.where(_PERSON.not_in(_ASKED))
_TO_REMIND = (
    _WAITING.add_columns(ReadingRequest.due_on, ReadingRequest.remind_on)
    .join(
        ReadingRequest,
        and_(
            ReadingRequest.document_id == bindparam("document", type_=Integer),
            ReadingRequest.person_id == _PERSON,
            ReadingRequest.revision_number == bindparam("significant", type_=Integer),
        ),
    )
    .where(ReadingRequest.remind_on <= bindparam("day", type_=Date))
)


def list_unasked(document: Document, most: int) -> list[AnyRow]:
    """Return (person_id, days) of those who must read the document in force and were not asked."""
    return list(read(_UNASKED, **_values(document), most=most))


def list_to_remind(document: Document, most: int) -> list[AnyRow]:
    """Return (person_id, due_on, remind_on) of those whose day of reminding has come."""
    return list(read(_TO_REMIND, **_values(document), most=most))


def _values(document: Document) -> dict[str, object]:
    return {
        "document": document.id,
        "significant": document.significant_version,
        "day": today(),
    }


def list_documents_to_read() -> list[int]:
    """Return the documents in force that somebody must read."""
    return list(
        db.session.execute(
            select(Document.id)
            .where(
                Document.state == DocumentState.PUBLISHED,
                exists(select(ReadingRule.id).where(ReadingRule.document_id == Document.id)),
            )
            .order_by(Document.id)
        ).scalars()
    )


def list_documents_to_remind_of(day: date) -> list[int]:
    """Return the documents with reminders whose day has come."""
    return list(
        db.session.execute(
            select(ReadingRequest.document_id)
            .where(ReadingRequest.remind_on <= day)
            .distinct()
            .order_by(ReadingRequest.document_id)
        ).scalars()
    )
