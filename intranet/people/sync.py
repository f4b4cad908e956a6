"""From what the directory says and what we know to a plan of changes. Pure: decides, does nothing.

The plan is whole or it is not carried out: `stops` says why somebody must look at it first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from intranet.people.organisation import mend_tree
from intranet.people.roles import Grant, RoleBook, RoleRule, role_groups
from intranet.people.snapshot import (
    DirectoryPerson,
    DirectorySnapshot,
    DirectoryUnit,
    fold,
    tidy,
)

# Below this many departures no share stops a sync: two of ten are no catastrophe.
ALWAYS_ALLOWED = 5
FIELDS = (
    "username",
    "name",
    "given_name",
    "family_name",
    "title",
    "email",
    "phone",
    "mobile",
)


@dataclass(frozen=True)
class KnownPerson:
    """A person as we have them; `fields` by the names in FIELDS."""

    key: str
    is_active: bool
    fields: Mapping[str, str]
    unit_keys: tuple[str, ...] = ()
    grants: frozenset[Grant] = frozenset()


@dataclass(frozen=True)
class KnownUnit:
    """A unit as we have it."""

    unit: DirectoryUnit
    is_active: bool = True


@dataclass(frozen=True)
class KnownState:
    """What the last sync left. `group_sizes`: members of each group that gives a role."""

    persons: tuple[KnownPerson, ...] = ()
    units: tuple[KnownUnit, ...] = ()
    group_sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonChange:
    """What is to be different about one person. `is_new` and `is_back` exclude each other."""

    person: DirectoryPerson
    fields: tuple[str, ...] = ()
    grants: frozenset[Grant] = frozenset()
    granted: frozenset[Grant] = frozenset()
    revoked: frozenset[Grant] = frozenset()
    is_new: bool = False
    is_back: bool = False
    has_moved: bool = False


@dataclass(frozen=True)
class UnitChange:
    """A unit that is new, back, or no longer the same."""

    unit: DirectoryUnit
    is_new: bool = False
    new_leader: bool = False


@dataclass(frozen=True)
class SyncPlan:
    """Everything that one sync is going to do."""

    persons: tuple[PersonChange, ...] = ()
    gone: tuple[str, ...] = ()
    units: tuple[UnitChange, ...] = ()
    units_gone: tuple[str, ...] = ()
    group_sizes: Mapping[str, int] = field(default_factory=dict)
    stops: tuple[str, ...] = ()
    person_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.persons or self.gone or self.units or self.units_gone)

    def accepted(self) -> SyncPlan:
        """Return the plan without stops, after a person has looked at them."""
        return replace(self, stops=())

    def counts(self) -> dict[str, int]:
        """Return the numbers that the log keeps."""
        return {
            "persons": self.person_count,
            "new": sum(change.is_new for change in self.persons),
            "back": sum(change.is_back for change in self.persons),
            "gone": len(self.gone),
            "changed": sum(bool(change.fields) for change in self.persons),
            "moved": sum(change.has_moved for change in self.persons),
            "roles": sum(bool(change.granted or change.revoked) for change in self.persons),
            "units_new": sum(change.is_new for change in self.units),
            "units_gone": len(self.units_gone),
            "leaders": sum(change.new_leader for change in self.units),
        }


def person_fields(person: DirectoryPerson) -> dict[str, str]:
    """Return the fields that we keep, tidied, so that NFC and NFD are the same name."""
    return {name: tidy(getattr(person, name)) for name in FIELDS}


def make_plan(
    snapshot: DirectorySnapshot,
    known: KnownState,
    rules: Iterable[RoleRule],
    largest_share: float = 0.10,
) -> SyncPlan:
    """Return what to do so that the portal agrees with the directory.

    `largest_share` of the active persons (at least ALWAYS_ALLOWED) may go in one sync, and no
    group that gives a role may become empty; otherwise `stops` says so. Persons without a known
    unit belong to the municipality itself. Two accounts of one key: raises ValueError.
    """
    rules = tuple(rules)
    units = mend_tree(snapshot.units)
    present = _by_key(snapshot.persons)
    old = {person.key: person for person in known.persons}
    book = RoleBook(units, rules)
    unit_keys = {unit.key for unit in units}
    changes = [
        change
        for person in present.values()
        if (change := _change(person, old.get(person.key), book, unit_keys, units[0].key))
    ]
    gone = tuple(key for key, person in old.items() if person.is_active and key not in present)
    unit_changes, units_gone = _unit_changes(units, known.units, present)
    sizes = {
        name: len(snapshot.groups[name] & present.keys())
        for name in sorted(role_groups(snapshot.groups, rules))
    }
    active = sum(person.is_active for person in known.persons)
    active_units = sum(unit.is_active for unit in known.units)
    stops = [
        *_too_many("persons", len(gone), active, largest_share),
        *_too_many("units", len(units_gone), active_units, largest_share),
        *_emptied(
            {name: known.group_sizes[name] for name in role_groups(known.group_sizes, rules)},
            sizes,
        ),
    ]
    if not present:
        stops.insert(0, "no_persons")
    return SyncPlan(
        persons=tuple(changes),
        gone=gone,
        units=unit_changes,
        units_gone=units_gone,
        group_sizes=sizes,
        stops=tuple(stops),
        person_count=len(present),
    )


def plan_person(
    person: DirectoryPerson,
    known: KnownPerson | None,
    units: Iterable[DirectoryUnit],
    rules: Iterable[RoleRule],
) -> PersonChange | None:
    """Return what is to be different about one enabled person, or None; the units stay as known."""
    ordered = mend_tree(units)
    book = RoleBook(ordered, rules)
    return _change(person, known, book, {unit.key for unit in ordered}, ordered[0].key)


def _by_key(persons: Iterable[DirectoryPerson]) -> dict[str, DirectoryPerson]:
    present: dict[str, DirectoryPerson] = {}
    for person in persons:
        if not person.is_enabled:
            continue
        if person.key in present:
            raise ValueError(f"two accounts have the key {person.key}")
        present[person.key] = person
    return present


def _change(
    person: DirectoryPerson,
    old: KnownPerson | None,
    book: RoleBook,
    unit_keys: set[str],
    top: str,
) -> PersonChange | None:
    person = place(person, unit_keys, top)
    grants = book.grants_of(person)
    if old is None:
        return PersonChange(person, FIELDS, grants, grants, is_new=True, has_moved=False)
    fields = person_fields(person)
    change = PersonChange(
        person,
        fields=tuple(name for name in FIELDS if fields[name] != old.fields.get(name, "")),
        grants=grants,
        granted=grants - old.grants,
        revoked=old.grants - grants,
        is_back=not old.is_active,
        has_moved=person.unit_keys[:1] != old.unit_keys[:1]
        or set(person.unit_keys) != set(old.unit_keys),
    )
    differs = (
        change.fields or change.granted or change.revoked or change.is_back or change.has_moved
    )
    return change if differs else None


def place(person: DirectoryPerson, known: Collection[str], top: str) -> DirectoryPerson:
    """Return the person with known units only, each once; without any, in the municipality."""
    keys = tuple(dict.fromkeys(key for key in person.unit_keys if key in known)) or (top,)
    if keys == person.unit_keys:
        return person
    return replace(person, unit_keys=keys)


def _unit_changes(
    units: Iterable[DirectoryUnit],
    known: Iterable[KnownUnit],
    present: Mapping[str, DirectoryPerson],
) -> tuple[tuple[UnitChange, ...], tuple[str, ...]]:
    old = {unit.unit.key: unit for unit in known}
    changes = []
    seen = set()
    for told in units:
        seen.add(told.key)
        unit = told if told.leader_key in present else replace(told, leader_key=None)
        before = old.get(unit.key)
        if before is None:
            changes.append(UnitChange(unit, is_new=True, new_leader=unit.leader_key is not None))
        elif not before.is_active or before.unit != unit:
            new_leader = before.unit.leader_key != unit.leader_key
            changes.append(UnitChange(unit, new_leader=new_leader))
    gone = tuple(key for key, unit in old.items() if unit.is_active and key not in seen)
    return tuple(changes), gone


def _too_many(what: str, gone: int, active: int, share: float) -> list[str]:
    limit = max(ALWAYS_ALLOWED, int(active * share))
    return [f"too_many_{what}:{gone}/{active}"] if gone > limit else []


def _emptied(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    current = {fold(name): size for name, size in now.items()}
    return [
        f"group_emptied:{name}"
        for name, size in sorted(before.items())
        if size > 0 and current.get(fold(name), 0) == 0
    ]
