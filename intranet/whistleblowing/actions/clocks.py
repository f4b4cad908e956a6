"""The duties to report that came along with a deviation. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.whistleblowing.actions.steps import add_entry, audit, check_step
from intranet.whistleblowing.models import WhistleClock
from intranet.whistleblowing.queries.cases import Case
from intranet.whistleblowing.workflow import WhistleStep


def settle_clock(
    case: Case, clock_id: int, note: str, *, is_applicable: bool, actor: Viewer
) -> None:
    """Say that what the law asks for is done, or why it does not apply; recipients may."""
    check_step(case, WhistleStep.SETTLE_CLOCK, actor)
    clock = db.session.get(WhistleClock, clock_id) if clock_id < 2**31 else None
    if clock is None or clock.case_id != case.whistle.id or clock.settled_at is not None:
        raise NotPossibleNow(_("Denne fristen er gjort ferdig."))
    if not note.strip():
        raise InvalidInput(_("Skriv hva dere har gjort, eller hvorfor det ikke gjelder."), "note")
    clock.settled_at, clock.settled_by = now(), actor.id
    clock.is_applicable, clock.note, clock.remind_at = is_applicable, note, None
    code = "clock_done" if is_applicable else "clock_dismissed"
    add_entry(case.whistle, code, actor=actor, text=note, clock=clock.name)
    audit(AuditEvent.WHISTLE_CLOCK_SETTLED, case.whistle, actor=actor)
