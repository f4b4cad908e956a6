"""What leaves the library as a file. Never commits."""

from __future__ import annotations

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer


def take_out_register(lines: int, *, actor: Viewer) -> None:
    """Keep who took out the register and how long it was. Everybody may: it holds what they see."""
    record(
        AuditEvent.DOCUMENT_REGISTER_TAKEN_OUT,
        actor=actor,
        subject="document_register",
        subject_id="csv",
        details={"lines": lines},
    )
