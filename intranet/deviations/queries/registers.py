"""Reads the registers that the law demands: injuries at work, and breaches of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.paging import PAGE_SIZE, Page
from intranet.deviations.clock_models import DeviationDetails, StatutoryClock
from intranet.deviations.models import Deviation
from intranet.deviations.queries.visibility import not_excluded
from intranet.deviations.types import Kind
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from intranet.people.models import Unit

_INJURY_ROLES = (
    Role.SAFETY_REPRESENTATIVE,
    Role.CHIEF_SAFETY_REPRESENTATIVE,
    Role.OCCUPATIONAL_HEALTH,
    Role.WORK_ENVIRONMENT_COMMITTEE,
    Role.HR,
)
_LEFT_OUT = (DeviationState.REJECTED, DeviationState.WITHDRAWN)
_COUNTS = Deviation.state.not_in(_LEFT_OUT)
_MAIN, _MAIN_CASE = aliased(DeviationDetails), aliased(Deviation)


@dataclass(frozen=True)
class RegisterRow:
    """One case in a register: never who reported it, and no text but what was written for it."""

    number: int
    happened_at: datetime
    state: DeviationState
    unit_name: str
    answers: dict[str, str]
    aware_at: datetime | None = None
    clock_state: str | None = None
    met_at: datetime | None = None
    reason: str = ""
    reference: str = ""


def list_injuries(viewer: Viewer, before: int | None = None) -> Page[RegisterRow]:
    """Return the injuries of the units that the viewer's role covers, newest first.

    Without medical facts and names (arbeidsmiljøloven § 5-1 second paragraph), and without cases
    that concern the viewer.
    """
    return _page(viewer, Kind.WORK_INJURY, _held_for(viewer, _INJURY_ROLES), "", before)


def list_breaches(viewer: Viewer, before: int | None = None) -> Page[RegisterRow]:
    """Return the breaches with their facts, effects, remedies and what came of the 72 hours."""
    held = _held_for(viewer, (Role.DATA_PROTECTION_OFFICER,))
    return _page(viewer, Kind.DATA_BREACH, held, "data_breach", before)


def _page(
    viewer: Viewer, kind: Kind, held: ColumnElement[bool], key: str, before: int | None
) -> Page[RegisterRow]:
    statement: Any = (
        select(
            Deviation.number,
            Deviation.happened_at,
            Deviation.state,
            Unit.name,
            DeviationDetails.answers,
            StatutoryClock.started_at,
            StatutoryClock.state,
            StatutoryClock.met_at,
            StatutoryClock.reason,
            StatutoryClock.reference,
        )
        .join(DeviationDetails, DeviationDetails.deviation_id == Deviation.id)
        .join(Unit, Unit.id == Deviation.unit_id)
        .outerjoin(
            StatutoryClock,
            and_(
                StatutoryClock.deviation_id == Deviation.id,
                StatutoryClock.key == (key or "nav_injury"),
                StatutoryClock.phase == ("authority" if key else "report"),
            ),
        )
        .where(
            DeviationDetails.kind == kind,
            _COUNTS,
            not_(_stands_with_main(kind)),
            not_excluded(viewer),
            held,
        )
        .order_by(Deviation.number.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        statement = statement.where(Deviation.number < before)
    rows = [RegisterRow(*row) for row in db.session.execute(statement)]
    return Page.of(rows, lambda row: str(row.number))


def _stands_with_main(kind: Kind) -> ColumnElement[bool]:
    """Whether the case is another report of an event that stands in the register by itself."""
    return exists(
        select(_MAIN.deviation_id)
        .join(_MAIN_CASE, _MAIN_CASE.id == _MAIN.deviation_id)
        .where(
            _MAIN.deviation_id == Deviation.duplicate_of_id,
            _MAIN.kind == kind,
            _MAIN_CASE.state.not_in(_LEFT_OUT),
        )
    )


def _held_for(viewer: Viewer, roles: tuple[Role, ...]) -> ColumnElement[bool]:
    """The units for which the viewer holds one of the roles, and all below them."""
    if any(viewer.has_role(role) for role in roles):
        return true()
    units = [unit for role, unit in viewer.roles if role in roles and unit is not None]
    return or_(*[Unit.path.contains(f"/{unit}/") for unit in units]) if units else ~true()
