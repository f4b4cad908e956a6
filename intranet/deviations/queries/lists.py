"""Lists of cases, always under `visible_to`: the reporter's own, the desk, the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.paging import PAGE_SIZE, Page
from intranet.deviations.headline import headline
from intranet.deviations.models import Deviation, DeviationDraft
from intranet.deviations.numbers import find_number
from intranet.deviations.queries.visibility import handled_by, not_excluded, visible_to
from intranet.deviations.severity import Category, Severity
from intranet.deviations.workflow import OPEN_STATES, DeviationState, is_overdue
from intranet.extensions import db
from intranet.people.models import Person, Unit

_HANDLER = aliased(Person)
_FAR = date(9999, 1, 1)
# Enough of the text to find the headline in.
_START = 240
_OPEN = Deviation.state.in_(sorted(OPEN_STATES))


@dataclass(frozen=True)
class DeviationRow:
    """A case as lists show it."""

    number: int
    start: str
    unit_name: str
    state: DeviationState
    severity_rank: int
    category: Category | None
    reported_at: datetime
    due_on: date | None
    deadline_kind: str | None
    handler_id: int | None
    handler_name: str | None
    handler_unit_id: int | None
    level: int

    @property
    def headline(self) -> str:
        """The line that names the case."""
        return headline(self.start)

    @property
    def severity(self) -> Severity:
        """The severity that the case has now."""
        return Severity.of_rank(self.severity_rank)

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline that runs has passed."""
        return is_overdue(self.due_on, today())


@dataclass(frozen=True)
class DeskFilter:
    """What the desk shows; every part is in the address, so that it can be kept and sent."""

    show: str = "mine"
    severity: Severity | None = None
    category: Category | None = None
    unit_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class SectorRow:
    """One sector's open cases in numbers."""

    unit_id: int
    name: str
    open: int
    critical: int
    overdue: int
    climbed: int
    unassigned: int


_ROW = (
    select(
        Deviation.number,
        func.substr(Deviation.what, 1, _START),
        Unit.name,
        Deviation.state,
        Deviation.severity_rank,
        Deviation.category,
        Deviation.reported_at,
        Deviation.due_on,
        Deviation.deadline_kind,
        Deviation.handler_id,
        _HANDLER.name,
        Deviation.handler_unit_id,
        Deviation.level,
    )
    .join(Unit, Unit.id == Deviation.unit_id)
    .outerjoin(_HANDLER, _HANDLER.id == Deviation.handler_id)
)


def list_own(viewer: Viewer, before: int | None = None) -> Page[DeviationRow]:
    """Return what the viewer has reported, newest first."""
    statement = _ROW.where(Deviation.reporter_id == viewer.id)
    return _newest_first(statement, before)


def list_desk(viewer: Viewer, wanted: DeskFilter, after: str | None = None) -> Page[DeviationRow]:
    """Return the page of the desk: of open cases the unassigned and the most overdue first."""
    statement = _ROW.where(visible_to(viewer), *_conditions(viewer, wanted))
    if wanted.show == "lukket":
        return _newest_first(statement, _number_of(after))
    unassigned_last = case((Deviation.handler_id.is_(None), 0), else_=1)
    due_on = func.coalesce(Deviation.due_on, _FAR, type_=Deviation.due_on.type)
    place = _place_of(after)
    if place is not None:
        rank, day, number = place
        statement = statement.where(
            or_(
                unassigned_last > rank,
                and_(unassigned_last == rank, due_on > day),
                and_(unassigned_last == rank, due_on == day, Deviation.number > number),
            )
        )
    statement = statement.order_by(unassigned_last, due_on, Deviation.number)
    return _page(statement, _place_key)


def count_desk(viewer: Viewer) -> dict[str, int]:
    """Return how many open cases are the viewer's, overdue, and without a handler."""
    mine = and_(not_excluded(viewer), handled_by(viewer))
    row = db.session.execute(
        select(
            func.count(case((mine, 1))).label("mine"),
            func.count(case((Deviation.due_on < today(), 1))).label("over-frist"),
            func.count(case((Deviation.handler_id.is_(None), 1))).label("uten-ansvarlig"),
            func.count().label("alle"),
        ).where(_OPEN, visible_to(viewer))
    ).one()
    return dict(row._mapping)


def list_desk_units(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the units below those that the viewer leads, for the filter of the desk."""
    if not viewer.led:
        return []
    below = or_(*[Unit.path.startswith(led.path, autoescape=True) for led in viewer.led])
    rows = db.session.execute(
        select(Unit.id, Unit.name).where(below, Unit.is_active).order_by(Unit.path)
    )
    return [(row[0], row[1]) for row in rows]


def list_alarming(viewer: Viewer) -> list[DeviationRow]:
    """Return open cases that are critical, have climbed or have nobody, the gravest first."""
    alarming = or_(
        Deviation.severity_rank == Severity.CRITICAL.rank,
        Deviation.level > 0,
        Deviation.handler_id.is_(None),
    )
    statement = (
        _ROW.where(visible_to(viewer), _OPEN, alarming)
        .order_by(Deviation.severity_rank.desc(), Deviation.due_on, Deviation.number)
        .limit(2 * PAGE_SIZE)
    )
    return [DeviationRow(*row) for row in db.session.execute(statement)]


def count_by_sector(viewer: Viewer) -> list[SectorRow]:
    """Return the open cases that the viewer may see, counted by sector; also sectors with none."""
    sector = aliased(Unit)
    cases = (
        select(Unit.path.label("path"), Deviation.severity_rank.label("rank"), Deviation.due_on)
        .add_columns(Deviation.level, Deviation.handler_id)
        .join(Unit, Unit.id == Deviation.unit_id)
        .where(_OPEN, visible_to(viewer))
        .subquery()
    )
    rows = db.session.execute(
        select(
            sector.id,
            sector.name,
            func.count(cases.c.path),
            func.count(case((cases.c.rank == Severity.CRITICAL.rank, 1))),
            func.count(case((cases.c.due_on < today(), 1))),
            func.count(case((cases.c.level > 0, 1))),
            func.count(case((and_(cases.c.path.is_not(None), cases.c.handler_id.is_(None)), 1))),
        )
        .outerjoin(cases, cases.c.path.like(sector.path.concat("%")))
        .where(sector.level == "sector", sector.is_active)
        .group_by(sector.id, sector.name)
        .order_by(sector.name)
    )
    return [SectorRow(*row) for row in rows]


def find_draft(viewer: Viewer) -> DeviationDraft | None:
    """Return what the viewer has begun to write, or None."""
    return db.session.get(DeviationDraft, viewer.id)


def _conditions(viewer: Viewer, wanted: DeskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Deviation.state.not_in(sorted(OPEN_STATES)) if wanted.show == "lukket" else _OPEN
    ]
    if wanted.show == "mine":
        found += [not_excluded(viewer), handled_by(viewer)]
    elif wanted.show == "over-frist":
        found.append(Deviation.due_on < today())
    elif wanted.show == "uten-ansvarlig":
        found.append(Deviation.handler_id.is_(None))
    if wanted.severity is not None:
        found.append(Deviation.severity_rank == wanted.severity.rank)
    if wanted.category is not None:
        found.append(Deviation.category == wanted.category)
    if wanted.unit_id is not None:
        below = select(Unit.id).where(Unit.path.contains(f"/{wanted.unit_id}/"))
        found.append(Deviation.unit_id.in_(below))
    if wanted.text:
        found.append(_with_text(wanted.text))
    return found


def _with_text(text: str) -> ColumnElement[bool]:
    """Every word somewhere in the texts, or the number itself; a percent sign is a percent sign."""
    number = find_number(text)
    if number is not None:
        return Deviation.number == number
    words = text.casefold().split()[:8]
    return and_(*[Deviation.text_key.contains(word, autoescape=True) for word in words])


def _newest_first(statement: Select[Any], before: int | None) -> Page[DeviationRow]:
    if before is not None:
        statement = statement.where(Deviation.number < before)
    return _page(statement.order_by(Deviation.number.desc()), lambda row: str(row.number))


def _page(statement: Select[Any], key: Any) -> Page[DeviationRow]:
    rows = db.session.execute(statement.limit(PAGE_SIZE + 1))
    return Page.of([DeviationRow(*row) for row in rows], key)


def _place_key(row: DeviationRow) -> str:
    """The place of a row in the desk's order, for the address of the next page."""
    rank = 0 if row.handler_id is None else 1
    return f"{rank}_{row.due_on or _FAR}_{row.number}"


def _place_of(key: str | None) -> tuple[int, date, int] | None:
    """Read `_place_key` back; None for what nobody but somebody's experiment would write."""
    try:
        rank, day, number = (key or "").split("_")
        place = int(rank), date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return place if 0 <= place[0] <= 1 and 0 < place[2] < 2**62 else None


def _number_of(key: str | None) -> int | None:
    is_number = key is not None and key.isascii() and key.isdigit() and len(key) < 18
    return int(key) if is_number and key else None
