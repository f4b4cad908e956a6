"""Who may read, write and finish the letters of a case, asked of small records; reads no table."""

from __future__ import annotations

from collections.abc import Mapping

from intranet.core.actor import Viewer
from intranet.deviations.letter_shapes import LetterKind
from intranet.deviations.letters import LETTERS
from intranet.deviations.policy import CaseAccess
from intranet.deviations.type_policy import (
    is_put_aside,
    reads_hidden,
    sees_clocks,
    works_clocks,
    would_work_clocks,
)
from intranet.deviations.types import Kind


def sees_letters(viewer: Viewer, case: CaseAccess) -> bool:
    """Those who see the deadlines of the case; never its reporter."""
    return sees_clocks(viewer, case)


def reads_closed_letters(viewer: Viewer, case: CaseAccess) -> bool:
    """Names and health in a letter: those who may read the closed part of the case."""
    return reads_hidden(viewer, case)


def writes_letters(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    """Those who may say that a deadline is met. In closed fields each writes what they may read."""
    return works_clocks(viewer, case, kind, roles_copied)


def waits_for_reopening(
    viewer: Viewer, case: CaseAccess, kind: Kind, roles_copied: Mapping[int, str]
) -> bool:
    """A writer whom only the state of the case stops: it was rejected or withdrawn."""
    return is_put_aside(case) and would_work_clocks(viewer, case, kind, roles_copied)


def finishes_letter(
    viewer: Viewer,
    case: CaseAccess,
    kind: Kind,
    roles_copied: Mapping[int, str],
    letter: LetterKind,
) -> bool:
    """Those who write it and can read all of it: nobody answers for what they may not see."""
    may_read = not LETTERS[letter].has_closed or reads_closed_letters(viewer, case)
    return may_read and writes_letters(viewer, case, kind, roles_copied)
