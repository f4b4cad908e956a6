"""Appends to the audit, in the transaction of the change itself."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from intranet.audit import chain
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry, AuditHead, AuditHidden
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.extensions import db


def record(
    event: AuditEvent,
    *,
    actor: Actor,
    subject: str,
    subject_id: int | str,
    unit_id: int | None = None,
    on_behalf_of: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry. `details` holds ids, field names and non-sensitive values, never texts.

    The head row is locked until the transaction ends: entries have no gaps, and a rolled back
    change leaves no entry. Call it once per change, as late as convenient.
    """
    head = _locked_head()
    sequence = head.sequence + 1
    row: dict[str, Any] = {
        "sequence": sequence,
        "happened_at": now(),
        "event": str(event),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "on_behalf_of": on_behalf_of,
        "subject": subject,
        "subject_id": str(subject_id),
        "unit_id": unit_id,
        "details": json.dumps(dict(details or {}), sort_keys=True, ensure_ascii=False, default=str),
    }
    row["digest"] = chain.digest(audit_key(), head.digest, payload_of(row))
    db.session.execute(insert(AuditEntry).values(**row))
    head.sequence, head.digest = sequence, row["digest"]
    db.session.flush()


def hide_entries(subject: str, subject_id: int, *, named_as: Collection[str]) -> None:
    """Leave out of the page all that was done with the subject; the chain keeps every entry.

    Also what was done with others of the kind when `named_as`, names of details, say that it was
    about this one.
    """
    own = AuditEntry.subject_id == str(subject_id)
    naming = [AuditEntry.details.contains(f'"{name}": {subject_id}') for name in named_as]
    rows = db.session.execute(
        select(AuditEntry.sequence, AuditEntry.subject_id, AuditEntry.details)
        .outerjoin(AuditHidden, AuditHidden.sequence == AuditEntry.sequence)
        .where(AuditEntry.subject == subject, AuditHidden.sequence.is_(None), or_(own, *naming))
    )
    found = [
        {"sequence": sequence}
        for sequence, its_id, details in rows
        if its_id == str(subject_id)
        or any(json.loads(details).get(name) == subject_id for name in named_as)
    ]
    if found:
        db.session.execute(insert(AuditHidden), found)


def audit_key() -> bytes:
    """Return the key of the chain, which lies outside the database."""
    return get_settings().audit_key.encode("utf-8")


def payload_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is signed of an entry: everything but the digest, times as text."""
    payload = {name: row[name] for name in row if name != "digest"}
    payload["happened_at"] = row["happened_at"].isoformat()
    return payload


def _locked_head() -> AuditHead:
    """Return the newest link, locked. SQLite holds its one write lock already."""
    locked = (
        select(AuditHead)
        .where(AuditHead.id == 1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(locked).scalar_one_or_none()
    if found is not None:
        return found
    # The very first entry; when two write it at once, one of them waits and finds the other's.
    make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    first = make(AuditHead).values(id=1, sequence=0, digest=chain.START)
    db.session.execute(first.on_conflict_do_nothing())
    return db.session.execute(locked).scalar_one()
