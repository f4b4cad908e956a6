"""Asks people to read what they must, and reminds them. Never commits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from intranet.core.clock import today
from intranet.core.text import _
from intranet.core.writes import table_of, write
from intranet.extensions import db
from intranet.library.addresses import reading_url
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document
from intranet.library.queries.reading_due import list_to_remind, list_unasked
from intranet.library.reading_models import ReadingRequest
from intranet.notifications.actions import notify
from intranet.people.models import StandIn
from intranet.people.reading import first_reminder, reminder_after

_ADD = insert(table_of(ReadingRequest))


def ask_readers(document_id: int, limit: int) -> int:
    """Ask up to `limit` persons to read the document, each once for a significant version.

    Returns how many were asked. Whoever must read it by now and was never asked is asked: also who
    began yesterday, moved here, or is back.
    """
    document = _locked(document_id)
    if document is None:
        return 0
    rows = list_unasked(document, limit)
    if not rows:
        return 0
    day = today()
    people_by_day: dict[date, list[int]] = {}
    for row in rows:
        people_by_day.setdefault(day + timedelta(days=row.days), []).append(row.person_id)
    write(
        _ADD,
        [
            {
                "document_id": document_id,
                "person_id": person_id,
                "revision_number": document.significant_version,
                "asked_on": day,
                "due_on": due_on,
                "remind_on": first_reminder(due_on),
            }
            for due_on, people in people_by_day.items()
            for person_id in people
        ],
    )
    for due_on, people in people_by_day.items():
        notify(
            people,
            event="document.reading_asked",
            subject_key=f"document:{document.number}:{document.significant_version}",
            title=_(
                "Les %(number)s %(title)s innen %(day)s",
                number=document.number,
                title=document.title[:120],
                day=f"{due_on:%d.%m.%Y}",
            ),
            url=reading_url(document.number),
        )
    return len(rows)


def remind_readers(document_id: int, limit: int) -> int:
    """Remind those whose day has come, each once for each of the days; returns how many.

    Who has confirmed, or need not read it any more, is reminded of nothing again.
    """
    document = _locked(document_id)
    day = today()
    rows = list_to_remind(document, limit) if document is not None else []
    if document is None or not rows:
        _forget(document_id, day)
        return 0
    people_by_due: dict[tuple[date, date], list[int]] = {}
    for row in rows:
        people_by_due.setdefault((row.due_on, row.remind_on), []).append(row.person_id)
    for (due_on, remind_on), people in people_by_due.items():
        _remind(document, people, due_on, remind_on)
    return len(rows)


def _remind(document: Document, people: list[int], due_on: date, remind_on: date) -> None:
    words: dict[str, object] = {"number": document.number, "title": document.title[:120]}
    notify(
        people,
        event="document.reading_reminded",
        subject_key=f"document:{document.number}:{document.significant_version}:{remind_on}",
        title=_("Fristen er ute: les %(number)s %(title)s", **words)
        if due_on < today()
        else _("Siste dag: les %(number)s %(title)s", **words),
        url=reading_url(document.number),
    )
    db.session.execute(
        update(ReadingRequest)
        .where(
            ReadingRequest.document_id == document.id,
            ReadingRequest.person_id.in_(people),
            ReadingRequest.revision_number == document.significant_version,
        )
        .values(remind_on=reminder_after(due_on, today()))
    )


def _locked(document_id: int) -> Document | None:
    """Return the document in force, locked, so that no new version comes in between."""
    return db.session.execute(
        select(Document)
        .where(Document.id == document_id, Document.state == DocumentState.PUBLISHED)
        .with_for_update()
    ).scalar_one_or_none()


def _forget(document_id: int, day: date) -> None:
    """What is still due concerns nobody any more; who is away is reminded when they are back."""
    away = select(StandIn.id).where(
        StandIn.leader_id == ReadingRequest.person_id,
        StandIn.starts_on <= day,
        StandIn.ends_on >= day,
    )
    db.session.execute(
        update(ReadingRequest)
        .where(
            ReadingRequest.document_id == document_id,
            ReadingRequest.remind_on <= day,
            ~away.exists(),
        )
        .values(remind_on=None)
    )
