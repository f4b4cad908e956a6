"""How to reach a directory and what its attributes mean: presets and the municipality's own. Pure.

There is no switch for plain text or for skipping the certificate check, on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from intranet.people.roles import RoleRule, read_rules

DISABLED_BIT = 2


class DirectorySettingsError(Exception):
    """A setting of the directory is missing or wrong; the text names it, never a secret."""


@dataclass(frozen=True)
class AttributeMap:
    """Which attribute of an account holds what. Empty: not read. The first that has a value."""

    username: tuple[str, ...]
    name: tuple[str, ...] = ("displayName", "cn")
    given_name: tuple[str, ...] = ("givenName",)
    family_name: tuple[str, ...] = ("sn",)
    title: tuple[str, ...] = ("title",)
    email: tuple[str, ...] = ("mail",)
    phone: tuple[str, ...] = ("telephoneNumber",)
    mobile: tuple[str, ...] = ("mobile",)
    manager: tuple[str, ...] = ("manager",)
    # The name of the unit where the person works; empty: where the account lies in the tree.
    unit: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    # Only without `unit_base`: the name of the sector above the unit.
    sector: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return all attributes once."""
        return list(dict.fromkeys(name for f in fields(self) for name in getattr(self, f.name)))


@dataclass(frozen=True)
class LdapSettings:
    """One directory. `urls` are tried in order; `secret` never shows in a repr."""

    kind: str
    urls: tuple[str, ...]
    bind_dn: str
    people_base: str
    group_base: str
    secret: str = field(repr=False)
    attributes: AttributeMap = field(default_factory=lambda: AttributeMap(("uid",)))
    unit_base: str = ""
    starttls: bool = False
    ca_file: str = ""
    people_filter: str = "(objectClass=inetOrgPerson)"
    group_filter: str = "(objectClass=groupOfNames)"
    unit_filter: str = "(objectClass=organizationalUnit)"
    login_attributes: tuple[str, ...] = ("uid",)
    key_attribute: str = "entryUUID"
    member_attribute: str = "member"
    # Accounts below these are nobody's: service accounts, test accounts, those who left.
    excluded_bases: tuple[str, ...] = ()
    # Groups whose members also belong to the unit that the group is named after; may hold a star.
    unit_groups: str = ""
    connect_timeout: int = 3
    receive_timeout: int = 5
    page_size: int = 500
    largest_departure_share: float = 0.10
    municipality: str = "Kommunen"
    rules: tuple[RoleRule, ...] = ()


PRESETS: dict[str, dict[str, Any]] = {
    "openldap": {
        "people_filter": "(objectClass=inetOrgPerson)",
        "group_filter": "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))",
        "login_attributes": ("uid",),
        "key_attribute": "entryUUID",
        "attributes": {"username": "uid", "unit": "ou", "department": "departmentNumber"},
    },
    "ad": {
        "people_filter": "(&(objectCategory=person)(objectClass=user))",
        "group_filter": "(objectClass=group)",
        "login_attributes": ("sAMAccountName", "userPrincipalName"),
        "key_attribute": "objectGUID",
        "attributes": {"username": "sAMAccountName", "department": "department"},
    },
}
TEXTS = frozenset(
    {
        "bind_dn",
        "people_base",
        "group_base",
        "unit_base",
        "ca_file",
        "people_filter",
        "group_filter",
        "unit_filter",
        "key_attribute",
        "member_attribute",
        "unit_groups",
        "municipality",
    }
)
LISTS = frozenset({"urls", "login_attributes", "excluded_bases"})
# ldap3 packs the timeouts as whole seconds; a fraction breaks it at first use.
INTEGERS = frozenset({"connect_timeout", "receive_timeout", "page_size"})
OTHERS = frozenset({"preset", "starttls", "largest_departure_share", "attributes", "roles"})
# Read by those who start the sync, not here.
ELSEWHERE = frozenset({"secret_file", "sync_minutes", "login_attempts"})
REQUIRED = ("urls", "bind_dn", "people_base", "group_base")


def read_ldap_settings(
    table: Mapping[str, Any], secret: str, municipality: str = "Kommunen"
) -> LdapSettings:
    """Return the settings of a `[directory]` table on top of its preset.

    Raises DirectorySettingsError that names the first thing that is missing, unknown or unsafe.
    """
    preset = str(table.get("preset", ""))
    if preset not in PRESETS:
        raise DirectorySettingsError(f"directory.preset må være en av {', '.join(PRESETS)}")
    unknown = set(table) - TEXTS - LISTS - INTEGERS - OTHERS - ELSEWHERE
    if unknown:
        raise DirectorySettingsError(f"directory har ukjente innstillinger: {sorted(unknown)}")
    values: dict[str, Any] = {"municipality": municipality, **PRESETS[preset], **table}
    for name in REQUIRED:
        if not values.get(name):
            raise DirectorySettingsError(f"directory.{name} mangler")
    if not secret:
        raise DirectorySettingsError("DIRECTORY_SECRET (tjenestekontoens passord) mangler")
    chosen: dict[str, Any] = {name: str(values[name]) for name in TEXTS if name in values}
    chosen |= {name: _list(values[name]) for name in LISTS if name in values}
    chosen |= {name: _integer(name, values[name]) for name in INTEGERS if name in values}
    settings = LdapSettings(
        kind=preset,
        secret=secret,
        attributes=_attributes(preset, values),
        rules=_rules(values.get("roles")),
        starttls=values.get("starttls", False) is True,
        largest_departure_share=float(values.get("largest_departure_share", 0.10)),
        **chosen,
    )
    _refuse_unsafe(settings)
    return settings


def _list(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _integer(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DirectorySettingsError(f"directory.{name} må være et helt tall over null")
    return value


def _rules(table: Any) -> tuple[RoleRule, ...]:
    try:
        return read_rules(table)
    except ValueError as error:
        raise DirectorySettingsError(f"directory.{error}") from error


def _attributes(preset: str, values: Mapping[str, Any]) -> AttributeMap:
    own = values.get("attributes") or {}
    known = {f.name for f in fields(AttributeMap)}
    if set(own) - known:
        raise DirectorySettingsError(
            f"directory.attributes har ukjente navn: {sorted(set(own) - known)}"
        )
    merged = {**PRESETS[preset]["attributes"], **own}
    return AttributeMap(**{name: _list(value) if value else () for name, value in merged.items()})


def _refuse_unsafe(settings: LdapSettings) -> None:
    for url in settings.urls:
        parts = urlsplit(url)
        if parts.scheme not in ("ldap", "ldaps") or not parts.hostname:
            raise DirectorySettingsError(
                f"directory.urls: {url} er ikke ldaps://navn eller ldap://navn"
            )
        if parts.scheme == "ldap" and not settings.starttls:
            raise DirectorySettingsError(
                f"directory.urls: {url} sender passord i klartekst; "
                "bruk ldaps:// eller starttls = true"
            )
        if parts.username or parts.password:
            raise DirectorySettingsError("directory.urls: passord hører ikke hjemme i adressen")
    if settings.ca_file and not Path(settings.ca_file).is_file():
        raise DirectorySettingsError(f"directory.ca_file: {settings.ca_file} finnes ikke")
