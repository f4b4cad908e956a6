"""Makes cases of what was written with a code; called in batches by the clock. Never commits."""

from __future__ import annotations

from collections.abc import Sequence

from intranet.anonymous.models import AnonymousMessage, AnonymousReport
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.files import ReceivedFile, record_file
from intranet.deviations.queries.cases import get_case as get_deviation
from intranet.extensions import db
from intranet.whistleblowing.actions.move import move_as_asked
from intranet.whistleblowing.actions.offer import take_answer
from intranet.whistleblowing.actions.opening import open_case
from intranet.whistleblowing.actions.steps import WHISTLEBLOWER, add_entry, audit, tell_handlers
from intranet.whistleblowing.actions.talk import add_sent_entry
from intranet.whistleblowing.models import WhistleCase, WhistleFile
from intranet.whistleblowing.queries.cases import find_case_of_report, get_case
from intranet.whistleblowing.queries.sendings import has_sending


class WhistleRoom:
    """Makes whistleblowing cases of reports; see `anonymous.rooms.Room`."""

    def take_report(self, report: AnonymousReport, files: Sequence[ReceivedFile]) -> None:
        """Make a case and tell its recipients that something waits."""
        content = dict(report.content or {})
        without = content.pop("without_ids")
        whistle = add_case(WhistleCase(report_id=report.id, **content), without)
        _add_files(whistle, files)

    def take_message(
        self, report: AnonymousReport, message: AnonymousMessage, files: Sequence[ReceivedFile]
    ) -> None:
        """Put in the case what the whistleblower added, or that there was retaliation.

        A wish makes a case of a deviation; when somebody else has moved it by then, it is told.
        """
        if message.wish is not None and report.deviation_id is not None:
            deviation = get_deviation(report.deviation_id)
            move_as_asked(deviation, message.text, without_ids=message.wish["without_ids"])
            return
        case = find_case_of_report(report.id)
        assert case is not None
        if message.answer:
            take_answer(case, is_accepted=message.answer == "yes", actor=WHISTLEBLOWER)
            return
        if has_sending(case.whistle.id, None, message.id):
            return
        _add_files(case.whistle, files)
        add_from_whistleblower(
            case.whistle,
            message.text,
            is_retaliation=message.is_not_solved,
            send_key=message.id,
        )


def add_case(whistle: WhistleCase, excluded_ids: Sequence[int]) -> WhistleCase:
    """Open the case, and tell the recipients who are left."""
    open_case(whistle, excluded_ids)
    add_entry(whistle, "receive", actor=WHISTLEBLOWER, is_public=True)
    audit(AuditEvent.WHISTLE_RECEIVED, whistle, actor=WHISTLEBLOWER)
    tell_handlers(get_case(whistle.id), key="received", actor=WHISTLEBLOWER)
    return whistle


def add_from_whistleblower(
    whistle: WhistleCase,
    text: str,
    *,
    is_retaliation: bool,
    actor: Actor = WHISTLEBLOWER,
    send_key: str | None = None,
) -> None:
    """Put what the whistleblower wrote in the story, and tell who handles the case.

    `actor` is who reported it by name, as a deviation; everybody else is nobody. What came by the
    same sending before is not put there again.
    """
    entry = add_sent_entry(
        whistle,
        "retaliation" if is_retaliation else "reply",
        actor=actor,
        is_public=True,
        is_from_whistleblower=True,
        text=text,
        send_key=send_key,
    )
    if entry is None:
        return
    event = (
        AuditEvent.WHISTLE_RETALIATION_REPORTED
        if is_retaliation
        else AuditEvent.WHISTLE_MESSAGE_SENT
    )
    audit(event, whistle, actor=actor)
    tell_handlers(get_case(whistle.id), key=f"e{entry.id}", actor=actor)


def _add_files(whistle: WhistleCase, files: Sequence[ReceivedFile]) -> None:
    for received in files:
        stored = record_file(received, actor=WHISTLEBLOWER)
        db.session.add(WhistleFile(case_id=whistle.id, stored_file_id=stored.id))
