"""Who is asked to approve: the nearest leader who has not written in the revision."""

from __future__ import annotations

from collections.abc import Collection

from intranet.core.actor import Role
from intranet.people.queries.units import holders_of, list_leaders_above


def list_approvers(unit_id: int, contributor_ids: Collection[int]) -> list[int]:
    """Return the persons to ask: the nearest leader upwards, or who stands in for that leader.

    A leader who wrote in the revision is passed over, as is a vacant post. Without any leader the
    quality advisers are asked. Empty when nobody may approve it.
    """
    for link in list_leaders_above(unit_id):
        person = link.stand_in_id or link.leader_id
        if person is not None and person not in contributor_ids:
            return [person]
        # The stand-in may be the one who wrote; then the leader answers in person.
        if link.leader_id is not None and link.leader_id not in contributor_ids:
            return [link.leader_id]
    advisers = holders_of(Role.QUALITY_ADVISER, unit_id)
    return [person for person in advisers if person not in contributor_ids]
