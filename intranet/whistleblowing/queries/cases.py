"""Reads whistleblowing cases: for acting on one, for its page, and for the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, defer

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.deviations.queries.routes import find_last_recipient_id
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.queries.persons import LARGEST_ID, names_of
from intranet.whistleblowing.models import (
    WhistleCase,
    WhistleCheck,
    WhistleClock,
    WhistleEntry,
    WhistleFile,
    WhistleOffer,
    WhistleOpening,
    WhistleOrigin,
    WhistleParty,
    WhistleReader,
)
from intranet.whistleblowing.policy import CaseAccess, can_see_case, is_reporter
from intranet.whistleblowing.queries.visibility import (
    active_recipients,
    free_recipients,
    visible_to,
)

_SHOWN_OPENINGS = 50


@dataclass
class Case:
    """A case together with what decides access to it, and names."""

    whistle: WhistleCase
    access: CaseAccess
    unit_name: str
    names: dict[int, str]


@dataclass(frozen=True)
class FileRow:
    """One attached file."""

    id: int
    name: str
    size: int


def get_case_for(viewer: Viewer, case_id: str) -> Case:
    """Return the case. Raises NotFound when the viewer may not know of it."""
    case = _find(case_id)
    if case is None or not can_see_case(viewer, case.access):
        raise NotFound(_("Vi finner ikke denne siden."))
    return case


def get_case(case_id: str) -> Case:
    """Return the case, asking nobody's leave: for the clock and the code. Raises NotFound."""
    case = _find(case_id)
    if case is None:
        raise NotFound(_("Vi finner ikke denne siden."))
    return case


def find_case_of_report(report_id: str) -> Case | None:
    """Return the case that the code leads to, or None before it is delivered."""
    case_id = db.session.execute(
        select(WhistleCase.id).where(WhistleCase.report_id == report_id)
    ).scalar_one_or_none()
    return None if case_id is None else get_case(case_id)


def get_own_case_for(viewer: Viewer, case_id: str) -> Case:
    """Return the case that the viewer reported by name, for their own page. Raises NotFound."""
    case = _find(case_id)
    if case is None or not is_reporter(viewer, case.access):
        raise NotFound(_("Vi finner ikke denne siden."))
    return case


def list_cases_for(viewer: Viewer) -> Sequence[WhistleCase]:
    """Return the cases that the viewer may see; open ones first, the newest number first."""
    rows = db.session.execute(
        select(WhistleCase)
        .where(visible_to(viewer))
        .order_by(WhistleCase.closed_on.is_not(None), WhistleCase.number.desc())
        .limit(500)
    )
    return rows.scalars().all()


def list_recipients() -> list[tuple[int, str]]:
    """Return (id, name) of those who receive whistleblowing, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.title)
        .where(Person.id.in_(active_recipients()))
        .order_by(Person.name)
    )
    return [(row[0], f"{row[1]}, {row[2]}" if row[2] else row[1]) for row in rows]


def receivers_of(case: Case) -> frozenset[int]:
    """Return who is told that something waits: free recipients, else the one above the chief."""
    if case.access.recipient_ids:
        return case.access.recipient_ids
    last = case.access.above_chief_id
    free = frozenset() if last is None else frozenset({last})
    return free - case.access.excluded_ids - {case.access.reporter_id}


def list_entries(case_id: str, *, public_only: bool) -> list[Any]:
    """Return the story, newest first, with the authors' names."""
    statement = (
        select(WhistleEntry, Person.name.label("author"))
        .outerjoin(Person, Person.id == WhistleEntry.author_id)
        .where(WhistleEntry.case_id == case_id)
        .order_by(WhistleEntry.id.desc())
    )
    if public_only:
        statement = statement.where(WhistleEntry.is_public)
    return list(db.session.execute(statement))


def list_files(case_id: str, *, public_only: bool) -> list[FileRow]:
    """Return the attached files in the order in which they came."""
    statement = (
        select(WhistleFile.id, StoredFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == WhistleFile.stored_file_id)
        .where(WhistleFile.case_id == case_id)
        .order_by(WhistleFile.id)
    )
    if public_only:
        statement = statement.where(WhistleFile.is_public)
    return [FileRow(*row) for row in db.session.execute(statement)]


def get_file(case: Case, file_id: int, *, public_only: bool) -> StoredFile:
    """Return a file of this very case (AZ-04). Raises NotFound."""
    row = None
    if 0 < file_id <= LARGEST_ID:
        row = db.session.execute(
            select(StoredFile, WhistleFile.is_public)
            .join(WhistleFile, WhistleFile.stored_file_id == StoredFile.id)
            .where(WhistleFile.id == file_id, WhistleFile.case_id == case.whistle.id)
        ).one_or_none()
    if row is None or (public_only and not row[1]):
        raise NotFound(_("Vi finner ikke denne filen."))
    stored: StoredFile = row[0]
    return stored


def list_readers(case_id: str) -> list[Any]:
    """Return who was let into the case, with the reason and who let them in."""
    by = aliased(Person)
    return list(
        db.session.execute(
            select(
                Person.name,
                WhistleReader.is_investigator,
                WhistleReader.reason,
                by.name.label("by"),
                WhistleReader.created_at,
            )
            .join(Person, Person.id == WhistleReader.person_id)
            .join(by, by.id == WhistleReader.created_by)
            .where(WhistleReader.case_id == case_id)
            .order_by(WhistleReader.created_at)
        )
    )


def list_checks(case_id: str) -> Sequence[WhistleCheck]:
    """Return the retaliation checks, the first first."""
    return (
        db.session.execute(
            select(WhistleCheck)
            .where(WhistleCheck.case_id == case_id)
            .order_by(WhistleCheck.months)
        )
        .scalars()
        .all()
    )


def find_origin(case_id: str) -> WhistleOrigin | None:
    """Return the deviation that the case was, or None."""
    return db.session.execute(
        select(WhistleOrigin)
        .where(WhistleOrigin.case_id == case_id)
        .options(defer(WhistleOrigin.rows))
    ).scalar_one_or_none()


def find_offer(case_id: str) -> WhistleOffer | None:
    """Return what the whistleblower was asked to let be sent on, or None."""
    return db.session.get(WhistleOffer, case_id)


def list_clocks(case_id: str) -> Sequence[WhistleClock]:
    """Return the duties to report that came along, the nearest first."""
    return (
        db.session.execute(
            select(WhistleClock)
            .where(WhistleClock.case_id == case_id)
            .order_by(WhistleClock.due_at, WhistleClock.id)
        )
        .scalars()
        .all()
    )


def list_openings(case_id: str) -> list[tuple[str, bool, datetime]]:
    """Return who opened the case, newest first: name, whether it was a file, when."""
    rows = db.session.execute(
        select(Person.name, WhistleOpening.file_id.is_not(None), WhistleOpening.opened_at)
        .join(Person, Person.id == WhistleOpening.person_id)
        .where(WhistleOpening.case_id == case_id)
        .order_by(WhistleOpening.id.desc())
        .limit(_SHOWN_OPENINGS)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def list_due(day: date) -> list[str]:
    """Return the open cases whose deadline has come, not reminded of since."""
    rows = db.session.execute(
        select(WhistleCase.id).where(
            WhistleCase.due_on <= day, WhistleCase.reminded_on.is_distinct_from(WhistleCase.due_on)
        )
    )
    return list(rows.scalars())


def list_due_clocks(moment: datetime) -> list[int]:
    """Return the duties to report that the recipients are to be reminded of."""
    rows = db.session.execute(select(WhistleClock.id).where(WhistleClock.remind_at <= moment))
    return list(rows.scalars())


def list_due_checks(day: date) -> list[tuple[str, int]]:
    """Return the checks whose day has come, not done and not reminded of."""
    rows = db.session.execute(
        select(WhistleCheck.case_id, WhistleCheck.months).where(
            WhistleCheck.due_on <= day,
            WhistleCheck.done_on.is_(None),
            WhistleCheck.reminded_on.is_(None),
        )
    )
    return [(row[0], row[1]) for row in rows]


def _find(case_id: str) -> Case | None:
    row = db.session.execute(
        select(WhistleCase, Unit.name)
        .outerjoin(Unit, Unit.id == WhistleCase.unit_id)
        .where(WhistleCase.id == case_id)
    ).one_or_none()
    if row is None:
        return None
    whistle: WhistleCase = row[0]
    excluded = frozenset(
        db.session.execute(
            select(WhistleParty.person_id).where(WhistleParty.case_id == whistle.id)
        ).scalars()
    )
    named = db.session.execute(
        select(WhistleReader.person_id, WhistleReader.is_investigator).where(
            WhistleReader.case_id == whistle.id
        )
    ).all()
    free = db.session.execute(free_recipients(whistle.id)).scalars()
    access = CaseAccess(
        state=whistle.state,
        is_whistleblowing=whistle.is_whistleblowing,
        excluded_ids=excluded,
        recipient_ids=frozenset(free),
        investigator_ids=frozenset(person for person, investigates in named if investigates),
        reader_ids=frozenset(person for person, investigates in named if not investigates),
        above_chief_id=find_last_recipient_id(),
        reporter_id=whistle.reporter_id,
    )
    names = names_of({*excluded, *filter(None, [whistle.reporter_id])})
    return Case(whistle, access, row[1] or "", names)
