"""Who may do what with statutory clocks and special types, asked of small records; reads no table.

`queries/clocks.worked_by` is the SQL twin of `waits_for`, and a test demands that the two agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from intranet.core.actor import Role, Viewer
from intranet.deviations.policy import CaseAccess, is_excluded, parties_of
from intranet.deviations.types import TYPES, Kind
from intranet.deviations.workflow import OPEN_STATES, DeviationState, Party

_LEADERS = frozenset({Party.HANDLER, Party.LEADER_ABOVE})


def sees_clocks(viewer: Viewer, case: CaseAccess) -> bool:
    """All who see the case but its reporter, who reads the story."""
    parties = parties_of(viewer, case)
    return bool(parties) and Party.REPORTER not in parties


def works_clocks(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    """The handler, the line above, and a copied role that works with this kind: say what is done.

    `roles_copied`: person to role, of those who were copied.
    """
    return not is_put_aside(case) and would_work_clocks(viewer, case, kind, roles_copied)


def is_put_aside(case: CaseAccess) -> bool:
    """Withdrawn or rejected: nothing is done in the case, whoever it is."""
    return case.state in (DeviationState.WITHDRAWN, DeviationState.REJECTED)


def would_work_clocks(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    """Those who work the clocks of the case whenever its state allows it."""
    return bool(parties_of(viewer, case) & _LEADERS) or _is_worker(viewer, case, kind, roles_copied)


def waits_for(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    """Whether the clocks stand among the viewer's tasks: the handler's, and the working role's."""
    if Party.HANDLER in parties_of(viewer, case):
        return True
    return _is_worker(viewer, case, kind, roles_copied)


def chooses_kind(viewer: Viewer, case: CaseAccess) -> bool:
    """The handler and those above, while the case is open."""
    return case.state in OPEN_STATES and leads_case(viewer, case)


def is_asked_for_kind(viewer: Viewer, case: CaseAccess) -> bool:
    """Whose the kind is while the case is open: the reporter's, the handler's, those above's."""
    return bool(parties_of(viewer, case) & {*_LEADERS, Party.REPORTER})


def leads_case(viewer: Viewer, case: CaseAccess) -> bool:
    """The handler and those above, in whatever state the case is."""
    return bool(parties_of(viewer, case) & _LEADERS)


def proposes_kind(viewer: Viewer, case: CaseAccess) -> bool:
    """The reporter, while the case is open."""
    return case.state in OPEN_STATES and Party.REPORTER in parties_of(viewer, case)


def reads_hidden(viewer: Viewer, case: CaseAccess) -> bool:
    """The closed text: the handler alone, and whoever stands in."""
    return Party.HANDLER in parties_of(viewer, case)


def reads_plan(viewer: Viewer, case: CaseAccess, kind: Kind) -> bool:
    """The written plan is part of what is closed: whoever reads that, in a kind that has a plan."""
    return TYPES[kind].has_plan and reads_hidden(viewer, case)


def changes_plan(viewer: Viewer, case: CaseAccess, kind: Kind) -> bool:
    """Who reads the plan, while the case is open."""
    return case.state in OPEN_STATES and reads_plan(viewer, case, kind)


def follows_up(viewer: Viewer, case: CaseAccess) -> bool:
    """Take or decline the proposed follow-up: the handler, while the case is open."""
    return case.state in OPEN_STATES and Party.HANDLER in parties_of(viewer, case)


def reads_injuries(viewer: Viewer) -> bool:
    """The register of arbeidsmiljøloven § 5-1 (3), and HR who keeps it."""
    return any(
        viewer.has_role_anywhere(role)
        for role in (
            Role.SAFETY_REPRESENTATIVE,
            Role.CHIEF_SAFETY_REPRESENTATIVE,
            Role.OCCUPATIONAL_HEALTH,
            Role.WORK_ENVIRONMENT_COMMITTEE,
            Role.HR,
        )
    )


def reads_breaches(viewer: Viewer) -> bool:
    """The register of GDPR art. 33 (5)."""
    return viewer.has_role_anywhere(Role.DATA_PROTECTION_OFFICER)


def edits_clock_rules(viewer: Viewer) -> bool:
    """The administrator."""
    return viewer.has_role(Role.ADMINISTRATOR)


def _is_worker(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    if viewer.id == case.reporter_id or is_excluded(viewer, case):
        return False
    role = roles_copied.get(viewer.id)
    return role in TYPES[kind].workers and viewer.has_role_anywhere(Role(role))
