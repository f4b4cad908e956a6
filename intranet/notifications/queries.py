"""Reads of notices and of the state of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.paging import PAGE_SIZE
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.extensions import db
from intranet.jobs.registry import ProbeResult
from intranet.notifications.holding import is_held
from intranet.notifications.models import CrisisNotice, CrisisState, Notice, OutboxMessage

OLDEST_UNSENT = timedelta(minutes=10)
# The bell says "99+" beyond this, so the count never reads a whole table.
COUNTED = 100


def unread_notices(person_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Return how many notices the person of the row has not read, at most COUNTED, as a column."""
    unread = (
        select(Notice.id)
        .where(Notice.recipient_id == person_id, Notice.read_at.is_(None))
        .limit(COUNTED)
        # In FROM nothing is tied to the outer row unless it is said.
        .correlate(person_id.class_)
        .subquery()
    )
    return select(func.count()).select_from(unread).scalar_subquery()


def active_crisis() -> ScalarSelect[int | None]:
    """Return the notice that stands on every page, as a column beside the person's own."""
    return (
        select(func.max(CrisisNotice.id))
        .where(CrisisNotice.state == CrisisState.ACTIVE)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class CrisisWords:
    """What every page says."""

    title: str
    text: str


_CRISIS = select(CrisisNotice.title, CrisisNotice.text).where(
    CrisisNotice.id == bindparam("crisis")
)


# The words of a notice are never changed, so that each process reads them once.
@lru_cache(maxsize=16)
def crisis_words(database: str, crisis_id: int) -> CrisisWords | None:
    """Return the words of a notice in a database, or None when it is not there."""
    row = read(_CRISIS, crisis=crisis_id).one_or_none()
    return CrisisWords(*row) if row is not None else None


def list_notices_for(viewer: Viewer, before: int | None = None) -> list[AnyRow]:
    """Return one page and one more of the person's notices, newest first."""
    statement = (
        select(
            Notice.id, Notice.title, Notice.url, Notice.created_at, Notice.read_at, Notice.is_urgent
        )
        .where(Notice.recipient_id == viewer.id)
        .order_by(Notice.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        statement = statement.where(Notice.id < before)
    return list(db.session.execute(statement))


def get_notice_for(viewer: Viewer, notice_id: int) -> AnyRow:
    """Return the person's own notice. Raises NotFound."""
    row = db.session.execute(
        select(Notice.id, Notice.url).where(
            Notice.id == notice_id, Notice.recipient_id == viewer.id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke dette varselet."))
    return row


def count_parked() -> int:
    """Return how many mails will not be tried again; counted to a thousand."""
    parked = select(OutboxMessage.id).where(OutboxMessage.state == "parked").limit(1000)
    return db.session.execute(select(func.count()).select_from(parked.subquery())).scalar_one()


def count_waiting() -> int:
    """Return how many mails are on their way."""
    waiting = select(func.count()).where(OutboxMessage.state == "waiting")
    return db.session.execute(waiting).scalar_one()


def list_waiting(limit: int = 50) -> list[AnyRow]:
    """Return when the mails on their way were written and what they are called, oldest first."""
    return list(
        db.session.execute(
            select(OutboxMessage.created_at, OutboxMessage.subject)
            .where(OutboxMessage.state == "waiting")
            .order_by(OutboxMessage.id)
            .limit(limit)
        )
    )


def probe_outbox() -> ProbeResult:
    """Bad when a mail that is due has waited for more than ten minutes."""
    oldest = db.session.execute(
        select(func.min(OutboxMessage.next_try_at)).where(OutboxMessage.state == "waiting")
    ).scalar_one_or_none()
    parked = count_parked()
    is_on = bool(get_settings().smtp_url)
    waited = (now() - oldest) if oldest is not None and is_on else timedelta(0)
    return ProbeResult(
        name="mail",
        is_good=waited <= OLDEST_UNSENT,
        values={
            "smtp": is_on,
            "oldest_unsent_seconds": max(0, int(waited.total_seconds())),
            "parked": parked,
            **({"held": True} if is_held() else {}),
        },
    )
