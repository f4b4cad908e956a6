"""Fetches a case for a page that shows it, and notes that a confidential one was read."""

from __future__ import annotations

from intranet.core.actor import Viewer
from intranet.core.transaction import transaction
from intranet.deviations.actions.openings import is_noted, note_opening
from intranet.deviations.queries.cases import Case, get_deviation_for


def open_case(viewer: Viewer, number: int, *, file_id: int | None = None) -> Case:
    """Return the case as `get_deviation_for` does. What cannot be noted is not shown."""
    case = get_deviation_for(viewer, number)
    if not is_noted(case, viewer):
        return case
    with transaction():
        note_opening(get_deviation_for(viewer, number), actor=viewer, file_id=file_id)
    return get_deviation_for(viewer, number)
