"""The demonstration directory: accounts in a file, passwords as argon2. Never in production.

The file (default `instance/directory.json`, mode 0600) is read anew when it changes:

    {"units":   [{"key", "name", "level", "parent_key", "leader_key"}],
     "persons": [{"key", "username", "password_hash", "name", "given_name", "family_name", "title",
                  "email", "phone", "mobile", "unit_keys": [home first], "groups": [names],
                  "is_enabled"}],
     "groups":  {"name": [person keys]}}

`level` is municipality, sector, unit or department; one unit is the municipality. `leader_key` and
`parent_key` may be null. A person's groups are those named by the person and those that name the
person. `password_hash` may be null: that account cannot log in. `hash_password` makes one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intranet.people.credentials import clean_name, password_bytes
from intranet.people.organisation import mend_tree
from intranet.people.snapshot import (
    BeforePassword,
    CheckLine,
    CheckState,
    DirectoryFailed,
    DirectoryPerson,
    DirectorySnapshot,
    DirectoryUnit,
    LoginRefusal,
    LoginRefused,
    fold,
    no_brake,
)

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked for unknown names, so that they take as long as known ones.
_NOBODYS_HASH = _HASHER.hash("ingen har dette passordet")
_TEXTS = ("name", "given_name", "family_name", "title", "email", "phone", "mobile")


def hash_password(password: str) -> str:
    """Return the argon2 hash for the file."""
    return _HASHER.hash(password.encode("utf-8"))


def verify_password(password_hash: str | None, secret: bytes) -> bool:
    """Whether the password is the right one; takes as long without a hash."""
    try:
        _HASHER.verify(password_hash or _NOBODYS_HASH, secret)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


class EmbeddedDirectory:
    """The accounts of one file behind the interface of `snapshot.Directory`."""

    def __init__(self, path: Path, *, is_production: bool) -> None:
        if is_production:
            raise RuntimeError("the demonstration directory is not for production")
        self._path = path
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], DirectorySnapshot, dict[str, str | None]] | None = None

    def authenticate(
        self, username: str, password: str, before_password: BeforePassword = no_brake
    ) -> DirectoryPerson:
        """Return the person whose name and password these are. Raises LoginRefused."""
        secret = password_bytes(password)
        if clean_name(username) is None or secret is None:
            raise LoginRefused(LoginRefusal.WRONG)
        person = self.find_person(username)
        before_password(None if person is None else person.key)
        _snapshot, hashes = self._load()
        if person is None:
            verify_password(None, secret)
            raise LoginRefused(LoginRefusal.WRONG)
        if not verify_password(hashes.get(person.key), secret):
            raise LoginRefused(LoginRefusal.WRONG, person.key)
        if not person.is_enabled:
            raise LoginRefused(LoginRefusal.DISABLED, person.key)
        return person

    def find_person(self, username: str) -> DirectoryPerson | None:
        """Return the one account of this name, or None; two of one name are nobody."""
        name = clean_name(username)
        if name is None:
            return None
        snapshot, _hashes = self._load()
        found = [person for person in snapshot.persons if fold(person.username) == fold(name)]
        return found[0] if len(found) == 1 else None

    def fetch_everything(self) -> DirectorySnapshot:
        """Return what the file holds. Raises DirectoryFailed when it cannot be read."""
        return self._load()[0]

    def check(self) -> list[CheckLine]:
        """Tell whether the file can be read and what is in it."""
        try:
            snapshot = self.fetch_everything()
        except DirectoryFailed as error:
            return [CheckLine("Fil", CheckState.BAD, str(error))]
        return [
            CheckLine("Demonstrasjonskatalog", CheckState.WARNING, f"{self._path}: ikke for drift"),
            CheckLine("Personer", CheckState.GOOD, str(len(snapshot.persons))),
            CheckLine("Enheter", CheckState.GOOD, str(len(snapshot.units))),
            CheckLine("Grupper", CheckState.GOOD, str(len(snapshot.groups))),
        ]

    def _load(self) -> tuple[DirectorySnapshot, dict[str, str | None]]:
        with self._lock:
            try:
                found = self._path.stat()
                stamp = (found.st_mtime_ns, found.st_size)
                if self._read is None or self._read[0] != stamp:
                    self._read = (stamp, *_parse(json.loads(self._path.read_text("utf-8"))))
            except OSError as error:
                raise DirectoryFailed(f"{self._path}: {error.strerror}") from error
            except (ValueError, KeyError, TypeError) as error:
                raise DirectoryFailed(f"{self._path}: {type(error).__name__} {error}") from error
            return self._read[1], self._read[2]


def _parse(content: Mapping[str, Any]) -> tuple[DirectorySnapshot, dict[str, str | None]]:
    named: dict[str, set[str]] = {}
    for group, keys in content.get("groups", {}).items():
        named.setdefault(group, set()).update(keys)
    rows = content["persons"]
    for row in rows:
        for group in row.get("groups", ()):
            named.setdefault(group, set()).add(row["key"])
    held: dict[str, set[str]] = {}
    for group, members in named.items():
        for key in members:
            held.setdefault(key, set()).add(group)
    persons = tuple(
        DirectoryPerson(
            key=row["key"],
            username=row["username"],
            unit_keys=tuple(row.get("unit_keys", ())),
            groups=frozenset(held.get(row["key"], ())),
            is_enabled=bool(row.get("is_enabled", True)),
            **{name: row.get(name) or "" for name in _TEXTS},
        )
        for row in rows
    )
    units = mend_tree(
        DirectoryUnit(
            row["key"], row["name"], row["level"], row.get("parent_key"), row.get("leader_key")
        )
        for row in content["units"]
    )
    enabled = {person.key for person in persons if person.is_enabled}
    groups = {group: frozenset(members & enabled) for group, members in named.items()}
    hashes = {row["key"]: row.get("password_hash") for row in rows}
    return DirectorySnapshot(persons, units, groups), hashes
