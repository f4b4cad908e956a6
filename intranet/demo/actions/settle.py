"""Puts away what an invented year leaves behind: mails that must never be sent, old notices."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from intranet.core.clock import now
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage

_SEEN_AFTER = timedelta(days=6)


def settle_notifications() -> None:
    """Take away all mails and mark old notices as read. Only for a database just seeded."""
    db.session.execute(delete(OutboxMessage))
    seen = now() - _SEEN_AFTER
    db.session.execute(
        update(Notice).where(Notice.created_at < seen).values(read_at=Notice.created_at)
    )
    db.session.flush()
