"""Notes who opens a confidential case; the one thing that reading a page writes."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.deviations.actions.steps import audit
from intranet.deviations.models import DeviationOpening
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.extensions import db


def is_noted(case: Case, actor: Viewer) -> bool:
    """Whether this reading is noted: of confidential cases, but not the reporter's own reading."""
    return case.deviation.is_confidential and actor.id != case.deviation.reporter_id


def note_opening(case: Case, *, actor: Viewer, file_id: int | None = None) -> None:
    """Leave in the audit and with the case that the person read it, or fetched the file."""
    on_behalf_of = acts_for(actor, case.access)
    db.session.add(
        DeviationOpening(
            deviation_id=case.deviation.id,
            person_id=actor.id,
            on_behalf_of=on_behalf_of,
            file_id=file_id,
        )
    )
    details = {} if file_id is None else {"file_id": file_id}
    audit(
        AuditEvent.DEVIATION_OPENED,
        case.deviation,
        actor=actor,
        on_behalf_of=on_behalf_of,
        **details,
    )
