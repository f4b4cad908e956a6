"""Finds each unit's leader and repairs the tree of units, from what the directory says. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from intranet.people.snapshot import (
    DEPARTMENT,
    MUNICIPALITY,
    SECTOR,
    UNIT,
    DirectoryPerson,
    DirectoryUnit,
)

LEVELS = (MUNICIPALITY, SECTOR, UNIT, DEPARTMENT)


def level_at(depth: int) -> str:
    """Return the level of a unit that lies `depth` steps below the municipality."""
    return LEVELS[min(depth, len(LEVELS) - 1)]


def mend_tree(units: Iterable[DirectoryUnit]) -> tuple[DirectoryUnit, ...]:
    """Return the units as one tree, parents before children.

    The first municipality is the top. What has no known parent, or hangs in a loop, is hung under
    the top: nobody disappears because of an untidy directory. Raises ValueError without a top.
    """
    by_key = {unit.key: unit for unit in units}
    top = next((unit for unit in by_key.values() if unit.level == MUNICIPALITY), None)
    if top is None:
        raise ValueError("the directory holds no municipality")
    parents = {
        key: unit.parent_key if unit.parent_key in by_key else top.key
        for key, unit in by_key.items()
        if key != top.key
    }
    for key in parents:
        if not _reaches(top.key, key, parents):
            parents[key] = top.key
    children: dict[str, list[str]] = {}
    for key, parent in parents.items():
        children.setdefault(parent or top.key, []).append(key)
    ordered: list[DirectoryUnit] = []
    queue = deque([replace(top, parent_key=None)])
    while queue:
        unit = queue.popleft()
        ordered.append(unit)
        queue.extend(
            replace(by_key[key], parent_key=unit.key) for key in children.get(unit.key, [])
        )
    return tuple(ordered)


def _reaches(top: str, key: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    step: str | None = key
    while step is not None and step not in seen:
        if step == top:
            return True
        seen.add(step)
        step = parents.get(step)
    return False


def find_leaders(
    units: Iterable[DirectoryUnit], persons: Iterable[DirectoryPerson]
) -> dict[str, str | None]:
    """Return each unit's leader by key, found from the `manager` of those who work there.

    Everyone whose home is the unit, and the leaders of the units right below, name somebody: the
    topmost manager on their line who still belongs to the unit, or, when their own manager is
    outside, that manager. Whom most name leads the unit; of equals the one who belongs to it.
    Nobody named: the post is vacant. Disabled and unknown managers and loops count for nothing.
    """
    people = {person.key: person for person in persons if person.is_enabled}
    members: dict[str, list[str]] = {}
    for person in people.values():
        if person.unit_keys:
            members.setdefault(person.unit_keys[0], []).append(person.key)
    ordered = mend_tree(units)
    children: dict[str, list[str]] = {}
    for unit in ordered:
        if unit.parent_key is not None:
            children.setdefault(unit.parent_key, []).append(unit.key)
    leaders: dict[str, str | None] = {}
    voters: dict[str, frozenset[str]] = {}
    for unit in reversed(ordered):
        own = frozenset(members.get(unit.key, []))
        voters[unit.key] = own | _from_below(children.get(unit.key, []), leaders, voters, own)
        leaders[unit.key] = _most_named(voters[unit.key], own, people)
    return leaders


def _from_below(
    children: Iterable[str],
    leaders: Mapping[str, str | None],
    voters: Mapping[str, frozenset[str]],
    own: frozenset[str],
) -> frozenset[str]:
    found: set[str] = set()
    for child in children:
        leader = leaders[child]
        if leader is not None and leader not in own:
            found.add(leader)
        else:
            # Led from here or vacant: those who work there speak for themselves.
            found |= voters[child]
    return frozenset(found)


def _most_named(
    voters: frozenset[str], own: frozenset[str], people: Mapping[str, DirectoryPerson]
) -> str | None:
    named = Counter(
        choice for voter in voters if (choice := _topmost(voter, own, people)) is not None
    )
    if not named:
        return None
    return min(named, key=lambda key: (-named[key], key not in own, key))


def _topmost(voter: str, own: frozenset[str], people: Mapping[str, DirectoryPerson]) -> str | None:
    """Return the highest manager above the voter within the unit, else the manager outside it."""
    step, best, seen = voter, None, {voter}
    while True:
        above = people[step].manager_key
        if above is None or above not in people or above in seen:
            return best
        if above not in own:
            return best if best is not None else above
        best, step = above, above
        seen.add(above)
