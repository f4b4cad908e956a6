"""The task that documents without an owner give whoever is asked in the owner's place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.text import ngettext
from intranet.library.addresses import UNOWNED_URL
from intranet.library.queries.law_tasks import is_asked
from intranet.notifications.tasks import Task

WITHOUT_OWNER = "without_owner"


def without_owner_task(viewer: Viewer, rows: Sequence[Any]) -> list[Task]:
    """Return one task for all the documents that the viewer is the nearest to give an owner."""
    units: dict[int, bool] = {}
    for row in rows:
        if row.unit_id not in units:
            units[row.unit_id] = is_asked(viewer, row)
    count = sum(units[row.unit_id] for row in rows)
    if not count:
        return []
    title = ngettext(
        "Finn ny eier til %(num)d dokument", "Finn ny eier til %(num)d dokumenter", count
    )
    return [Task(kind="library.unowned", title=title, url=UNOWNED_URL, icon="Person")]
