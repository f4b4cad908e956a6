"""Reads of vacancies: columns, not objects, and only what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.keyset import KeysetPage, PageRequest, fetch_page
from intranet.core.models import UtcDateTime
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.queries.units import UnitRow, list_units
from intranet.vacancies.deadline import Openness, VacancyState, openness
from intranet.vacancies.models import Vacancy, VacancyAnnouncement
from intranet.vacancies.policy import can_edit_vacancy

PAGE_SIZE = 30
# The databases' integers end here.
LARGEST_ID = 2**31 - 1

_LIST = select(
    Vacancy.id,
    Vacancy.title,
    Vacancy.percentage_hundredths,
    Vacancy.terms,
    Vacancy.workplace,
    Vacancy.deadline_at,
    Unit.name.label("unit_name"),
).join(Unit, Unit.id == Vacancy.unit_id)
_Contact = aliased(Person)
_Publisher = aliased(Person)
_PAGE = (
    select(
        *Vacancy.__table__.columns,
        Unit.name.label("unit_name"),
        Unit.path.label("unit_path"),
        _Contact.name.label("contact_name"),
        _Contact.username.label("contact_username"),
        _Contact.title.label("contact_title"),
        _Contact.phone.label("contact_phone"),
        _Contact.mobile.label("contact_mobile"),
        _Contact.email.label("contact_email"),
        _Publisher.name.label("publisher_name"),
    )
    .join(Unit, Unit.id == Vacancy.unit_id)
    .outerjoin(_Contact, _Contact.id == Vacancy.contact_id)
    .outerjoin(_Publisher, _Publisher.id == Vacancy.published_by)
)


@dataclass(frozen=True)
class VacancyPage:
    """One vacancy as its page shows it to this viewer."""

    row: AnyRow
    openness: Openness
    can_edit: bool

    def __getattr__(self, name: str) -> Any:
        """Give the vacancy's own columns, so that templates read `vacancy.title`."""
        return getattr(self.row, name)

    @property
    def percentage(self) -> Decimal:
        """Per cent of a full post."""
        return Decimal(self.row.percentage_hundredths) / 100


def is_open(at: Any) -> ColumnElement[bool]:
    """The SQL twin of `openness(...) is Openness.OPEN`."""
    return and_(Vacancy.state == VacancyState.PUBLISHED, Vacancy.deadline_at > at)


def editable_by(viewer: Viewer) -> ColumnElement[bool]:
    """The SQL twin of `can_edit_vacancy`; the select must have joined the unit."""
    hired_for = {unit_id for role, unit_id in viewer.roles if role is Role.HR}
    if None in hired_for:
        return true()
    return or_(
        *(Unit.path.startswith(led.path) for led in viewer.led),
        *(Unit.path.contains(f"/{unit_id}/") for unit_id in hired_for),
        Vacancy.id < 0,
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The SQL twin of `can_read_vacancy`; the select must have joined the unit."""
    return or_(
        Vacancy.state == VacancyState.PUBLISHED,
        and_(Vacancy.state == VacancyState.WITHDRAWN, Vacancy.published_at.is_not(None)),
        editable_by(viewer),
    )


def list_open_page(viewer: Viewer, wanted: PageRequest) -> KeysetPage:
    """Return a page of open vacancies, the nearest deadline first."""
    statement = _LIST.where(is_open(now()), visible_to(viewer))
    return fetch_page(
        statement, (Vacancy.deadline_at, Vacancy.id), wanted, size=PAGE_SIZE, ascending=True
    )


def list_closed_page(viewer: Viewer, wanted: PageRequest) -> KeysetPage:
    """Return a page of vacancies whose deadline has passed, the last closed first."""
    # One upper bound, the nearest: SQLite seeks in the index by one only.
    is_deep = wanted.after is not None and wanted.before is None
    latest = min(now(), wanted.after.at) if wanted.after and is_deep else now()
    statement = _LIST.where(
        Vacancy.state == VacancyState.PUBLISHED, Vacancy.deadline_at <= latest, visible_to(viewer)
    )
    return fetch_page(statement, (Vacancy.deadline_at, Vacancy.id), wanted, size=PAGE_SIZE)


# What is open is published, and what is published everybody may read.
_OPEN = (
    _LIST.where(is_open(bindparam("at", type_=UtcDateTime)))
    .order_by(Vacancy.deadline_at, Vacancy.id)
    .limit(bindparam("most"))
)


def list_open_vacancies(limit: int = 6) -> list[AnyRow]:
    """Return the open vacancies that close first; columns of `list_open_page`."""
    return list(read(_OPEN, at=now(), most=limit).all())


def list_drafts_for(viewer: Viewer, limit: int = 50) -> list[AnyRow]:
    """Return the drafts that the viewer may edit, last changed first."""
    return list(
        db.session.execute(
            select(Vacancy.id, Vacancy.title, Vacancy.changed_at, Unit.name.label("unit_name"))
            .join(Unit, Unit.id == Vacancy.unit_id)
            .where(Vacancy.state == VacancyState.DRAFT, editable_by(viewer))
            .order_by(Vacancy.changed_at.desc(), Vacancy.id.desc())
            .limit(limit)
        )
    )


def get_vacancy_for(viewer: Viewer, vacancy_id: int) -> VacancyPage:
    """Return the vacancy with its unit and contact in one select. Raises NotFound."""
    statement = _PAGE.where(Vacancy.id == vacancy_id, visible_to(viewer))
    row = db.session.execute(statement).one_or_none() if vacancy_id <= LARGEST_ID else None
    if row is None:
        raise _no_such_vacancy()
    return VacancyPage(
        row,
        openness(row.state, row.deadline_at, now()),
        can_edit_vacancy(viewer, row.unit_path),
    )


def get_vacancy(vacancy_id: int) -> Vacancy:
    """Return the row for an action; the caller has asked `get_vacancy_for`. Raises NotFound."""
    found = db.session.get(Vacancy, vacancy_id) if vacancy_id <= LARGEST_ID else None
    if found is None:
        raise _no_such_vacancy()
    return found


def find_vacancy_by_key(send_key: str) -> Vacancy | None:
    """Return the vacancy that this sending of the form has already made, or None."""
    return db.session.execute(
        select(Vacancy).where(Vacancy.send_key == send_key)
    ).scalar_one_or_none()


def list_announcements(vacancy_id: int) -> list[AnyRow]:
    """Return the proof of announcement, newest first."""
    return list(
        db.session.execute(
            select(
                VacancyAnnouncement.announced_at,
                VacancyAnnouncement.audience,
                VacancyAnnouncement.recipient_count,
                VacancyAnnouncement.deadline_at,
                Person.name.label("announced_by_name"),
            )
            .outerjoin(Person, Person.id == VacancyAnnouncement.announced_by)
            .where(VacancyAnnouncement.vacancy_id == vacancy_id)
            .order_by(VacancyAnnouncement.id.desc())
            .limit(20)
        )
    )


def count_employees() -> int:
    """Return how many persons can log in now, which is who an announcement reaches."""
    return db.session.execute(
        select(func.count(Person.id)).where(Person.is_directory_active, ~Person.is_blocked)
    ).scalar_one()


def find_contact(typed: str) -> int | None:
    """Return the one active person with this user name, e-mail address or full name, or None."""
    wanted = typed.strip().casefold()
    found = db.session.execute(
        select(Person.id)
        .where(
            or_(
                Person.username_key == wanted,
                func.lower(Person.email) == wanted,
                Person.name_key == wanted,
            ),
            Person.is_directory_active,
            ~Person.is_blocked,
        )
        .limit(2)
    ).scalars()
    ids = set(found)
    return ids.pop() if len(ids) == 1 else None


def list_editable_units(viewer: Viewer) -> list[UnitRow]:
    """Return the units whose vacancies the viewer may announce, in reading order."""
    return [unit for unit in list_units() if can_edit_vacancy(viewer, unit.path)]


def _no_such_vacancy() -> NotFound:
    return NotFound(_("Vi finner ikke denne stillingen."))
