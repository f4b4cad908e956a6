"""Who has a delegation: the person, or whoever leads the unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intranet.core.clock import today
from intranet.people.queries.leadership import leaders_on


def list_holders(delegations: Iterable[Any]) -> list[int]:
    """Return the persons who have these delegations now, without stand-ins; for those to be told.

    Each of the rows has `holder_id` and `office_id`.
    """
    rows = list(delegations)
    offices = {row.office_id for row in rows if row.office_id is not None}
    found = {row.holder_id for row in rows if row.holder_id is not None}
    for led in leaders_on(offices, today()).values():
        if led.leader_id is not None:
            found.add(led.leader_id)
    return sorted(found)
