"""Makes deviations for tests by the product's own actions, valid by default."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.queries.cases import Case, get_deviation_for
from tests import cast

WHAT = "Bruker skled på vått gulv på badet. Ingen synlige skader."


def make_report(unit_id: int, **changes: Any) -> Report:
    """Return a report of a fall an hour ago; `changes` replace fields."""
    values: dict[str, Any] = {
        "what": WHAT,
        "unit_id": unit_id,
        "happened_at": now() - timedelta(hours=1),
        "send_key": str(uuid.uuid4()),
    }
    return Report(**{**values, **changes})


def report(reporter_id: int, unit_id: int, *, concerned: Iterable[int] = (), **changes: Any) -> int:
    """Send a report as the person, commit it, and return the number."""
    with transaction():
        made = report_deviation(
            make_report(unit_id, concerned_ids=frozenset(concerned), **changes),
            actor=cast.viewer(reporter_id),
        )
        return made.number


def case_for(person_id: int, number: int) -> tuple[Case, Viewer]:
    """Return the case as the person may see it, and the person."""
    viewer = cast.viewer(person_id)
    return get_deviation_for(viewer, number), viewer


def do(person_id: int, number: int, action: Any, *args: Any, **kwargs: Any) -> Any:
    """Let the person take a step in a transaction of its own."""
    with transaction():
        case, viewer = case_for(person_id, number)
        return action(case, *args, actor=viewer, **kwargs)
