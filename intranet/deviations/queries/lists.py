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
from intranet.deviations.queries.causes import has_cause
from intranet.deviations.queries.visibility import (
    handled_by,
    handled_for_others,
    not_excluded,
    reached_from,
    rejected_below,
    visible_to,
)
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import DeviationState, is_overdue
from intranet.extensions import db
from intranet.people.models import Person, Unit

_HANDLER = aliased(Person)
# Enough of the text to find the headline in.
_START = 240
# An ended case has no place on the desk. A range, because SQLite seeks in no index by IS NOT NULL.
_OPEN = Deviation.desk_on >= date.min
# Whoever has more than this, has many.
MOST_COUNTED = 100
COUNTED_TABS = ("mine", "stedfortreder", "over-frist", "uten-ansvarlig", "avvist")
# The tabs that hold ended cases, the newest first.
ENDED_TABS = frozenset({"avvist", "lukket"})


@dataclass(frozen=True)
class DeviationRow:
    """A case as lists show it."""

    number: int
    version: int
    start: str
    unit_name: str
    state: DeviationState
    severity_rank: int
    category: str | None
    reported_at: datetime
    due_on: date | None
    deadline_kind: str | None
    handler_id: int | None
    handler_name: str | None
    handler_unit_id: int | None
    level: int
    desk_on: date | None

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
    state: DeviationState | None = None
    is_overdue: bool = False
    severity: Severity | None = None
    category: str | None = None
    cause_id: int | None = None
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


ROW = (
    select(
        Deviation.number,
        Deviation.version,
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
        Deviation.desk_on,
    )
    .join(Unit, Unit.id == Deviation.unit_id)
    .outerjoin(_HANDLER, _HANDLER.id == Deviation.handler_id)
)


def list_own(viewer: Viewer, before: int | None = None) -> Page[DeviationRow]:
    """Return what the viewer has reported, newest first."""
    statement = ROW.where(Deviation.reporter_id == viewer.id)
    return _newest_first(statement, before)


def list_desk(viewer: Viewer, wanted: DeskFilter, after: str | None = None) -> Page[DeviationRow]:
    """Return the page of the desk: of open cases the unassigned and the most overdue first."""
    if wanted.show not in _tabs_of(viewer) and wanted.show in COUNTED_TABS:
        return Page.of([], _place_key)
    statement = ROW.where(visible_to(viewer), *_conditions(viewer, wanted))
    if wanted.show in ENDED_TABS:
        return _newest_first(statement, _number_of(after))
    place = _place_of(after)
    if place is not None:
        day, number = place
        later = and_(Deviation.desk_on == day, Deviation.number > number)
        statement = statement.where(or_(Deviation.desk_on > day, later))
    statement = statement.order_by(Deviation.desk_on, Deviation.number)
    return _page(statement, _place_key)


def count_desk(viewer: Viewer) -> dict[str, int]:
    """Return how many cases the tabs hold, at most `MOST_COUNTED`; to count all walks all open."""
    tabs = _tabs_of(viewer)
    counts = []
    for show in tabs:
        conditions = _conditions(viewer, DeskFilter(show=show))
        found = select(Deviation.id).where(visible_to(viewer), *conditions).limit(MOST_COUNTED)
        counts.append(select(func.count()).select_from(found.subquery()).scalar_subquery())
    found_counts = db.session.execute(select(*counts)).one()
    return dict.fromkeys(COUNTED_TABS, 0) | dict(zip(tabs, found_counts, strict=True))


def count_filtered(viewer: Viewer, wanted: DeskFilter) -> int:
    """Return how many cases the filter finds, at most `MOST_COUNTED`."""
    conditions = _conditions(viewer, wanted)
    found = select(Deviation.id).where(visible_to(viewer), *conditions).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


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
        ROW.where(visible_to(viewer), _OPEN, alarming)
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


def _tabs_of(viewer: Viewer) -> list[str]:
    """Return the counted tabs that can hold anything for the viewer."""
    may_hold = {"stedfortreder": bool(viewer.stands_in_for), "avvist": viewer.is_leader}
    return [show for show in COUNTED_TABS if may_hold.get(show, True)]


def _conditions(viewer: Viewer, wanted: DeskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.show not in ENDED_TABS:
        found.append(_OPEN)
    elif wanted.show == "lukket":
        found.append(Deviation.desk_on.is_(None))
    if wanted.show == "mine":
        found += [not_excluded(viewer), handled_by(viewer)]
    elif wanted.show == "stedfortreder":
        found += [not_excluded(viewer), handled_for_others(viewer)]
    elif wanted.show == "avvist":
        found += rejected_below(viewer)
    elif wanted.show == "over-frist":
        found += [*_overdue(), *reached_from(viewer, today())]
    elif wanted.show == "uten-ansvarlig":
        # The place of just those who have nobody, see `desk_day`.
        found += [Deviation.desk_on <= date.min, *reached_from(viewer, date.min)]
    elif wanted.show == "alle":
        found += reached_from(viewer, date.max)
    if wanted.state is not None:
        found.append(Deviation.state == wanted.state)
    if wanted.is_overdue:
        found += _overdue()
    if wanted.severity is not None:
        found.append(Deviation.severity_rank == wanted.severity.rank)
    if wanted.category is not None:
        found.append(Deviation.category == wanted.category)
    if wanted.cause_id is not None:
        found.append(has_cause(wanted.cause_id))
    if wanted.unit_id is not None:
        below = select(Unit.id).where(Unit.path.contains(f"/{wanted.unit_id}/"))
        found.append(Deviation.unit_id.in_(below))
    if wanted.text:
        found.append(_with_text(wanted.text))
    return found


def _overdue() -> list[ColumnElement[bool]]:
    """Past the deadline; those stand first on the desk, so that the index ends the search."""
    return [Deviation.due_on < today(), Deviation.desk_on < today()]


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
    return f"{row.desk_on}_{row.number}"


def _place_of(key: str | None) -> tuple[date, int] | None:
    """Read `_place_key` back; None for what nobody but somebody's experiment would write."""
    try:
        day, number = (key or "").split("_")
        place = date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return place if 0 < place[1] < 2**62 else None


def _number_of(key: str | None) -> int | None:
    is_number = key is not None and key.isascii() and key.isdigit() and len(key) < 18
    return int(key) if is_number and key else None
