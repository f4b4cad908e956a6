"""Who is asked to approve: those with a delegation, or the nearest leader; never a writer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.delegations.queries.signers import Approver, find_document_approvers
from intranet.people.queries.persons import names_of
from intranet.people.queries.units import holders_of, list_leaders_above


@dataclass(frozen=True)
class Candidate:
    """Somebody who might approve a revision, and why not, if so."""

    person_id: int
    name: str
    has_written: bool
    # None: no delegation to approve holds in the unit, so that none is needed.
    has_delegation: bool | None
    delegation_id: int | None
    is_asked: bool

    @property
    def can(self) -> bool:
        """Whether this person may approve it."""
        return not self.has_written and self.has_delegation is not False


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


def find_delegated(unit_path: str) -> dict[int, Approver] | None:
    """Return who holds a delegation to approve documents of the unit today, each by the nearest.

    None when no such delegation is in force there.
    """
    found = find_document_approvers(unit_path, today())
    if found is None:
        return None
    # In the own right before somebody else's, then the nearest.
    ordered = sorted(found, key=lambda one: (one.on_behalf_of is not None, -one.depth))
    return {one.person_id: one for one in reversed(ordered)}


def list_revision_approvers(
    unit_id: int,
    contributor_ids: Collection[int],
    delegated: dict[int, Approver] | None,
) -> list[int]:
    """Return the persons to ask about a revision: those with the nearest delegation to approve.

    Where no delegation is in force, the nearest leader. Empty when nobody may approve it.
    """
    if delegated is None:
        return list_approvers(unit_id, contributor_ids)
    free = [one for one in delegated.values() if one.person_id not in contributor_ids]
    nearest = max((one.depth for one in free), default=0)
    asked = [one for one in free if one.depth == nearest]
    # The leader who is away is not asked beside the stand-in.
    away = {one.on_behalf_of for one in asked}
    return sorted(one.person_id for one in asked if one.person_id not in away)


def list_candidates(
    unit_id: int, unit_path: str, contributor_ids: Collection[int]
) -> list[Candidate]:
    """Return those whom one would think of, nearest first: who may, who is asked, why not.

    Leaders from the unit upwards with stand-ins, quality advisers, and those with a delegation.
    """
    delegated = find_delegated(unit_path)
    asked = list_revision_approvers(unit_id, contributor_ids, delegated)
    held = delegated or {}
    ids = [
        person
        for link in list_leaders_above(unit_id)
        for person in (link.stand_in_id, link.leader_id)
        if person is not None
    ]
    ids = [*asked, *held, *ids, *holders_of(Role.QUALITY_ADVISER, unit_id)]
    names = names_of(ids)
    return [
        Candidate(
            person_id=person,
            name=names.get(person, ""),
            has_written=person in contributor_ids,
            has_delegation=None if delegated is None else person in held,
            delegation_id=held[person].delegation_id if person in held else None,
            is_asked=person in asked,
        )
        for person in dict.fromkeys(ids)
    ]
