"""Reads of the audit: newest first by key, and the whole chain as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from intranet.audit import chain
from intranet.audit.actions import audit_key, payload_of
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry, AuditHead, AuditHidden
from intranet.core.actor import Role, Viewer
from intranet.core.paging import PAGE_SIZE
from intranet.core.rows import AnyRow
from intranet.extensions import db

BATCH = 2000
# A clock that is kept right by the network moves by less; more steps than this are one story.
CLOCK_SLACK = timedelta(seconds=2)
MOST_STEPS = 1000


def can_read_audit(viewer: Viewer) -> bool:
    """Administrators and the data protection officer see the organisation-wide log."""
    return viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.DATA_PROTECTION_OFFICER)


def list_events(before: int | None = None, event: str = "") -> list[AnyRow]:
    """Return one page and one row more, newest first, older than the sequence `before`.

    Of whistleblowing it says that something happened, and to nobody who did it or in which case:
    those who may know read it in the case. Of a deviation that became whistleblowing it says
    nothing at all.
    """
    hidden = select(AuditHidden.sequence).where(AuditHidden.sequence == AuditEntry.sequence)
    statement = (
        select(*_shown_columns()).where(~hidden.exists()).order_by(AuditEntry.sequence.desc())
    )
    if before is not None:
        statement = statement.where(AuditEntry.sequence < before)
    if event:
        statement = statement.where(AuditEntry.event == event)
    return list(db.session.execute(statement.limit(PAGE_SIZE + 1)))


def _shown_columns() -> list[ColumnElement[Any]]:
    hidden = AuditEntry.event.like("whistle.%")
    instead: dict[str, Any] = {
        "actor_id": null(),
        "actor_name": literal(""),
        "on_behalf_of": null(),
        "subject": literal(""),
        "subject_id": literal(""),
        "unit_id": null(),
        "details": literal("{}"),
        "digest": literal(""),
    }
    return [
        case((hidden, instead[column.name]), else_=column).label(column.name)
        if column.name in instead
        else column
        for column in AuditEntry.__table__.columns
        if column.name not in {"actor_salt", "actor_commitment"}
    ]


def _links() -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Stream the chain in batches by key, so that a million entries need no memory."""
    after: int | None = None
    while True:
        batch = select(AuditEntry.__table__).order_by(AuditEntry.sequence).limit(BATCH)
        if after is not None:
            batch = batch.where(AuditEntry.sequence > after)
        rows = db.session.execute(batch).mappings().all()
        for row in rows:
            yield row["sequence"], row["digest"], payload_of(dict(row))
        if len(rows) < BATCH:
            return
        after = rows[-1]["sequence"]


def find_fault() -> chain.Fault | None:
    """Return the first fault of the stored chain, or None when it is whole."""
    head = db.session.execute(select(AuditHead.sequence, AuditHead.digest)).one_or_none()
    expected = (head.sequence, head.digest) if head else (0, chain.START)
    return chain.find_fault(audit_key(), _links(), expected) or _find_missing_name()


def _find_missing_name() -> chain.Fault | None:
    """Return the first entry without its name although no later entry erased the person (AD-11)."""
    told = aliased(AuditEntry)
    erased = select(told.sequence).where(
        told.event == AuditEvent.PERSON_ERASED,
        told.subject == "person",
        told.subject_id == cast(AuditEntry.actor_id, String),
        told.sequence > AuditEntry.sequence,
    )
    first = db.session.execute(
        select(func.min(AuditEntry.sequence)).where(
            AuditEntry.actor_commitment.is_not(None), AuditEntry.actor_salt == "", ~erased.exists()
        )
    ).scalar()
    return chain.Fault(first, chain.ERASED) if first is not None else None


def list_clock_steps() -> list[tuple[int, timedelta]]:
    """Return after which entries the machine's clock went back, and how far (AD-12).

    The sequence decides what came first; moments are UTC, so that no night has an hour twice.
    """
    earlier, later = aliased(AuditEntry), aliased(AuditEntry)
    rows = db.session.execute(
        select(earlier.sequence, earlier.happened_at, later.happened_at)
        .join(later, later.sequence == earlier.sequence + 1)
        .where(later.happened_at < earlier.happened_at)
        .order_by(earlier.sequence)
        .limit(MOST_STEPS)
    )
    found = [(sequence, before - after) for sequence, before, after in rows]
    return [(sequence, back) for sequence, back in found if back > CLOCK_SLACK]


def head() -> tuple[int, str]:
    """Return the newest (sequence, digest); (0, zeros) when nothing is recorded yet."""
    row = db.session.execute(select(AuditHead.sequence, AuditHead.digest)).one_or_none()
    return (row.sequence, row.digest) if row else (0, chain.START)


def details_of(row: AnyRow) -> dict[str, Any]:
    """Return the entry's details as a dict."""
    return dict(json.loads(row.details))


def is_recorded(event: str, *, subject: str, subject_id: str) -> bool:
    """Whether this event stands in the audit for the subject."""
    found = db.session.execute(
        select(AuditEntry.sequence)
        .where(
            AuditEntry.subject == subject,
            AuditEntry.subject_id == subject_id,
            AuditEntry.event == event,
        )
        .limit(1)
    )
    return found.first() is not None


# Nobody does more within the few minutes that are asked about.
_MOST_OF_LATE = 500


def count_subjects_of(actor_id: int, event: str, since: datetime) -> int:
    """Return with how many things the person did this since then; from the newest entries only."""
    newest = (
        select(AuditEntry.event, AuditEntry.subject_id, AuditEntry.happened_at)
        .where(AuditEntry.actor_id == actor_id)
        .order_by(AuditEntry.sequence.desc())
        .limit(_MOST_OF_LATE)
    )
    return len(
        {
            row.subject_id
            for row in db.session.execute(newest)
            if row.event == event and row.happened_at > since
        }
    )


def find_digest(sequence: int) -> str | None:
    """Return the digest of one entry, or None."""
    return db.session.execute(
        select(AuditEntry.digest).where(AuditEntry.sequence == sequence)
    ).scalar_one_or_none()
