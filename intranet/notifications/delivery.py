"""Sends what waits in the outbox: claims rows by lease, retries with growing pauses, parks."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from intranet.core.clock import now
from intranet.core.rows import AnyRow
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.notifications.channels import Mail, SmtpChannel, TryAgainLater, WillNeverWork, build
from intranet.notifications.holding import is_held
from intranet.notifications.models import OutboxMessage
from intranet.notifications.recipients import Recipient, find_recipients

log = logging.getLogger("intranet.mail")

BATCH = 50
LEASE = timedelta(minutes=5)
PAUSES = (1, 2, 5, 15, 30, 60, 120, 240, 480)  # minutes; parked when they are used up


def deliver_waiting(channel: SmtpChannel | None = None) -> int:
    """Send what is due and return how many were taken. Safe to run in two processes at once."""
    settings = get_settings()
    if (not settings.smtp_url and channel is None) or is_held():
        return 0
    channel = channel or SmtpChannel(settings.smtp_url, settings.mail_ca_file)
    lease = secrets.token_hex(16)
    _claim(lease)
    taken = 0
    try:
        rows = _claimed(lease)
        recipients = find_recipients([row.recipient_id for row in rows])
        for row in rows:
            taken += _deliver_one(row, recipients.get(row.recipient_id), channel)
    finally:
        channel.close()
    return taken


def _claim(lease: str) -> None:
    """Mark the next batch as ours with one conditional update."""
    moment = now()
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state == "waiting",
            # Further ahead than the longest pause: set before the clock was set back.
            or_(
                OutboxMessage.next_try_at <= moment,
                OutboxMessage.next_try_at > moment + timedelta(minutes=PAUSES[-1]) + LEASE,
            ),
            or_(
                OutboxMessage.leased_until.is_(None),
                OutboxMessage.leased_until < moment,
                OutboxMessage.leased_until > moment + 2 * LEASE,
            ),
        )
        .order_by(OutboxMessage.is_urgent.desc(), OutboxMessage.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        ids = list(db.session.execute(due).scalars())
        if ids:
            db.session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id.in_(ids))
                .values(lease=lease, leased_until=moment + LEASE)
            )


def _claimed(lease: str) -> list[AnyRow]:
    return list(
        db.session.execute(
            select(
                OutboxMessage.id,
                OutboxMessage.key,
                OutboxMessage.subject,
                OutboxMessage.body,
                OutboxMessage.url,
                OutboxMessage.attempts,
                OutboxMessage.recipient_id,
            )
            .where(OutboxMessage.lease == lease, OutboxMessage.state == "waiting")
            .order_by(OutboxMessage.is_urgent.desc(), OutboxMessage.id)
        )
    )


def _deliver_one(row: AnyRow, recipient: Recipient | None, channel: SmtpChannel) -> int:
    """Try one mail and write down how it went, in a transaction of its own."""
    try:
        channel.send(build(_mail_of(row, recipient)))
    except WillNeverWork as error:
        _finish(row.id, state="parked", reason=str(error))
    except TryAgainLater as error:
        _postpone(row, str(error))
        return 0
    except Exception as error:  # One bad message must never stop the queue.
        log.exception("mail %s could not be sent", row.id)
        _finish(row.id, state="parked", reason=type(error).__name__)
    else:
        _finish(row.id, state="sent", reason="")
    return 1


def _mail_of(row: AnyRow, recipient: Recipient | None) -> Mail:
    if recipient is None:
        raise WillNeverWork("personen er ikke lenger i katalogen")
    if not recipient.address:
        raise WillNeverWork("personen har ingen e-postadresse")
    settings = get_settings()
    host = settings.base_url.split("//")[-1].split(":")[0]
    lines = [str(row.body), "", f"{settings.base_url}{row.url}", "", _footer()]
    return Mail(
        recipient_name=recipient.name,
        recipient_address=recipient.address,
        sender=settings.mail_from or f"ansattportalen@{host}",
        subject=row.subject,
        text="\n".join(lines).strip() + "\n",
        key=row.key,
    )


def _footer() -> str:
    return _(
        "Du får denne e-posten fra %(product)s i %(municipality)s. Den kan ikke besvares.",
        product=get_settings().product_name,
        municipality=get_settings().municipality,
    )


def _finish(message_id: int, *, state: str, reason: str) -> None:
    values: dict[str, Any] = {"state": state, "reason": reason[:300], "leased_until": None}
    if state == "sent":
        values["sent_at"] = now()
    with transaction():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(attempts=OutboxMessage.attempts + 1, **values)
        )


def _postpone(row: AnyRow, reason: str) -> None:
    if row.attempts >= len(PAUSES):
        _finish(row.id, state="parked", reason=reason)
        return
    with transaction():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == row.id)
            .values(
                attempts=row.attempts + 1,
                next_try_at=now() + timedelta(minutes=PAUSES[row.attempts]),
                leased_until=None,
                reason=reason[:300],
            )
        )


def _run() -> None:
    while deliver_waiting() == BATCH:
        pass


JOBS = (Job("mail", timedelta(seconds=5), _run),)
