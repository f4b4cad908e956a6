"""Whom somebody without a name means by "the leader": a page that must know nobody lists no people.

Reads the line of leaders, and tells nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from intranet.deviations.queries.routes import load_chain
from intranet.people.queries.units import chief_executive_id


def concerned_leaders(unit_id: int | None, concerns: Sequence[str]) -> frozenset[int]:
    """Return the leaders that the reporter meant: the nearest, the next above, the chief."""
    chain = load_chain(unit_id) if unit_id is not None else []
    leaders = [link.leader_id for link in chain if link.leader_id is not None]
    distinct = list(dict.fromkeys(leaders))
    found = {
        "place": distinct[0] if distinct else None,
        "above": distinct[1] if len(distinct) > 1 else None,
        "chief": chief_executive_id(),
    }
    return frozenset(each for name in concerns if (each := found.get(name)) is not None)
