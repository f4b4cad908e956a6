"""What is said in a case, each sending once. Never commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.extensions import db
from intranet.whistleblowing.actions.steps import add_entry, audit, check_step, demand
from intranet.whistleblowing.models import WhistleCase, WhistleEntry
from intranet.whistleblowing.queries.cases import Case
from intranet.whistleblowing.queries.sendings import has_sending
from intranet.whistleblowing.workflow import WhistleStep


def write_message(case: Case, text: str, *, actor: Viewer, send_key: str | None = None) -> None:
    """Write to the whistleblower, who reads it with the code; recipients and investigators may.

    Here and below: the same sending again adds nothing (CC-04).
    """
    check_step(case, WhistleStep.MESSAGE, actor)
    demand(text, _("Skriv en melding."), "text")
    key = key_of_sending(send_key, "message", text) if send_key else None
    entry = add_sent_entry(
        case.whistle, "message", actor=actor, is_public=True, text=text, send_key=key
    )
    if entry is not None:
        audit(AuditEvent.WHISTLE_MESSAGE_SENT, case.whistle, actor=actor)


def write_note(case: Case, text: str, *, actor: Viewer, send_key: str | None = None) -> None:
    """Write for those who work with the case; the whistleblower does not see it."""
    check_step(case, WhistleStep.NOTE, actor)
    demand(text, _("Skriv et notat."), "text")
    key = key_of_sending(send_key, "note", text) if send_key else None
    if add_sent_entry(case.whistle, "note", actor=actor, text=text, send_key=key) is not None:
        audit(AuditEvent.WHISTLE_NOTED, case.whistle, actor=actor)


def add_sent_entry(
    whistle: WhistleCase, code: str, *, actor: Actor, send_key: str | None, **more: Any
) -> WhistleEntry | None:
    """Add what somebody sent to the story; None when this sending is there already."""
    case_id = whistle.id
    if send_key is not None and has_sending(case_id, actor.id, send_key):
        return None
    try:
        with db.session.begin_nested():
            return add_entry(whistle, code, actor=actor, send_key=send_key, **more)
    except IntegrityError:
        # The other press of the same button was quicker.
        if send_key is None or not has_sending(case_id, actor.id, send_key):
            raise
        return None
