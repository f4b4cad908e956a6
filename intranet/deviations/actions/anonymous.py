"""What somebody without a name does in a case. Knows no code and no moment: both belong to others.

Called in batches by the room above; nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.files import ReceivedFile, record_file
from intranet.deviations.actions.dialogue import tell_handler_of_news
from intranet.deviations.actions.ending import open_above
from intranet.deviations.actions.report import (
    Report,
    add_belongings,
    add_deviation,
    begin_case,
    place_report,
)
from intranet.deviations.actions.routes import tell_handler
from intranet.deviations.actions.steps import add_entry, audit, restart_clock
from intranet.deviations.models import Deviation, DeviationFile
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.sendings import has_sending
from intranet.deviations.workflow import DeviationState, Step
from intranet.extensions import db


@dataclass(frozen=True)
class AnonymousReporter:
    """Whoever it was; the only thing that story and audit are told."""

    id: None = None
    name: str = "Anonym melder"


ANONYMOUS: Actor = AnonymousReporter()


def report_anonymously(report: Report) -> Deviation:
    """Make a case of a report without a reporter. It was checked when it was written."""
    case = place_report(report, ANONYMOUS)
    add_deviation(case.deviation)
    add_belongings(case.deviation, report, ANONYMOUS)
    begin_case(case, report, actor=ANONYMOUS)
    return case.deviation


def reply_anonymously(
    case: Case, text: str, files: Sequence[ReceivedFile] = (), *, send_key: str | None = None
) -> None:
    """Put what the reporter wrote in the dialogue and tell who has the case.

    What came by the same sending before is not put there again.
    """
    if send_key is not None and has_sending(case.deviation.id, None, send_key):
        return
    entry = None
    for received in files:
        stored = record_file(received, actor=ANONYMOUS)
        db.session.add(
            DeviationFile(deviation_id=case.deviation.id, stored_file_id=stored.id, is_public=True)
        )
        entry = add_entry(
            case.deviation, Step.ATTACH_FILE, actor=ANONYMOUS, is_public=True, name=stored.name
        )
        audit(AuditEvent.DEVIATION_FILE_ATTACHED, case.deviation, actor=ANONYMOUS, file=stored.id)
    if text.strip():
        entry = add_entry(
            case.deviation,
            Step.REPLY,
            actor=ANONYMOUS,
            kind="message",
            is_public=True,
            text=text,
        )
        audit(AuditEvent.DEVIATION_REPLIED, case.deviation, actor=ANONYMOUS)
    if entry is not None:
        entry.send_key = send_key
        db.session.flush()
        tell_handler_of_news(case, entry, ANONYMOUS)


def say_not_solved_anonymously(case: Case, why: str, *, send_key: str | None = None) -> None:
    """Open the case one level up, once; a case that is open again by then gets it as a reply.

    Whether the days for it had run out was asked when it was written.
    """
    deviation = case.deviation
    if deviation.state != DeviationState.CLOSED or deviation.has_said_not_solved:
        reply_anonymously(case, why, send_key=send_key)
        return
    before = deviation.state
    open_above(deviation)
    deviation.state = DeviationState.IN_PROGRESS
    deviation.changed_at = now()
    flag_modified(deviation, "changed_at")
    entry = add_entry(
        deviation, Step.NOT_SOLVED, actor=ANONYMOUS, is_public=True, text=why, send_key=send_key
    )
    audit(
        AuditEvent.DEVIATION_NOT_SOLVED,
        deviation,
        actor=ANONYMOUS,
        before=before,
        after=deviation.state,
    )
    restart_clock(deviation)
    db.session.flush()
    tell_handler(deviation, entry, actor=ANONYMOUS)
