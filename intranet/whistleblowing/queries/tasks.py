"""What waits for a recipient: cases with a deadline, and retaliation checks whose day has come."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, today
from intranet.core.reads import read
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.notifications.tasks import Task
from intranet.whistleblowing.models import WhistleCase, WhistleCheck, WhistleClock
from intranet.whistleblowing.policy import is_recipient
from intranet.whistleblowing.queries.visibility import received_by

_MOST = 50


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return the viewer's tasks; their words say nothing of what the cases are about."""
    above = get_settings().recipient_above_chief.strip().casefold()
    if not is_recipient(viewer) and viewer.username.casefold() != above:
        # Nobody else is a recipient, and everybody's front page asks.
        return []
    cases = read(
        select(WhistleCase.id, WhistleCase.due_on)
        .where(WhistleCase.due_on.is_not(None), received_by(viewer))
        .order_by(WhistleCase.due_on)
        .limit(_MOST)
    )
    checks = read(
        select(WhistleCheck.case_id, WhistleCheck.due_on)
        .join(WhistleCase, WhistleCase.id == WhistleCheck.case_id)
        .where(WhistleCheck.done_on.is_(None), WhistleCheck.due_on <= today(), received_by(viewer))
        .order_by(WhistleCheck.due_on)
        .limit(_MOST)
    )
    clocks = read(
        select(WhistleClock.case_id, WhistleClock.due_at)
        .join(WhistleCase, WhistleCase.id == WhistleClock.case_id)
        .where(WhistleClock.settled_at.is_(None), received_by(viewer))
        .order_by(WhistleClock.due_at)
        .limit(_MOST)
    )
    return [
        *(
            _task(row[0], row[1].astimezone(OSLO).date(), _("En meldefrist i et varsel venter"))
            for row in clocks
        ),
        *(_task(row[0], row[1], _("Et varsel venter på deg")) for row in cases),
        *(_task(row[0], row[1], _("Et lukket varsel skal følges opp")) for row in checks),
    ]


def _task(case_id: str, due_on: object, title: str) -> Task:
    return Task(
        kind="whistle",
        title=title,
        url=f"/varsling/sak/{case_id}",
        due_on=due_on,  # type: ignore[arg-type]
        icon="EyeSlash",
    )
