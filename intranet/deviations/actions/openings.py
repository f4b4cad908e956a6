"""Notes who opens a confidential case; the one thing that reading a page writes."""

from __future__ import annotations

from datetime import timedelta

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.queries import count_subjects_of, is_recorded
from intranet.core.actor import SYSTEM, Role, Viewer
from intranet.core.clock import now
from intranet.core.text import _
from intranet.deviations.actions.steps import audit
from intranet.deviations.models import DeviationOpening
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.people.queries.units import holders_of

# More than anybody's work asks for; who reads for a purpose opens a few, one after the other.
READING_WINDOW = timedelta(minutes=5)
UNUSUALLY_MANY = 50


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
    _watch_reading(actor)


def _watch_reading(actor: Viewer) -> None:
    """Tell the administrators and the data protection officer of unusual reading, once an hour.

    Nobody is stopped: a leader may have a reason, and those who are told ask.
    """
    since = now() - READING_WINDOW
    count = count_subjects_of(actor.id, AuditEvent.DEVIATION_OPENED, since)
    if count < UNUSUALLY_MANY:
        return
    key = f"{actor.id}:{now():%Y-%m-%dT%H}"
    if is_recorded(AuditEvent.READING_UNUSUAL, subject="reading", subject_id=key):
        return
    record(
        AuditEvent.READING_UNUSUAL,
        actor=SYSTEM,
        subject="reading",
        subject_id=key,
        details={"person": actor.id, "cases": count},
    )
    told = {*holders_of(Role.ADMINISTRATOR), *holders_of(Role.DATA_PROTECTION_OFFICER)}
    notify(
        sorted(told - {actor.id}),
        event=str(AuditEvent.READING_UNUSUAL),
        subject_key=f"reading:{key}",
        title=_(
            "%(name)s har åpnet %(count)d fortrolige saker på fem minutter",
            name=actor.name,
            count=count,
        ),
        body=_("Spør om det er en grunn til det."),
        url="/revisjonslogg",
        is_urgent=True,
    )
