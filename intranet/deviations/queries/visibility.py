"""The SQL twin of `policy.can_see_deviation`; every list, count and search of cases goes by it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    false,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from intranet.core.actor import LedUnit, Role, Viewer
from intranet.deviations.models import Deviation, DeviationConcerned, DeviationCopy
from intranet.deviations.routing import DUTY_ROLES
from intranet.deviations.workflow import DeviationState
from intranet.people.models import Unit, UnitLevel

_NEAR = aliased(Deviation)
# Written out: SQLite knows a partial index only by the very words.
_REJECTED = Deviation.state == literal_column(f"'{DeviationState.REJECTED}'")


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `Deviation` that holds for the cases that the viewer may see."""
    own = Deviation.reporter_id == viewer.id
    ways = [handled_by(viewer), _in_line_of(viewer), _copied_to(viewer), _advised_by(viewer)]
    return or_(own, and_(not_excluded(viewer), or_(*ways)))


def reached_from(viewer: Viewer, latest: date) -> list[ColumnElement[bool]]:
    """Return a condition for the open cases, on the desk up to `latest`, that the viewer may reach.

    Wider than `visible_to`, which always stands beside it: it has the database begin with the
    viewer's own units and papers, so that whoever sees few cases walks through few. No condition
    for those who see across the municipality: they soon fill a page from any end.
    """
    if viewer.has_role_anywhere(Role.QUALITY_ADVISER) or any(
        led.level == UnitLevel.MUNICIPALITY for led in viewer.led
    ):
        return []
    copies = select(DeviationCopy.deviation_id).where(DeviationCopy.person_id == viewer.id)
    ways: list[ColumnElement[bool]] = [
        _NEAR.reporter_id == viewer.id,
        _NEAR.handler_id == viewer.id,
        _NEAR.id.in_(copies),
    ]
    if viewer.led:
        paths = [Unit.path.startswith(led.path, autoescape=True) for led in viewer.led]
        below = select(Unit.id).where(or_(*paths))
        ways += [
            _NEAR.line_unit_id.in_(below),
            _NEAR.handler_unit_id.in_(below),
            _NEAR.climbed_unit_id.in_([led.unit_id for led in viewer.led]),
        ]
    reached = [select(_NEAR.id).where(way, _NEAR.desk_on <= latest) for way in ways]
    return [Deviation.id.in_(union_all(*reached))]


def handled_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for the cases that the viewer handles, also on somebody's behalf.

    Says nothing about those whom the case concerns: combine it with `not_excluded`.
    """
    ways: list[ColumnElement[bool]] = [
        and_(Deviation.handler_id == viewer.id, Deviation.handler_unit_id.is_(None))
    ]
    for led in viewer.led:
        ways += _held_as(viewer, led)
    return and_(Deviation.reporter_id.is_distinct_from(viewer.id), or_(*ways))


def handled_for_others(viewer: Viewer) -> ColumnElement[bool]:
    """Return the part of `handled_by` that the viewer has as somebody's stand-in today."""
    lent = [led for led in viewer.led if led.on_behalf_of is not None]
    ways = [way for led in lent for way in _held_as(viewer, led)]
    return and_(Deviation.reporter_id.is_distinct_from(viewer.id), or_(false(), *ways))


def rejected_below(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Return the conditions for what leaders below rejected and no leader above has looked at."""
    ways: list[ColumnElement[bool]] = [false()]
    for led in viewer.led:
        below = select(Unit.id).where(Unit.path.startswith(led.path, autoescape=True))
        handlers = Deviation.handler_unit_id.in_(below.where(Unit.id != led.unit_id))
        ways.append(and_(handlers, _not_for_the_reporter(led)))
    return [
        _REJECTED,
        Deviation.rejection_seen_at.is_(None),
        Deviation.reporter_id.is_distinct_from(viewer.id),
        not_excluded(viewer),
        or_(*ways),
    ]


def not_excluded(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the case concerns neither the viewer nor whom they stand in for."""
    concerned = exists(
        select(DeviationConcerned.person_id).where(
            DeviationConcerned.deviation_id == Deviation.id,
            DeviationConcerned.person_id.in_({viewer.id} | viewer.stands_in_for),
        )
    )
    return not_(concerned)


def _held_as(viewer: Viewer, led: LedUnit) -> list[ColumnElement[bool]]:
    """As handler, and as the level above; each alone, so that each is read by its index."""
    leader_id = viewer.id if led.on_behalf_of is None else led.on_behalf_of
    as_handler = and_(Deviation.handler_unit_id == led.unit_id, Deviation.handler_id == leader_id)
    as_level_above = Deviation.climbed_unit_id == led.unit_id
    return [and_(way, _not_for_the_reporter(led)) for way in (as_handler, as_level_above)]


def _in_line_of(viewer: Viewer) -> ColumnElement[bool]:
    ways = []
    for led in viewer.led:
        below = select(Unit.id).where(Unit.path.startswith(led.path, autoescape=True))
        strictly_below = below.where(Unit.id != led.unit_id)
        line = or_(Deviation.line_unit_id.in_(below), Deviation.handler_unit_id.in_(strictly_below))
        ways.append(and_(line, _not_for_the_reporter(led)))
    return or_(*ways) if ways else false()


def _not_for_the_reporter(led: LedUnit) -> ColumnElement[bool]:
    """A stand-in for the reporter reads nothing by that."""
    return Deviation.reporter_id.is_distinct_from(led.on_behalf_of or 0)


def _copied_to(viewer: Viewer) -> ColumnElement[bool]:
    return Deviation.id.in_(
        select(DeviationCopy.deviation_id).where(
            DeviationCopy.person_id == viewer.id,
            or_(not_(Deviation.is_confidential), DeviationCopy.role.in_(sorted(DUTY_ROLES))),
        )
    )


def _advised_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.has_role(Role.QUALITY_ADVISER):
        return not_(Deviation.is_confidential)
    units = [unit for role, unit in viewer.roles if role == Role.QUALITY_ADVISER and unit]
    if not units:
        return false()
    below = select(Unit.id).where(or_(*[Unit.path.contains(f"/{unit}/") for unit in units]))
    return and_(not_(Deviation.is_confidential), Deviation.unit_id.in_(below))
