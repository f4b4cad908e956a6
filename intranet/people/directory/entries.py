"""From the raw attributes of a directory entry to our words. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intranet.people.directory.ldap_settings import DISABLED_BIT, LdapSettings
from intranet.people.snapshot import tidy

NEVER_UNLOCKED = "000001010000Z"
ACCOUNT_CONTROL = "userAccountControl"
LOCKED_TIME = "pwdAccountLockedTime"


@dataclass(frozen=True)
class Entry:
    """One entry as the server sent it: attribute names in lower case, values as bytes."""

    dn: str
    values: Mapping[str, tuple[bytes, ...]]

    @classmethod
    def of(cls, dn: str, raw: Mapping[str, Iterable[bytes]]) -> Entry:
        """Return the entry; attribute options (";binary", ";range=…") stay in the name."""
        return cls(dn, {name.lower(): tuple(values) for name, values in raw.items()})

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all values as text."""
        return tuple(
            value.decode("utf-8", "replace") for value in self.values.get(name.lower(), ())
        )

    def first(self, names: Iterable[str]) -> str:
        """Return the first value of the first attribute that has one, tidied, or ""."""
        for name in names:
            for value in self.texts(name):
                if tidy(value):
                    return tidy(value)
        return ""


def key_of(entry: Entry, attribute: str) -> str | None:
    """Return the stable key: objectGUID is sixteen bytes, the others are text."""
    values = entry.values.get(attribute.lower(), ())
    if len(values) != 1 or not values[0]:
        return None
    if attribute.lower() == "objectguid":
        return str(uuid.UUID(bytes_le=values[0])) if len(values[0]) == 16 else None
    return values[0].decode("utf-8", "replace").strip().lower()


def is_enabled(entry: Entry, settings: LdapSettings) -> bool:
    """Whether the account may be used. A passing lock after wrong passwords does not count."""
    if settings.kind == "ad":
        control = entry.first([ACCOUNT_CONTROL])
        return not (control.isdigit() and int(control) & DISABLED_BIT)
    return entry.first([LOCKED_TIME]) != NEVER_UNLOCKED


def person_attributes(settings: LdapSettings) -> list[str]:
    """Return what to ask for about a person."""
    state = ACCOUNT_CONTROL if settings.kind == "ad" else LOCKED_TIME
    return [*settings.attributes.names(), settings.key_attribute, state]


def group_name(entry: Entry) -> str:
    """Return the name that the role table uses."""
    return entry.first(["cn"])


def group_title(entry: Entry) -> str:
    """Return the readable name: displayName, else the description up to a colon, else cn."""
    shown = entry.first(["displayName"])
    return shown or tidy(entry.first(["description"]).partition(":")[0]) or group_name(entry)
