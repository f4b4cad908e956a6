"""Which units there are and who works where, from the tree and the attributes. Pure.

With `unit_base` the units are the organizational units below it, known by their stable key; the
base itself is the municipality. A person works in the unit that the unit attribute names, else in
the one where the account lies. The department attribute makes departments below units ("Skolen –
1. trinn"). Without `unit_base` sectors and units come from the attributes alone and are known by
their names, so that a renamed unit is a new one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from intranet.people.directory.entries import Entry, group_name, group_title, key_of
from intranet.people.directory.ldap_settings import LdapSettings
from intranet.people.directory.names import dn_key
from intranet.people.organisation import find_leaders, level_at, mend_tree
from intranet.people.snapshot import (
    DEPARTMENT,
    MUNICIPALITY,
    SECTOR,
    UNIT,
    DirectoryPerson,
    DirectoryUnit,
    fold,
    tidy,
)

TOP_KEY = "municipality"
_AFTER_UNIT = re.compile(r"^\s*[-–—/:,]\s*")


@dataclass
class UnitBook:
    """The units known so far; grows as persons name departments."""

    settings: LdapSettings
    top: DirectoryUnit
    units: dict[str, DirectoryUnit] = field(default_factory=dict)
    by_dn: dict[tuple[str, ...], str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)

    def place(self, entry: Entry, group_entries: Iterable[Entry] = ()) -> tuple[str, ...]:
        """Return the keys of the person's units, home first."""
        home = self._home(entry)
        extra = []
        for group in group_entries:
            pattern = fold(self.settings.unit_groups)
            if pattern and fnmatchcase(fold(group_name(group)), pattern):
                unit = self.by_name.get(fold(group_title(group)))
                if unit is not None and not self._is_above(unit, home):
                    extra.append(unit)
        return tuple(dict.fromkeys([home, *sorted(extra)]))

    def _home(self, entry: Entry) -> str:
        attributes = self.settings.attributes
        named = entry.first(attributes.unit)
        if self.settings.unit_base:
            unit = self.by_name.get(fold(named)) if named else None
            return self._department(unit or self._lies_in(entry.dn), entry)
        parent = self.top.key
        for level, name in ((SECTOR, entry.first(attributes.sector)), (UNIT, named)):
            if name:
                parent = self._named(level, name, parent)
        return self._department(parent, entry)

    def _department(self, unit_key: str, entry: Entry) -> str:
        unit = self.units[unit_key]
        name = entry.first(self.settings.attributes.department)
        if unit.level != UNIT or not name or fold(name) == fold(unit.name):
            return unit_key
        if fold(name).startswith(fold(unit.name)):
            name = tidy(_AFTER_UNIT.sub("", name[len(unit.name) :])) or name
        return self._named(DEPARTMENT, name, unit_key)

    def _named(self, level: str, name: str, parent: str) -> str:
        digest = hashlib.sha256(f"{parent}/{fold(name)}".encode()).hexdigest()[:32]
        key = f"name:{level}:{digest}"
        if key not in self.units:
            self.units[key] = DirectoryUnit(key, name, level, parent)
        return key

    def _lies_in(self, dn: str) -> str:
        key = dn_key(dn)
        for length in range(len(key), 0, -1):
            if key[:length] in self.by_dn:
                return self.by_dn[key[:length]]
        return self.top.key

    def _is_above(self, unit: str, home: str) -> bool:
        step: str | None = home
        while step is not None:
            if step == unit:
                return True
            step = self.units[step].parent_key
        return False


def open_unit_book(settings: LdapSettings, entries: Iterable[Entry]) -> UnitBook:
    """Return the units of the tree below `unit_base` (no entries: attributes only)."""
    top = DirectoryUnit(TOP_KEY, settings.municipality, MUNICIPALITY)
    book = UnitBook(settings, top, {TOP_KEY: top})
    if not settings.unit_base:
        return book
    base = dn_key(settings.unit_base)
    book.by_dn[base] = TOP_KEY
    for entry in sorted(entries, key=lambda entry: len(dn_key(entry.dn))):
        dn = dn_key(entry.dn)
        key = key_of(entry, settings.key_attribute)
        if len(dn) <= len(base) or key is None:
            continue
        parent = book.by_dn.get(dn[:-1], TOP_KEY)
        name = entry.first(["ou", "name", "cn"])
        level = level_at(len(dn) - len(base))
        book.units[key] = DirectoryUnit(key, name, level, parent)
        book.by_dn[dn] = key
        # Of two units with one name the higher counts; the attribute cannot tell them apart.
        book.by_name.setdefault(fold(name), key)
    return book


def finish_units(book: UnitBook, persons: Iterable[DirectoryPerson]) -> tuple[DirectoryUnit, ...]:
    """Return the units where somebody works, or works below, each with its leader.

    Folders for groups and service accounts hold no persons and so are no units.
    """
    persons = tuple(persons)
    peopled = {book.top.key}
    for person in persons:
        for start in person.unit_keys if person.is_enabled else ():
            step: str | None = start
            while step is not None and step not in peopled:
                peopled.add(step)
                step = book.units[step].parent_key
    units = mend_tree(unit for key, unit in book.units.items() if key in peopled)
    leaders: Mapping[str, str | None] = find_leaders(units, persons)
    return tuple(replace(unit, leader_key=leaders[unit.key]) for unit in units)
