"""Who may see and do what with a deviation, asked of a small record; reads no table.

`queries/visibility.py` says the same in SQL, and a test demands that the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intranet.core.actor import LedUnit, Role, Viewer
from intranet.deviations.workflow import DeviationState, Party, Step, may_step

# The path of no unit: no leader stands on it.
NOWHERE = ""


@dataclass(frozen=True)
class CaseAccess:
    """What decides access to one deviation. Paths are "/1/4/17/"; NOWHERE when there is no unit.

    `line_path`: leaders of this unit and those above read the case. `handler_path`: the unit as
    whose leader the handler has it. `climbed_unit_id`: the unit to whose leader it has climbed.
    """

    state: DeviationState
    unit_path: str
    line_path: str = NOWHERE
    handler_path: str = NOWHERE
    handler_id: int | None = None
    handler_unit_id: int | None = None
    climbed_unit_id: int | None = None
    reporter_id: int | None = None
    concerned_ids: frozenset[int] = field(default_factory=frozenset)
    copied_ids: frozenset[int] = field(default_factory=frozenset)
    # Those of them whom the law gives a duty in the case, see `routing.DUTY_ROLES`.
    duty_ids: frozenset[int] = field(default_factory=frozenset)
    is_confidential: bool = False


def is_excluded(viewer: Viewer, case: CaseAccess) -> bool:
    """Whether it concerns the viewer, or somebody whose stand-in the viewer is today (D15)."""
    return bool(({viewer.id} | viewer.stands_in_for) & case.concerned_ids)


def parties_of(viewer: Viewer, case: CaseAccess) -> frozenset[Party]:
    """Return what the viewer is to the case; empty means that it does not exist for them.

    A reporter is nothing but the reporter, whatever else they lead. A stand-in for the reporter
    gets nothing from that: the reporter's own units are then not the stand-in's.
    """
    if viewer.id == case.reporter_id:
        return frozenset({Party.REPORTER})
    if is_excluded(viewer, case):
        return frozenset()
    led = _led_for(viewer, case)
    parties = set()
    if _handles(viewer, led, case):
        parties.add(Party.HANDLER)
    if any(_is_above(unit, case.handler_path) for unit in led):
        parties.add(Party.LEADER_ABOVE)
    if _is_in_line(led, case) or _is_copied(viewer, case) or _advises(viewer, case):
        parties.add(Party.READER)
    return frozenset(parties)


def can_see_deviation(viewer: Viewer, case: CaseAccess) -> bool:
    """Reporter, handler, the line of leaders above, the copied, quality advisers."""
    return bool(parties_of(viewer, case))


def can_read_notes(viewer: Viewer, case: CaseAccess) -> bool:
    """Internal notes: handler, line and quality advisers; not the reporter, not the copied."""
    parties = parties_of(viewer, case)
    if Party.REPORTER in parties or not parties:
        return False
    led = _led_for(viewer, case)
    is_leader = bool(parties & {Party.HANDLER, Party.LEADER_ABOVE})
    return is_leader or _is_in_line(led, case) or _advises(viewer, case)


def can_read_originals(viewer: Viewer, case: CaseAccess) -> bool:
    """What a text said before it was corrected: its reporter, the handler and leaders above."""
    entitled = {Party.REPORTER, Party.HANDLER, Party.LEADER_ABOVE}
    return bool(parties_of(viewer, case) & entitled)


def can_take_step(viewer: Viewer, case: CaseAccess, step: Step) -> bool:
    """Whether the step is the viewer's and the state allows it."""
    return may_step(case.state, step, parties_of(viewer, case))


def can_move_to_whistleblowing(viewer: Viewer, case: CaseAccess) -> bool:
    """The reporter, the handler and the line above who see it; not the copied, nor advisers."""
    if Party.REPORTER in parties_of(viewer, case):
        return True
    if not parties_of(viewer, case) or case.state == DeviationState.WITHDRAWN:
        return False
    led = _led_for(viewer, case)
    return _handles(viewer, led, case) or _is_in_line(led, case)


def can_see_action(viewer: Viewer, case: CaseAccess, responsible_id: int) -> bool:
    """The responsible person sees the action and not the case, unless the case concerns them."""
    if can_see_deviation(viewer, case) and viewer.id != case.reporter_id:
        return True
    return viewer.id == responsible_id and not is_excluded(viewer, case)


def can_see_overview(viewer: Viewer) -> bool:
    """The view over many units: the chief executive, heads of sector and quality advisers."""
    leads_many = any(unit.level in ("municipality", "sector") for unit in viewer.led)
    return leads_many or viewer.has_role_anywhere(Role.QUALITY_ADVISER)


def acts_for(viewer: Viewer, case: CaseAccess) -> int | None:
    """Return the leader on whose behalf the viewer handles the case; None when in own right."""
    for unit in _led_for(viewer, case):
        if unit.on_behalf_of is not None and _holds(viewer, unit, case):
            return unit.on_behalf_of
    return None


def _led_for(viewer: Viewer, case: CaseAccess) -> list[LedUnit]:
    """The viewer's units, without those of a reporter whose stand-in the viewer is."""
    return [
        unit
        for unit in viewer.led
        if unit.on_behalf_of is None or unit.on_behalf_of != case.reporter_id
    ]


def _handles(viewer: Viewer, led: list[LedUnit], case: CaseAccess) -> bool:
    if case.handler_id is not None and case.handler_unit_id is None:
        return case.handler_id == viewer.id
    return any(_holds(viewer, unit, case) for unit in led)


def _holds(viewer: Viewer, unit: LedUnit, case: CaseAccess) -> bool:
    """Whether this led unit gives the case: the handler's own, or the one it has climbed to."""
    if unit.unit_id == case.climbed_unit_id:
        return True
    leader_id = viewer.id if unit.on_behalf_of is None else unit.on_behalf_of
    return unit.unit_id == case.handler_unit_id and leader_id == case.handler_id


def _is_in_line(led: list[LedUnit], case: CaseAccess) -> bool:
    return any(
        case.line_path.startswith(unit.path) or _is_above(unit, case.handler_path) for unit in led
    )


def _is_above(unit: LedUnit, path: str) -> bool:
    return path.startswith(unit.path) and path != unit.path


def _is_copied(viewer: Viewer, case: CaseAccess) -> bool:
    return viewer.id in (case.duty_ids if case.is_confidential else case.copied_ids)


def _advises(viewer: Viewer, case: CaseAccess) -> bool:
    if case.is_confidential:
        return False
    return viewer.has_role_on_path(Role.QUALITY_ADVISER, case.unit_path)
