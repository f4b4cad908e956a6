"""Delivers what waits, in a random order and all at one moment. Never commits.

The case, its audit entries, its notices and its files on disk are all made here, so that none of
them tells when anything was written.
"""

from __future__ import annotations

import io
import logging
import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, update

from intranet.anonymous.concerned import concerned_leaders
from intranet.anonymous.models import (
    AnonymousFile,
    AnonymousMessage,
    AnonymousReport,
    DeliveryPlan,
)
from intranet.anonymous.queries import (
    find_plan,
    list_file_ids,
    list_ready,
    list_ready_file_ids,
    list_ready_messages,
)
from intranet.anonymous.rooms import room_of
from intranet.anonymous.schedule import LEAST_WAIT, plan_delivery
from intranet.core.clock import now, oslo_moment
from intranet.core.errors import IntranetError, InvalidInput
from intranet.core.files import ReceivedFile, receive_upload
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.deviations.actions.anonymous import (
    reply_anonymously,
    report_anonymously,
    say_not_solved_anonymously,
)
from intranet.deviations.actions.report import Judged, Report
from intranet.deviations.queries.cases import get_case
from intranet.deviations.severity import Severity
from intranet.extensions import db
from intranet.web.sessionless import describe_fault

log = logging.getLogger(__name__)

_random = random.SystemRandom()


def close_for_delivery(plan: DeliveryPlan) -> None:
    """Mark what is written so far for the next delivery; what comes later waits for another.

    When the clock comes late, the delivery waits with it, so that nothing is quicker than promised.
    """
    for table in (AnonymousReport, AnonymousMessage):
        db.session.execute(update(table).where(~table.is_ready).values(is_ready=True))
    plan.is_closed = True
    plan.delivers_at = max(plan.delivers_at, now() + LEAST_WAIT)
    db.session.flush()


def store_ready_files() -> dict[str, ReceivedFile | None]:
    """Write the files of what is marked to disk, in a random order; to be called before the
    transaction. Returns them by key; without a row later they are orphans.

    None stands for a file that will never be taken, as when the virus scanner found something in
    it: what was written is delivered without it. One that finds no room is missing: it and its
    report wait for the next time.
    """
    file_ids = list_ready_file_ids()
    _random.shuffle(file_ids)
    stored: dict[str, ReceivedFile | None] = {}
    for file_id in file_ids:
        file = db.session.get_one(AnonymousFile, file_id)
        try:
            stored[file_id] = receive_upload(io.BytesIO(file.data), file.name)
        except IntranetError as error:
            log.error("a file without a sender could not be kept: %s", type(error).__name__)
            if isinstance(error, InvalidInput):
                stored[file_id] = None
        db.session.expunge(file)
    return stored


def deliver_ready(stored: Mapping[str, ReceivedFile | None]) -> int:
    """Make cases and replies of all that is marked; return how many reports it touched.

    What cannot be delivered is left for the next time and keeps nothing else back.
    """
    report_ids = list_ready()
    _random.shuffle(report_ids)
    delivered = 0
    for report_id in report_ids:
        try:
            with db.session.begin_nested():
                _deliver(report_id, stored)
            delivered += 1
        except Exception as error:  # noqa: BLE001 - one that fails keeps no other back (CF-18).
            # Without the error's words, which may hold what somebody wrote.
            log.error("an anonymous report was not delivered: %s", describe_fault(error))
    return delivered


def plan_next() -> DeliveryPlan:
    """Set and return the moment of the next delivery."""
    made = plan_delivery(now(), get_settings().anonymous_delivery, _random.uniform)
    plan = find_plan()
    if plan is None:
        plan = DeliveryPlan(id=1, closes_at=made.closes_at, delivers_at=made.delivers_at)
        db.session.add(plan)
    else:
        plan.closes_at, plan.delivers_at = made.closes_at, made.delivers_at
        plan.is_closed = False
    db.session.flush()
    return plan


def _deliver(report_id: str, stored: Mapping[str, ReceivedFile | None]) -> None:
    report = db.session.get_one(AnonymousReport, report_id)
    if report.content is not None:
        files = [stored[each] for each in list_file_ids(report.id, None)]
        what = _say_what_is_missing(report.content["what"], files)
        report.content = {**report.content, "what": what}
        room_of(report).take_report(report, [each for each in files if each is not None])
        report.content = None
        _forget_files(report.id, None)
        db.session.flush()
    for message in list_ready_messages(report.id):
        files = [stored[file_id] for file_id in list_file_ids(report.id, message.id)]
        message.text = _say_what_is_missing(message.text, files)
        # The room may be another one after a message that wished for it.
        taken = [each for each in files if each is not None]
        room_of(report, message).take_message(report, message, taken)
        _forget_files(report.id, message.id)
        db.session.delete(message)
        db.session.flush()


def _say_what_is_missing(text: str, files: Sequence[ReceivedFile | None]) -> str:
    """Return the text, and below it that a file came along which could not be taken."""
    if None not in files:
        return text
    note = _("En fil som fulgte med, ble stoppet av virussjekken eller kunne ikke leses.")
    return f"{text}\n\n({note})".strip()


class DeviationRoom:
    """Makes deviations of reports; see `rooms.Room`."""

    def take_report(self, report: AnonymousReport, files: Sequence[ReceivedFile]) -> None:
        """Make a deviation."""
        assert report.content is not None
        report.deviation_id = report_anonymously(_report_of(report.content, files)).id

    def take_message(
        self, report: AnonymousReport, message: AnonymousMessage, files: Sequence[ReceivedFile]
    ) -> None:
        """Put a reply in the deviation, or open it again."""
        assert report.deviation_id is not None
        case = get_case(report.deviation_id)
        if message.is_not_solved:
            say_not_solved_anonymously(case, message.text, send_key=message.id)
        else:
            reply_anonymously(case, message.text, files, send_key=message.id)


def _report_of(content: dict[str, Any], files: Sequence[ReceivedFile]) -> Report:
    return Report(
        what=content["what"],
        unit_id=content["unit_id"],
        happened_at=oslo_moment(date.fromisoformat(content["happened_on"])),
        send_key=str(uuid.uuid4()),
        category=content["category"],
        answers=content["answers"],
        judged=_judged_of(content.get("judged")),
        immediate_action=content["immediate_action"],
        concerned_ids=concerned_leaders(content["unit_id"], content["concerns"])
        | frozenset(content.get("concerned_ids", ())),
        files=files,
    )


def _judged_of(kept: dict[str, Any] | None) -> Judged | None:
    """Return how it was judged when it was sent; None for what an older version kept."""
    if kept is None:
        return None
    return Judged(
        kept["answers"], kept["words"], Severity(kept["severity"]), bool(kept["is_assessed"])
    )


def _forget_files(report_id: str, message_id: str | None) -> None:
    db.session.execute(
        delete(AnonymousFile).where(
            AnonymousFile.report_id == report_id,
            AnonymousFile.message_id.is_(None)
            if message_id is None
            else AnonymousFile.message_id == message_id,
        )
    )
