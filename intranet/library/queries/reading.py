"""Reads about read receipts: what a person is asked, and who has read and who has not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.core.paging import Page
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.library import policy
from intranet.library.lifecycle import DocumentState
from intranet.library.queries.documents import DocumentPage
from intranet.library.queries.readers import asks_me, have_confirmed, my_values, required_readers
from intranet.library.reading_models import ReadingRequest, ReadingRule, ReadReceipt
from intranet.people.models import Person, Unit
from intranet.people.reading import Coverage

ON_PAGE = 50
_ME = bindparam("me", type_=Integer)
_THIS = bindparam("document", type_=Integer)
_HOME = aliased(Unit)
_MINE = select(
    select(func.min(ReadingRule.days))
    .where(ReadingRule.document_id == _THIS, asks_me())
    .scalar_subquery()
    .label("days"),
    exists(select(ReadingRule.id).where(ReadingRule.document_id == _THIS)).label("has_rules"),
    select(func.max(ReadReceipt.revision_number))
    .where(ReadReceipt.document_id == _THIS, ReadReceipt.person_id == _ME)
    .scalar_subquery()
    .label("confirmed_revision"),
    select(func.max(ReadReceipt.confirmed_at))
    .where(ReadReceipt.document_id == _THIS, ReadReceipt.person_id == _ME)
    .scalar_subquery()
    .label("confirmed_at"),
    select(ReadingRequest.due_on)
    .where(
        ReadingRequest.document_id == _THIS,
        ReadingRequest.person_id == _ME,
        ReadingRequest.revision_number == bindparam("significant", type_=Integer),
    )
    .scalar_subquery()
    .label("due_on"),
)
_REQUIRED = required_readers(_THIS)
_READERS: Any = (
    select(_REQUIRED.c.person_id)
    .join(Person, Person.id == _REQUIRED.c.person_id)
    .outerjoin(_HOME, _HOME.id == Person.home_unit_id)
)
_COVERAGE = (
    _READERS.with_only_columns(
        _HOME.id,
        _HOME.name,
        _HOME.path,
        func.count().label("required"),
        func.sum(case((have_confirmed(Person.id), 1), else_=0)).label("confirmed"),
        maintain_column_froms=True,
    )
    .group_by(_HOME.id, _HOME.name, _HOME.path)
    .order_by(_HOME.path)
)
_NAMED = _READERS.with_only_columns(
    Person.id, Person.name, _HOME.name.label("unit_name"), maintain_column_froms=True
).order_by(Person.name_key, Person.id)
_MISSING = (
    _NAMED.add_columns(ReadingRequest.due_on)
    .outerjoin(
        ReadingRequest,
        and_(
            ReadingRequest.document_id == _THIS,
            ReadingRequest.person_id == Person.id,
            ReadingRequest.revision_number == bindparam("significant", type_=Integer),
        ),
    )
    .where(not_(have_confirmed(Person.id)))
)
_DONE = _NAMED.add_columns(
    select(func.max(ReadReceipt.confirmed_at))
    .where(ReadReceipt.document_id == _THIS, ReadReceipt.person_id == Person.id)
    .scalar_subquery()
    .label("confirmed_at")
).where(have_confirmed(Person.id))


@dataclass(frozen=True)
class MyReading:
    """What a document asks of the person who looks at it."""

    is_required: bool
    is_asked: bool
    has_rules: bool
    due_on: date | None = None
    confirmed_revision: int | None = None
    confirmed_at: datetime | None = None


def find_my_reading(viewer: Viewer, document: Any) -> MyReading:
    """Return what the document asks of the viewer. `document`: a row, or a page of it.

    The deadline is that of the request; who has not been sent one yet gets the days from today.
    """
    row = read(
        _MINE, document=document.id, significant=document.significant_version, **my_values(viewer)
    ).one()
    is_required = row.days is not None and policy.asks_readers(DocumentState(document.state))
    significant = document.significant_version
    has = row.confirmed_revision is not None and row.confirmed_revision >= (significant or 0)
    is_asked = is_required and significant is not None and not has
    due_on = row.due_on or today() + timedelta(days=row.days or 0)
    return MyReading(
        is_required,
        is_asked,
        bool(row.has_rules),
        due_on if is_asked else None,
        row.confirmed_revision,
        row.confirmed_at,
    )


def list_rules(document_id: int) -> list[AnyRow]:
    """Return who must read the document, oldest rule first."""
    return list(
        db.session.execute(
            select(*ReadingRule.__table__.columns, Unit.name.label("unit_name"))
            .join(Unit, Unit.id == ReadingRule.unit_id)
            .where(ReadingRule.document_id == document_id)
            .order_by(ReadingRule.id)
        )
    )


def list_titles() -> list[str]:
    """Return the titles that people who work here have, for choosing among them."""
    statement = (
        select(Person.title)
        .where(Person.is_directory_active, ~Person.is_blocked, Person.title != "")
        .distinct()
        .order_by(Person.title)
        .limit(500)
    )
    return list(db.session.execute(statement).scalars())


def list_coverage_for(viewer: Viewer, document: DocumentPage) -> Coverage:
    """Return how far the reading has come, by the readers' home units, in the units' order.

    Only of readers whom the viewer may see. One select, however many they are.
    """
    return Coverage.of(read(_COVERAGE.where(_seen_by(viewer, document)), **_values(document)))


def list_readers_for(
    viewer: Viewer, document: DocumentPage, *, has_read: bool, unit_id: int | None, after: int
) -> Page[AnyRow]:
    """Return a page of those who have read, or of those who are missing, by name.

    `unit_id` narrows to a home unit, `after` is the last person of the page before, or 0.
    """
    statement = (_DONE if has_read else _MISSING).where(_seen_by(viewer, document))
    if unit_id is not None:
        statement = statement.where(_HOME.id == unit_id)
    if after:
        last = select(Person.name_key).where(Person.id == after).scalar_subquery()
        statement = statement.where(
            or_(Person.name_key > last, and_(Person.name_key == last, Person.id > after))
        )
    rows = list(read(statement.limit(ON_PAGE + 1), **_values(document)))
    return Page.of(rows, lambda row: str(row.id), ON_PAGE)


def _values(document: DocumentPage) -> dict[str, Any]:
    significant = document.significant_version or 0
    return {"document": document.id, "significant": significant, "day": today()}


def _seen_by(viewer: Viewer, document: DocumentPage) -> ColumnElement[bool]:
    """Twin of `policy.can_see_reader`, for a select with the reader's home unit as `_HOME`."""
    if policy.sees_all_readers(viewer, document.facts):
        return true()
    advised = [unit_id for role, unit_id in viewer.roles if role == Role.QUALITY_ADVISER]
    return or_(
        *[_HOME.path.startswith(led.path, autoescape=True) for led in viewer.led],
        *[_HOME.path.contains(f"/{unit_id}/", autoescape=True) for unit_id in advised],
        false(),
    )
