"""Finds reports by their code, and what waits to be delivered. Knows no person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select

from intranet.anonymous.models import (
    AnonymousFile,
    AnonymousMessage,
    AnonymousReport,
    DeliveryPlan,
)
from intranet.anonymous.rooms import DEVIATIONS
from intranet.core.clock import OSLO, now
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.receipt_code import derive_code, hash_code, read_code
from intranet.core.text import _
from intranet.deviations.models import DeviationFile
from intranet.deviations.queries.cases import (
    Case,
    EntryRow,
    FileRow,
    get_case,
    list_entries,
    list_files,
)
from intranet.deviations.workflow import REPORTER_CODES, DeviationState, may_say_not_solved
from intranet.extensions import db


@dataclass(frozen=True)
class Line:
    """One line of the talk: whose, on which day, and what. Names and hours are left out."""

    is_own: bool
    is_from_handler: bool
    code: str
    entry: EntryRow
    day: date


@dataclass(frozen=True)
class Waiting:
    """Something written that is not delivered yet."""

    text: str
    files: int
    is_not_solved: bool
    answer: str = ""
    is_wish: bool = False


@dataclass(frozen=True)
class Followed:
    """A report as its code shows it; `case` is None until it is delivered."""

    report: AnonymousReport
    case: Case | None
    lines: Sequence[Line]
    files: Sequence[FileRow]
    waiting: Sequence[Waiting]
    may_say_not_solved: bool


def get_followed(typed: str | None) -> Followed:
    """Return what the code opens. Raises NotFound, the same for every wrong code (AN-10)."""
    report = get_report(typed)
    if report.room != DEVIATIONS:
        sent_on = find_report(derive_code(read_code(typed) or ""))
        report = sent_on or report
    if report.room != DEVIATIONS:
        raise NotFound(_("Denne koden hører til et varsel. Bruk den på siden for varsling."))
    waiting = list_waiting(report.id)
    if report.deviation_id is None:
        return Followed(report, None, (), (), waiting, may_say_not_solved=False)
    case = get_case(report.deviation_id)
    deviation = case.deviation
    may_say = may_say_not_solved(
        deviation.state, deviation.closed_at, has_said=deviation.has_said_not_solved, at=now()
    ) and not any(each.is_not_solved for each in waiting)
    lines = [_line(entry) for entry in list_entries(deviation.id, public_only=True)]
    files = list_files(deviation.id, public_only=True)
    return Followed(report, case, lines, files, waiting, may_say)


def get_report(typed: str | None) -> AnonymousReport:
    """Return the report of any room with the code as typed. Raises NotFound."""
    code = read_code(typed)
    report = find_report(code) if code else None
    if report is None:
        raise NotFound(_("Vi finner ingen melding med denne koden. Se etter om alle tegn er med."))
    return report


def find_report(code: str) -> AnonymousReport | None:
    """Return the report with this code, or None."""
    return db.session.execute(
        select(AnonymousReport).where(AnonymousReport.code_hash == hash_code(code))
    ).scalar_one_or_none()


def get_file(followed: Followed, file_id: int) -> StoredFile:
    """Return a public file of the followed case. Raises NotFound."""
    case = followed.case
    stored = None
    if case is not None and 0 < file_id < 2**31:
        stored = db.session.execute(
            select(StoredFile)
            .join(DeviationFile, DeviationFile.stored_file_id == StoredFile.id)
            .where(
                DeviationFile.id == file_id,
                DeviationFile.deviation_id == case.deviation.id,
                DeviationFile.is_public,
            )
        ).scalar_one_or_none()
    if stored is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    return stored


def count_waiting(report_id: str) -> int:
    """Return how many messages of the report wait to be delivered."""
    return db.session.execute(
        select(func.count())
        .select_from(AnonymousMessage)
        .where(AnonymousMessage.report_id == report_id)
    ).scalar_one()


def list_ready() -> list[str]:
    """Return the keys of the reports with something that the next delivery takes."""
    has_message = exists().where(
        AnonymousMessage.report_id == AnonymousReport.id, AnonymousMessage.is_ready
    )
    rows = db.session.execute(
        select(AnonymousReport.id).where(
            or_(
                AnonymousReport.is_ready & AnonymousReport.content.is_not(None),
                AnonymousReport.content.is_(None) & has_message,
            )
        )
    )
    return list(rows.scalars())


def list_file_ids(report_id: str, message_id: str | None) -> list[str]:
    """Return the keys of the files that came with the report itself, or with a message."""
    rows = db.session.execute(
        select(AnonymousFile.id)
        .where(
            AnonymousFile.report_id == report_id,
            AnonymousFile.message_id.is_(None)
            if message_id is None
            else AnonymousFile.message_id == message_id,
        )
        .order_by(AnonymousFile.place)
    )
    return list(rows.scalars())


def list_ready_file_ids() -> list[str]:
    """Return the keys of the files that the next delivery takes."""
    rows = db.session.execute(
        select(AnonymousFile.id)
        .join(AnonymousReport, AnonymousReport.id == AnonymousFile.report_id)
        .outerjoin(AnonymousMessage, AnonymousMessage.id == AnonymousFile.message_id)
        .where(
            or_(
                AnonymousFile.message_id.is_(None) & AnonymousReport.is_ready,
                AnonymousMessage.is_ready,
            )
        )
    )
    return list(rows.scalars())


def list_ready_messages(report_id: str) -> Sequence[AnonymousMessage]:
    """Return the report's messages that are to be delivered now, in the order of writing."""
    rows = db.session.execute(
        select(AnonymousMessage)
        .where(AnonymousMessage.report_id == report_id, AnonymousMessage.is_ready)
        .order_by(AnonymousMessage.place)
    )
    return rows.scalars().all()


def find_plan() -> DeliveryPlan | None:
    """Return when the next delivery is, or None before the first."""
    return db.session.get(DeliveryPlan, 1)


def may_ask_to_move(followed: Followed, code: str) -> bool:
    """Whether the room of whistleblowing may be asked to take it; not what it sent on itself."""
    return followed.case is not None and followed.report.code_hash == hash_code(
        read_code(code) or ""
    )


def is_ended(followed: Followed) -> bool:
    """Whether nothing more can be written: only a withdrawn case, which no code can bring about."""
    case = followed.case
    return case is not None and case.deviation.state == DeviationState.WITHDRAWN


def list_waiting(report_id: str) -> list[Waiting]:
    """Return what the code's owner has written and nobody has got yet."""
    files = (
        select(func.count())
        .select_from(AnonymousFile)
        .where(AnonymousFile.message_id == AnonymousMessage.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            AnonymousMessage.text,
            files,
            AnonymousMessage.is_not_solved,
            AnonymousMessage.answer,
            AnonymousMessage.wish.is_not(None),
        )
        .where(AnonymousMessage.report_id == report_id)
        .order_by(AnonymousMessage.place)
    )
    return [Waiting(*row) for row in rows]


def _line(entry: EntryRow) -> Line:
    by_nobody = entry.author_id is None
    return Line(
        is_own=by_nobody and entry.code in REPORTER_CODES,
        is_from_handler=not by_nobody,
        code=entry.code,
        entry=entry,
        day=_day_of(entry.at),
    )


def _day_of(moment: datetime) -> date:
    return moment.astimezone(OSLO).date()
