"""The directory over LDAP: one login, one complete reading. Knows no database and no web."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import replace

from intranet.people.credentials import clean_name, password_bytes
from intranet.people.directory import groups, names, placing
from intranet.people.directory.check import run_check
from intranet.people.directory.connection import ServerMemory, Session, open_session
from intranet.people.directory.entries import (
    Entry,
    group_name,
    is_enabled,
    key_of,
    person_attributes,
)
from intranet.people.directory.ldap_settings import LdapSettings
from intranet.people.snapshot import (
    BeforePassword,
    CheckLine,
    DirectoryFailed,
    DirectoryPerson,
    DirectorySnapshot,
    LoginRefusal,
    LoginRefused,
    no_brake,
)

TREE_SECONDS = 600.0
MOST_GROUP_LEVELS = 20
_GROUP_ATTRIBUTES = ["cn", "displayName", "description"]
_RANGE = re.compile(r";range=\d+-(\d+|\*)$")


class LdapDirectory:
    """Active Directory or OpenLDAP. Safe to share between threads."""

    def __init__(self, settings: LdapSettings) -> None:
        self.settings = settings
        self.memory = ServerMemory()
        self._tree: tuple[float, list[Entry]] | None = None

    def authenticate(
        self, username: str, password: str, before_password: BeforePassword = no_brake
    ) -> DirectoryPerson:
        """Return the person whose name and password these are.

        `before_password` is called with the account's key (None: no such account) before the
        password is tried, and may raise. Raises LoginRefused or DirectoryFailed. An unknown name
        costs as many round trips as a known one.
        """
        name, secret = clean_name(username), password_bytes(password)
        if name is None or secret is None:
            raise LoginRefused(LoginRefusal.WRONG)
        with open_session(self.settings, self.memory) as session:
            entry = self._find(session, name)
            key = None if entry is None else key_of(entry, self.settings.key_attribute)
            before_password(key)
            if entry is None or key is None:
                nobody = f"cn={secrets.token_hex(8)},{self.settings.people_base}"
                session.try_password(nobody, secret)
                raise LoginRefused(LoginRefusal.WRONG)
            refusal = session.try_password(entry.dn, secret)
            if refusal is not None:
                raise LoginRefused(refusal, key)
            session.become_service()
            person = self._person_with_groups(session, entry)
        if person is None:
            raise LoginRefused(LoginRefusal.WRONG, key)
        if not person.is_enabled:
            raise LoginRefused(LoginRefusal.DISABLED, key)
        return person

    def find_person(self, username: str) -> DirectoryPerson | None:
        """Return the one account that this name would log in as, or None."""
        name = clean_name(username)
        if name is None:
            return None
        with open_session(self.settings, self.memory) as session:
            entry = self._find(session, name)
            return None if entry is None else self._person_with_groups(session, entry)

    def fetch_everything(self) -> DirectorySnapshot:
        """Return all persons, units and groups. Raises DirectoryFailed unless all of it came."""
        with open_session(self.settings, self.memory) as session:
            tree = self._read_tree(session)
            people = [
                entry
                for entry in session.search(
                    self.settings.people_base,
                    self.settings.people_filter,
                    person_attributes(self.settings),
                )
                if not self._is_excluded(entry.dn)
            ]
            book = groups.GroupBook(self._read_groups(session))
        return self._assemble(tree, people, book)

    def check(self) -> list[CheckLine]:
        """Try everything step by step; see `check.py`."""
        return run_check(self.settings, self.fetch_everything)

    def _find(self, session: Session, name: str) -> Entry | None:
        """Return the account, if exactly one has this name: two hits are nobody."""
        found = [
            entry
            for entry in session.search(
                self.settings.people_base,
                names.both(
                    self.settings.people_filter,
                    names.equals_any(self.settings.login_attributes, name),
                ),
                person_attributes(self.settings),
            )
            if not self._is_excluded(entry.dn)
        ]
        return found[0] if len(found) == 1 and found[0].dn.strip() else None

    def _is_excluded(self, dn: str) -> bool:
        return any(names.is_below(dn, base) for base in self.settings.excluded_bases)

    def _person_with_groups(self, session: Session, entry: Entry) -> DirectoryPerson | None:
        book = placing.open_unit_book(self.settings, self._cached_tree(session))
        above = self._groups_above(session, entry.dn)
        return self._person(entry, book, above)

    def _person(
        self, entry: Entry, book: placing.UnitBook, above: Iterable[Entry]
    ) -> DirectoryPerson | None:
        """Return the account as a person; None without key or user name."""
        attributes = self.settings.attributes
        key = key_of(entry, self.settings.key_attribute)
        username = entry.first(attributes.username)
        if key is None or not username:
            return None
        above = list(above)
        return DirectoryPerson(
            key=key,
            username=username,
            name=entry.first(attributes.name) or username,
            given_name=entry.first(attributes.given_name),
            family_name=entry.first(attributes.family_name),
            title=entry.first(attributes.title),
            email=entry.first(attributes.email),
            phone=entry.first(attributes.phone),
            mobile=entry.first(attributes.mobile),
            unit_keys=book.place(entry, above),
            groups=frozenset(group_name(group) for group in above) - {""},
            is_enabled=is_enabled(entry, self.settings),
        )

    def _groups_above(self, session: Session, dn: str) -> list[Entry]:
        """Return the groups that hold the entry, directly or through other groups."""
        found: dict[tuple[str, ...], Entry] = {}
        level = [dn]
        for _level in range(MOST_GROUP_LEVELS):
            rows = session.search(
                self.settings.group_base,
                names.both(
                    self.settings.group_filter,
                    names.equals_one_of(self.settings.member_attribute, level),
                ),
                _GROUP_ATTRIBUTES,
            )
            new = [row for row in rows if names.dn_key(row.dn) not in found]
            if not new:
                break
            found.update({names.dn_key(row.dn): row for row in new})
            level = [row.dn for row in new]
        return list(found.values())

    def _cached_tree(self, session: Session) -> list[Entry]:
        cached = self._tree
        if cached is None or time.monotonic() - cached[0] > TREE_SECONDS:
            cached = (time.monotonic(), self._read_tree(session))
            self._tree = cached
        return cached[1]

    def _read_tree(self, session: Session) -> list[Entry]:
        if not self.settings.unit_base:
            return []
        wanted = ["ou", "name", "cn", self.settings.key_attribute]
        return session.search(self.settings.unit_base, self.settings.unit_filter, wanted)

    def _read_groups(self, session: Session) -> list[tuple[Entry, list[str]]]:
        wanted = [*_GROUP_ATTRIBUTES, self.settings.member_attribute]
        return [
            (entry, self._members(session, entry))
            for entry in session.search(
                self.settings.group_base, self.settings.group_filter, wanted
            )
        ]

    def _members(self, session: Session, entry: Entry) -> list[str]:
        """Return all members. Active Directory sends a large group in pieces, 1,500 at a time."""
        attribute = self.settings.member_attribute.lower()
        members: list[str] = []
        while True:
            piece = next(
                (name for name in entry.values if name.startswith(f"{attribute};range=")), None
            )
            members += entry.texts(piece or attribute)
            last = _RANGE.search(piece) if piece else None
            if last is None or last.group(1) == "*":
                return members
            wanted = f"{attribute};range={int(last.group(1)) + 1}-*"
            rows = session.search(entry.dn, "(objectClass=*)", [wanted], only_base=True)
            if len(rows) != 1:
                raise DirectoryFailed(f"gruppen {entry.dn} forsvant under lesing")
            entry = rows[0]

    def _assemble(
        self, tree: list[Entry], people: list[Entry], group_book: groups.GroupBook
    ) -> DirectorySnapshot:
        book = placing.open_unit_book(self.settings, tree)
        keys = {
            names.dn_key(entry.dn): key
            for entry in people
            if (key := key_of(entry, self.settings.key_attribute)) is not None
        }
        if people and not keys:
            raise DirectoryFailed(f"ingen konto har {self.settings.key_attribute}")
        members = group_book.all_members(keys)
        above: dict[str, list[Entry]] = {}
        for dn, held in members.items():
            for key in held:
                above.setdefault(key, []).append(group_book.entries[dn])
        persons = []
        for entry in people:
            key = keys.get(names.dn_key(entry.dn))
            person = self._person(entry, book, above.get(key or "", ()))
            if person is not None:
                manager = entry.first(self.settings.attributes.manager)
                persons.append(replace(person, manager_key=keys.get(names.dn_key(manager))))
        enabled = {person.key for person in persons if person.is_enabled}
        return DirectorySnapshot(
            persons=tuple(persons),
            units=placing.finish_units(book, persons),
            groups={
                name: held & enabled for name, held in groups.by_name(group_book, members).items()
            },
        )
