"""Reads one case: for acting on it, and for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.reads import read
from intranet.core.text import _
from intranet.deviations.models import (
    CorrectiveAction,
    Deviation,
    DeviationConcerned,
    DeviationCopy,
    DeviationEntry,
    DeviationFile,
)
from intranet.deviations.policy import NOWHERE, CaseAccess, can_see_action, can_see_deviation
from intranet.deviations.routing import DUTY_ROLES
from intranet.deviations.workflow import REPORTER_CODES, ActionState, Effect
from intranet.extensions import db
from intranet.people.models import Person, Unit

_LINE = aliased(Unit)
_HANDLER_UNIT = aliased(Unit)
_REPORTER = aliased(Person)
_HANDLER = aliased(Person)
_AUTHOR = aliased(Person)
_LEADER = aliased(Person)

_CASE = (
    select(
        Deviation,
        Unit.name.label("unit_name"),
        Unit.path.label("unit_path"),
        _LINE.path.label("line_path"),
        _HANDLER_UNIT.path.label("handler_path"),
        _REPORTER.name.label("reporter_name"),
        _HANDLER.name.label("handler_name"),
    )
    .join(Unit, Unit.id == Deviation.unit_id)
    .outerjoin(_LINE, _LINE.id == Deviation.line_unit_id)
    .outerjoin(_HANDLER_UNIT, _HANDLER_UNIT.id == Deviation.handler_unit_id)
    .outerjoin(_REPORTER, _REPORTER.id == Deviation.reporter_id)
    .outerjoin(_HANDLER, _HANDLER.id == Deviation.handler_id)
)
# Made once: each page of a case and each refusal of one asks them.
_BY_NUMBER = _CASE.where(Deviation.number == bindparam("key"))
_BY_ID = _CASE.where(Deviation.id == bindparam("key"))
_PEOPLE = union_all(
    select(literal("").label("role"), Person.id, Person.name)
    .join(DeviationConcerned, DeviationConcerned.person_id == Person.id)
    .where(DeviationConcerned.deviation_id == bindparam("deviation")),
    select(DeviationCopy.role, Person.id, Person.name)
    .join(DeviationCopy, DeviationCopy.person_id == Person.id)
    .where(DeviationCopy.deviation_id == bindparam("deviation")),
)


@dataclass
class Case:
    """A deviation together with what decides access to it and the names that its page shows."""

    deviation: Deviation
    access: CaseAccess
    unit_name: str = ""
    reporter_name: str = ""
    handler_name: str = ""
    concerned: dict[int, str] = field(default_factory=dict)
    copied: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class EntryRow:
    """One line of the story as the page shows it."""

    id: int
    at: datetime
    kind: str
    code: str
    params: dict[str, Any]
    text: str
    is_public: bool
    author_id: int | None
    author_name: str | None
    leader_name: str | None

    def author_words(self, *, is_anonymous: bool) -> str:
        """Return who it was: a name, the anonymous reporter of such a case, or the clock."""
        if self.author_name:
            return self.author_name
        is_reporter = is_anonymous and self.author_id is None and self.code in REPORTER_CODES
        return _("Anonym melder") if is_reporter else _("Systemet")


@dataclass(frozen=True)
class ActionRow:
    """One corrective action as the case shows it."""

    id: int
    version: int
    what: str
    responsible_id: int
    responsible_name: str
    due_on: date
    state: ActionState
    note: str
    effect: Effect | None


@dataclass(frozen=True)
class FileRow:
    """One attached file as the case shows it."""

    id: int
    name: str
    size: int
    is_public: bool
    created_by: int | None


def get_deviation_for(viewer: Viewer, number: int) -> Case:
    """Return the case with this number. Raises NotFound when the viewer may not know of it."""
    # A longer number than the column holds is nobody's case.
    case = _find_case(_BY_NUMBER, number) if number < 2**62 else None
    if case is None or not can_see_deviation(viewer, case.access):
        raise NotFound(_("Vi finner ikke dette avviket."))
    return case


def get_case(deviation_id: int) -> Case:
    """Return the case by id, asking nobody's leave: for the clock. Raises NotFound."""
    case = _find_case(_BY_ID, deviation_id)
    if case is None:
        raise NotFound(_("Vi finner ikke dette avviket."))
    return case


def get_action_for(viewer: Viewer, action_id: int) -> tuple[CorrectiveAction, Case]:
    """Return the action and its case, for the responsible and for those who see the case.

    Raises NotFound otherwise. Who sees only the action must be shown nothing of the case.
    """
    action = db.session.get(CorrectiveAction, action_id) if action_id < 2**31 else None
    if action is None:
        raise NotFound(_("Vi finner ikke dette tiltaket."))
    case = get_case(action.deviation_id)
    if not can_see_action(viewer, case.access, action.responsible_id):
        raise NotFound(_("Vi finner ikke dette tiltaket."))
    return action, case


def get_file_for(viewer: Viewer, number: int, file_id: int) -> StoredFile:
    """Return a file of this very case (AZ-04). Raises NotFound; the reporter gets public ones."""
    case = get_deviation_for(viewer, number)
    if file_id >= 2**31:
        raise NotFound(_("Vi finner ikke denne filen."))
    row = db.session.execute(
        select(DeviationFile, StoredFile)
        .join(StoredFile, StoredFile.id == DeviationFile.stored_file_id)
        .where(
            DeviationFile.id == file_id,
            DeviationFile.deviation_id == case.deviation.id,
        )
    ).one_or_none()
    is_reporter = viewer.id == case.deviation.reporter_id
    if row is None or (is_reporter and not row[0].is_public):
        raise NotFound(_("Vi finner ikke denne filen."))
    return row[1]


_SENT = select(Deviation.id).where(
    Deviation.reporter_id == bindparam("reporter"), Deviation.send_key == bindparam("send_key")
)


def find_by_send_key(reporter_id: int, send_key: str) -> Deviation | None:
    """Return the report that this person sent with this key, or None."""
    found = read(_SENT, reporter=reporter_id, send_key=send_key).scalar()
    return None if found is None else db.session.get_one(Deviation, found)


def list_entries(deviation_id: int, *, public_only: bool) -> list[EntryRow]:
    """Return the story, newest first; for the reporter only what is public."""
    statement = (
        select(
            DeviationEntry.id,
            DeviationEntry.at,
            DeviationEntry.kind,
            DeviationEntry.code,
            DeviationEntry.params,
            DeviationEntry.text,
            DeviationEntry.is_public,
            DeviationEntry.author_id,
            _AUTHOR.name,
            _LEADER.name,
        )
        .outerjoin(_AUTHOR, _AUTHOR.id == DeviationEntry.author_id)
        .outerjoin(_LEADER, _LEADER.id == DeviationEntry.on_behalf_of)
        .where(DeviationEntry.deviation_id == deviation_id)
        .order_by(DeviationEntry.id.desc())
    )
    if public_only:
        statement = statement.where(DeviationEntry.is_public)
    return [EntryRow(*row) for row in db.session.execute(statement)]


def list_actions(deviation_id: int) -> list[ActionRow]:
    """Return the corrective actions of a case, the nearest deadline first."""
    rows = db.session.execute(
        select(
            CorrectiveAction.id,
            CorrectiveAction.version,
            CorrectiveAction.what,
            CorrectiveAction.responsible_id,
            Person.name,
            CorrectiveAction.due_on,
            CorrectiveAction.state,
            CorrectiveAction.note,
            CorrectiveAction.effect,
        )
        .join(Person, Person.id == CorrectiveAction.responsible_id)
        .where(CorrectiveAction.deviation_id == deviation_id)
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
    )
    return [ActionRow(*row) for row in rows]


def list_files(deviation_id: int, *, public_only: bool) -> list[FileRow]:
    """Return the attached files in the order in which they came."""
    statement = (
        select(
            DeviationFile.id,
            StoredFile.name,
            StoredFile.size,
            DeviationFile.is_public,
            DeviationFile.created_by,
        )
        .join(StoredFile, StoredFile.id == DeviationFile.stored_file_id)
        .where(DeviationFile.deviation_id == deviation_id)
        .order_by(DeviationFile.id)
    )
    if public_only:
        statement = statement.where(DeviationFile.is_public)
    return [FileRow(*row) for row in db.session.execute(statement)]


def has_open_actions(deviation_id: int) -> bool:
    """Whether some action of the case is neither done nor dropped."""
    found = db.session.execute(
        select(CorrectiveAction.id)
        .where(
            CorrectiveAction.deviation_id == deviation_id,
            CorrectiveAction.state == ActionState.OPEN,
        )
        .limit(1)
    )
    return found.first() is not None


def _find_case(statement: Select[*tuple[Any, ...]], key: int) -> Case | None:
    row = db.session.execute(statement, {"key": key}).one_or_none()
    if row is None:
        return None
    deviation: Deviation = row[0]
    concerned, copied = _people_of(deviation.id)
    access = CaseAccess(
        state=deviation.state,
        unit_path=row.unit_path,
        line_path=row.line_path or NOWHERE,
        handler_path=row.handler_path or NOWHERE,
        handler_id=deviation.handler_id,
        handler_unit_id=deviation.handler_unit_id,
        climbed_unit_id=deviation.climbed_unit_id,
        reporter_id=deviation.reporter_id,
        concerned_ids=frozenset(concerned),
        copied_ids=frozenset(copied),
        duty_ids=frozenset(
            person_id for person_id, (_name, role) in copied.items() if role in DUTY_ROLES
        ),
        is_confidential=deviation.is_confidential,
    )
    return Case(
        deviation,
        access,
        row.unit_name,
        row.reporter_name or "",
        row.handler_name or "",
        concerned,
        copied,
    )


def _people_of(deviation_id: int) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """Return the concerned and the copied, with names, in one statement."""
    rows = read(_PEOPLE, deviation=deviation_id).all()
    return (
        {row[1]: row[2] for row in rows if not row[0]},
        {row[1]: (row[2], row[0]) for row in rows if row[0]},
    )
