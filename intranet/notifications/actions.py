"""Leaves notices and mails in the transaction of the change; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.reads import read
from intranet.core.writes import table_of, write
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage

_KNOWN = select(Notice.key).where(Notice.key.in_(bindparam("keys", expanding=True)))
# Many rows at once, past the session: an id that comes back costs a statement for each.
_ADD_NOTICES = insert(table_of(Notice))
_ADD_MAILS = insert(table_of(OutboxMessage))


def notify(
    recipient_ids: Iterable[int | None],
    *,
    event: str,
    subject_key: str,
    title: object,
    url: str,
    body: object = "",
    is_urgent: bool = False,
) -> None:
    """Tell each recipient once: a notice in the page and a mail.

    `subject_key` names what it is about and which version ("deviation:12:v3"); the same event for
    the same key never reaches a person twice. `url` is a path. Title and body carry no sensitive
    text: the mail is read on unlocked phones.
    """
    wanted = sorted({person_id for person_id in recipient_ids if person_id is not None})
    keys = {person_id: f"{event}:{subject_key}:{person_id}" for person_id in wanted}
    if not keys:
        return
    known = set(read(_KNOWN, keys=list(keys.values())).scalars())
    rows: list[dict[str, Any]] = [
        {"recipient_id": person_id, "key": keys[person_id], "url": url, "is_urgent": is_urgent}
        for person_id in wanted
        if keys[person_id] not in known
    ]
    if not rows:
        return
    shown, at = str(title)[:200], now()
    notices = [{**row, "event": event, "title": shown} for row in rows]
    mails = [{**row, "subject": shown, "body": str(body), "next_try_at": at} for row in rows]
    write(_ADD_NOTICES, notices)
    write(_ADD_MAILS, mails)


def mark_notices_read(*, actor: Actor, notice_ids: Sequence[int] | None = None) -> None:
    """Mark the person's own notices as read: those named, or all."""
    statement = update(Notice).where(Notice.recipient_id == actor.id, Notice.read_at.is_(None))
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    db.session.execute(statement.values(read_at=now()))


def withdraw_notices(subject_key: str, *, besides: int | None = None) -> None:
    """Take back the notices and mails about a subject ("deviation:12"), as if nobody was told.

    `besides` keeps theirs. What a mail server has taken is out of our hands.
    """
    for table in (Notice, OutboxMessage):
        db.session.execute(
            delete(table).where(
                table.key.contains(f":{subject_key}:", autoescape=True),
                table.recipient_id.is_distinct_from(besides),
            )
        )


def forget_person(person_id: int) -> None:
    """Remove all notices and mails to somebody who is erased, sent or not."""
    for model in (Notice, OutboxMessage):
        db.session.execute(delete(model).where(model.recipient_id == person_id))
