"""Who may see and do what with a whistleblowing case, asked of a small record; reads no table.

`queries/visibility.py` says the same in SQL, and a test demands that the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intranet.core.actor import Role, Viewer
from intranet.whistleblowing.workflow import Part, WhistleState, WhistleStep, is_possible, is_theirs


@dataclass(frozen=True)
class CaseAccess:
    """What decides access to one case.

    `recipient_ids` are those recipients whom it does not concern; when there are none, the person
    of `above_chief_id` is the recipient.
    """

    state: WhistleState
    is_whistleblowing: bool | None = None
    excluded_ids: frozenset[int] = field(default_factory=frozenset)
    recipient_ids: frozenset[int] = field(default_factory=frozenset)
    investigator_ids: frozenset[int] = field(default_factory=frozenset)
    reader_ids: frozenset[int] = field(default_factory=frozenset)
    above_chief_id: int | None = None
    # Who reported the deviation that it was; has a page of their own and no part in the handling.
    reporter_id: int | None = None


def is_recipient(viewer: Viewer) -> bool:
    """Whether the viewer receives whistleblowing, for all of the municipality."""
    return viewer.has_role(Role.WHISTLEBLOWING_RECIPIENT)


def is_excluded(viewer: Viewer, case: CaseAccess) -> bool:
    """Whether it concerns the viewer, or somebody whose stand-in the viewer is today (D15)."""
    return bool(({viewer.id} | viewer.stands_in_for) & case.excluded_ids)


def is_reporter(viewer: Viewer, case: CaseAccess) -> bool:
    """Whether the viewer reported it by name, as a deviation."""
    return viewer.id == case.reporter_id


def parts_of(viewer: Viewer, case: CaseAccess) -> frozenset[Part]:
    """Return what the viewer is to the case; empty means that it does not exist for them."""
    if is_excluded(viewer, case) or is_reporter(viewer, case):
        return frozenset()
    parts = set()
    is_last = not case.recipient_ids and viewer.id == case.above_chief_id
    if is_recipient(viewer) or is_last:
        parts.add(Part.RECIPIENT)
    if viewer.id in case.investigator_ids:
        parts.add(Part.INVESTIGATOR)
    if viewer.id in case.reader_ids:
        parts.add(Part.READER)
    return frozenset(parts)


def can_see_case(viewer: Viewer, case: CaseAccess) -> bool:
    """Recipients whom it does not concern, and those who were named on the case."""
    return bool(parts_of(viewer, case))


def can_take_step(viewer: Viewer, case: CaseAccess, step: WhistleStep) -> bool:
    """Whether the step is the viewer's and the state allows it."""
    may = is_theirs(step, parts_of(viewer, case))
    return may and is_possible(case.state, step, is_whistleblowing=case.is_whistleblowing)
