"""Appends to the audit, in the transaction of the change itself."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intranet.audit import chain
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry, AuditHead, AuditHidden
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.reads import read
from intranet.core.settings import get_settings
from intranet.core.writes import table_of, write
from intranet.extensions import db

# 128 bits: names are few, and a shorter salt could be tried through.
SALT_BYTES = 16
_ADD = insert(table_of(AuditEntry))
_HEADS = table_of(AuditHead)
_HEAD = select(_HEADS.c.sequence, _HEADS.c.digest).where(_HEADS.c.id == 1).with_for_update()
_MOVE_HEAD = (
    update(_HEADS)
    .where(_HEADS.c.id == 1)
    .values(sequence=bindparam("newest"), digest=bindparam("newest_digest"))
)


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
    newest, previous = _locked_head()
    sequence = newest + 1
    salt = secrets.token_hex(SALT_BYTES)
    row: dict[str, Any] = {
        "sequence": sequence,
        "happened_at": now(),
        "event": str(event),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_salt": salt,
        "actor_commitment": chain.commitment(salt, actor.name),
        "on_behalf_of": on_behalf_of,
        "subject": subject,
        "subject_id": str(subject_id),
        "unit_id": unit_id,
        "details": json.dumps(dict(details or {}), sort_keys=True, ensure_ascii=False, default=str),
    }
    row["digest"] = chain.digest(audit_key(), previous, payload_of(row))
    write(_ADD, row)
    write(_MOVE_HEAD, {"newest": sequence, "newest_digest": row["digest"]})


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


def erase_name(actor_id: int) -> int:
    """Take a person's name out of all entries by the person; return how many held it.

    The chain stays whole, for it signed a salted commitment. Record PERSON_ERASED afterwards:
    without it `find_fault` says that names are missing.
    """
    entries = table_of(AuditEntry)
    held = entries.c.actor_commitment.is_not(None) & (entries.c.actor_salt != "")
    mine = (entries.c.actor_id == actor_id) & held
    count = db.session.execute(select(func.count()).select_from(entries).where(mine)).scalar_one()
    db.session.execute(update(entries).where(mine).values(actor_name="", actor_salt=""))
    return count


def payload_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is signed of an entry: everything but the digest, times as text.

    Of the actor's name only the commitment, so that the name may be erased later. It is computed
    anew as long as the name is there: a changed name is a changed entry.
    """
    left_out = {"digest", "actor_salt", "actor_commitment"}
    payload = {name: row[name] for name in row if name not in left_out}
    payload["happened_at"] = row["happened_at"].isoformat()
    if row["actor_commitment"] is not None:
        name, salt = payload.pop("actor_name"), row["actor_salt"]
        erased = not name and not salt
        payload["actor_commitment"] = (
            row["actor_commitment"] if erased else chain.commitment(salt or "", name)
        )
    return payload


def _locked_head() -> tuple[int, str]:
    """Return the newest link's sequence and digest, locked. SQLite holds its one lock already."""
    found = read(_HEAD).one_or_none()
    if found is None:
        # The very first entry; when two write it at once, one waits and finds the other's.
        make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        first = make(_HEADS).values(id=1, sequence=0, digest=chain.START)
        write(first.on_conflict_do_nothing())
        found = read(_HEAD).one()
    return found.sequence, found.digest
