"""Reads the register: every document that the viewer may see, narrowed and sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import True_

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow, AnySelect
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.models import Document, DocumentType, Revision
from intranet.library.queries.access import visible_to, worked_on_by
from intranet.people.models import Person, Unit

ON_PAGE = 25
MOST_COUNTED = 1000
MAX_WORDS = 6
_NEVER = date(9999, 12, 31)
_NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)

_Owner = aliased(Person)
_Approver = aliased(Person)
_Current = aliased(Revision)
_Working = aliased(Revision)


class Standing(StrEnum):
    """What the register is narrowed to by: in force, in the works, or withdrawn."""

    IN_FORCE = "gjelder"
    DRAFT = "utkast"
    HEARING = "horing"
    APPROVAL = "godkjenning"
    SCHEDULED = "kommer"
    WITHDRAWN = "trukket"


class Sort(StrEnum):
    """What the register is sorted by."""

    NUMBER = "nummer"
    TITLE = "tittel"
    VALID_FROM = "gyldig"
    REVIEW = "ses-over"
    OWNER = "eier"
    UNIT = "enhet"


_IN_THE_WORKS = {
    Standing.DRAFT: RevisionState.DRAFT,
    Standing.HEARING: RevisionState.HEARING,
    Standing.APPROVAL: RevisionState.APPROVAL,
    Standing.SCHEDULED: RevisionState.SCHEDULED,
}
# The id ends every key: it is the place where a page begins.
_KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.NUMBER: (Document.number_key,),
    Sort.TITLE: (func.lower(Document.title),),
    # Valid from the day on which it was published, to the moment.
    Sort.VALID_FROM: (func.coalesce(Document.published_at, _NOT_YET),),
    Sort.REVIEW: (func.coalesce(Document.review_on, _NEVER),),
    Sort.OWNER: (_Owner.name_key,),
    Sort.UNIT: (Unit.name,),
}
# Only the ids are sorted and cut; the columns that a page shows are read for its own rows.
_IDS: AnySelect = select(Document.id)
_IS_UNIT, _IS_OWNER = Unit.id == Document.unit_id, _Owner.id == Document.owner_id
_IS_UNOWNED = or_(~_Owner.is_directory_active, _Owner.is_blocked, ~Unit.is_active)
_IS_CURRENT = and_(_Current.document_id == Document.id, _Current.number == Document.current_version)
_IS_WORKING = and_(_Working.document_id == Document.id, _Working.number == Document.working_version)
_COLUMNS: AnySelect = (
    select(
        Document.id,
        Document.number,
        Document.title,
        Document.state,
        Document.current_version,
        Document.review_on,
        Document.owner_id,
        DocumentType.name.label("type_name"),
        Unit.name.label("unit_name"),
        Unit.is_active.label("is_unit_active"),
        _Owner.name.label("owner_name"),
        case((_IS_UNOWNED, True), else_=False).label("is_unowned"),
        _Current.valid_from,
        _Current.approver_id,
        _Approver.name.label("approver_name"),
    )
    .join(DocumentType, DocumentType.id == Document.type_id)
    .join(Unit, _IS_UNIT)
    .join(_Owner, _IS_OWNER)
    .outerjoin(_Current, _IS_CURRENT)
    .outerjoin(_Approver, _Approver.id == _Current.approver_id)
)


@dataclass(frozen=True)
class RegisterFilter:
    """What the register is narrowed to and sorted by; blank means all."""

    text: str = ""
    prefix: str = ""
    unit_id: int | None = None
    standing: Standing | None = None
    owner: str = ""
    is_overdue: bool = False
    is_unowned: bool = False
    sort: Sort = Sort.NUMBER
    is_descending: bool = False


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register, and the documents that its neighbours are asked for by."""

    rows: list[AnyRow]
    next: int | None
    previous: int | None


def list_register_for(
    viewer: Viewer, wanted: RegisterFilter, *, after: int | None = None, before: int | None = None
) -> RegisterPage:
    """Return the page after a document, the one before a document, or the first."""
    place = before or after
    backwards = before is not None
    scope, here = _scope_of(viewer), {}
    if place is not None:
        found = read(_place_statement(scope, wanted.sort), place=place).one_or_none()
        if found is None:
            return RegisterPage([], None, None)
        here = {f"key_{n}": value for n, value in enumerate(found)}
    statement = _page_statement(scope, wanted, today(), backwards, place is not None, ON_PAGE + 1)
    rows = list(read(statement, **here).all())
    has_more, rows = len(rows) > ON_PAGE, rows[:ON_PAGE]
    if not rows:
        return RegisterPage([], None, None)
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, has_more) if backwards else (has_more, place is not None)
    return RegisterPage(
        rows, rows[-1].id if has_next else None, rows[0].id if has_previous else None
    )


def list_whole_register_for(viewer: Viewer, wanted: RegisterFilter) -> list[AnyRow]:
    """Return every row that the filter finds, in its order: what is taken out as a file."""
    ids = _found(viewer, wanted, today())
    return list(read(_ordered(_shown(viewer, ids), wanted, backwards=False)).all())


def count_register_for(viewer: Viewer, wanted: RegisterFilter) -> int:
    """Return how many documents the filter finds, at most `MOST_COUNTED`."""
    statement = _count_statement(_scope_of(viewer), _unsorted(wanted), today())
    return int(read(statement).scalar_one())


def _scope_of(viewer: Viewer) -> Viewer:
    """Return what of the viewer decides what is seen: statements are kept by it."""
    return Viewer(id=viewer.id, name="", roles=viewer.roles, led=viewer.led)


def _unsorted(wanted: RegisterFilter) -> RegisterFilter:
    return replace(wanted, sort=Sort.NUMBER, is_descending=False)


# The same statements come again and again, and cost more to build than to run.
@lru_cache(maxsize=128)
def _page_statement(
    scope: Viewer, wanted: RegisterFilter, day: date, backwards: bool, has_place: bool, most: int
) -> AnySelect:
    ids = _found(scope, wanted, day)
    if has_place:
        keys = (*_KEYS[wanted.sort], Document.id)
        mark = tuple_(*(bindparam(f"key_{n}", type_=key.type) for n, key in enumerate(keys)))
        is_downwards = wanted.is_descending != backwards
        ids = ids.where(tuple_(*keys) < mark if is_downwards else tuple_(*keys) > mark)
    ids = _ordered(ids, wanted, backwards=backwards).limit(most)
    return _ordered(_shown(scope, ids), wanted, backwards=backwards)


@lru_cache(maxsize=128)
def _count_statement(scope: Viewer, wanted: RegisterFilter, day: date) -> AnySelect:
    found = _found(scope, wanted, day).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found)


@lru_cache(maxsize=128)
def _place_statement(scope: Viewer, sort: Sort) -> AnySelect:
    """Return the key of a document, which must be one that the viewer sees."""
    keys = (*_KEYS[sort], Document.id)
    named = [key.label(f"key_{n}") for n, key in enumerate(keys)]
    here = select(*named).select_from(Document).join(Unit, _IS_UNIT).join(_Owner, _IS_OWNER)
    return here.where(visible_to(scope), Document.id == bindparam("place"))


def _found(viewer: Viewer, wanted: RegisterFilter, day: date) -> AnySelect:
    statement = _joined(viewer, wanted)
    if wanted.prefix:
        kind = select(DocumentType.id).where(DocumentType.prefix == wanted.prefix)
        statement = statement.where(Document.type_id == kind.scalar_subquery())
    if wanted.unit_id is not None:
        statement = statement.where(Unit.path.contains(f"/{wanted.unit_id}/", autoescape=True))
    if wanted.is_overdue:
        statement = statement.where(
            Document.state == DocumentState.PUBLISHED, Document.review_on < day
        )
    if wanted.is_unowned:
        statement = statement.where(_IS_UNOWNED, Document.state != DocumentState.WITHDRAWN)
    for word in wanted.text.split()[:MAX_WORDS]:
        statement = statement.where(Document.search_key.contains(word.casefold(), autoescape=True))
    for word in wanted.owner.split()[:MAX_WORDS]:
        statement = statement.where(_Owner.name_key.contains(word.casefold(), autoescape=True))
    return _standing(viewer, statement, wanted.standing)


def _joined(viewer: Viewer, wanted: RegisterFilter) -> AnySelect:
    """Return the ids that the viewer sees, joined with what is asked about: each join costs."""
    is_visible = visible_to(viewer)
    statement = _IDS
    asks_unit = wanted.unit_id is not None or wanted.sort is Sort.UNIT
    if asks_unit or wanted.is_unowned or not isinstance(is_visible, True_):
        statement = statement.join(Unit, _IS_UNIT)
    if wanted.owner or wanted.is_unowned or wanted.sort is Sort.OWNER:
        statement = statement.join(_Owner, _IS_OWNER)
    return statement.where(is_visible)


def _standing(viewer: Viewer, statement: AnySelect, standing: Standing | None) -> AnySelect:
    if standing is None:
        return statement
    if standing in _IN_THE_WORKS:
        return statement.join(_Working, _IS_WORKING).where(
            _Working.state == _IN_THE_WORKS[standing], worked_on_by(viewer)
        )
    states = {
        Standing.IN_FORCE: DocumentState.PUBLISHED,
        Standing.WITHDRAWN: DocumentState.WITHDRAWN,
    }
    return statement.where(Document.state == states[standing])


def _ordered(statement: AnySelect, wanted: RegisterFilter, *, backwards: bool) -> AnySelect:
    keys = (*_KEYS[wanted.sort], Document.id)
    downwards = wanted.is_descending != backwards
    return statement.order_by(*(key.desc() if downwards else key.asc() for key in keys))


def _shown(viewer: Viewer, ids: AnySelect) -> AnySelect:
    """Return the columns of the found documents; the works only where the viewer works."""
    found = ids.subquery()
    return (
        _COLUMNS.join(found, found.c.id == Document.id)
        .outerjoin(_Working, and_(_IS_WORKING, worked_on_by(viewer)))
        .add_columns(
            _Working.number.label("working_version"), _Working.state.label("working_state")
        )
    )
