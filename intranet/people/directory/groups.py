"""Who is in which group, nested ones followed by ourselves: memberOf is direct only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intranet.people.directory.entries import Entry, group_name
from intranet.people.directory.names import dn_key

Dn = tuple[str, ...]


class GroupBook:
    """All groups of the directory and what each holds."""

    def __init__(self, members: Iterable[tuple[Entry, Iterable[str]]]) -> None:
        self.entries: dict[Dn, Entry] = {}
        self._members: dict[Dn, frozenset[Dn]] = {}
        for entry, names in members:
            key = dn_key(entry.dn)
            self.entries[key] = entry
            self._members[key] = frozenset(dn_key(name) for name in names)

    def persons_in(self, group: Dn, persons: Mapping[Dn, str]) -> frozenset[str]:
        """Return the keys of the known persons in the group or a group in it; loops end."""
        found: set[str] = set()
        seen: set[Dn] = set()
        waiting = [group]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for member in self._members.get(current, frozenset()):
                if member in persons:
                    found.add(persons[member])
                elif member in self._members:
                    waiting.append(member)
        return frozenset(found)

    def all_members(self, persons: Mapping[Dn, str]) -> dict[Dn, frozenset[str]]:
        """Return every group with the keys of the known persons in it."""
        return {group: self.persons_in(group, persons) for group in self.entries}


def by_name(book: GroupBook, members: Mapping[Dn, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the members by the group's name; two groups of one name are taken together."""
    named: dict[str, frozenset[str]] = {}
    for dn, keys in members.items():
        name = group_name(book.entries[dn])
        if name:
            named[name] = named.get(name, frozenset()) | keys
    return named
