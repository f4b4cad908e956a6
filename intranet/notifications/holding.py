"""All mail waits after a restore, until somebody has said what becomes of it.

A copy holds mails that were not sent when it was taken, and may have been since; and what the clock
has reminded of after that, it reminds of once more. The mark lies with the instance, not in the
database, so that a restored database cannot take it away.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.notifications.models import OutboxMessage

MARK = "mail-held"
_DROPPED = "kan ha gått ut før sikkerhetskopien ble tatt i bruk"


def is_held() -> bool:
    """Whether no mail goes out."""
    return _mark().exists()


def hold_mail() -> None:
    """Let no mail go out until `release_mail`; what happens in the portal is queued as always."""
    _mark().touch(mode=0o600)


def release_mail() -> None:
    """Let mails go out again, those that wait among them."""
    _mark().unlink(missing_ok=True)


def drop_waiting() -> int:
    """Park every mail that waits, and return how many; the notices in the page stay."""
    waiting = update(OutboxMessage).where(OutboxMessage.state == "waiting")
    with transaction():
        done = db.session.execute(waiting.values(state="parked", reason=_DROPPED))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _mark() -> Path:
    return get_settings().instance_dir / MARK
