"""The made-up municipality as an OpenLDAP has it: flat persons, a tree of units, nested groups."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from tests.servers.directory_data import (
    DOMAIN,
    MUNICIPALITY,
    SECTORS,
    SERVICE_PASSWORD,
    Municipality,
    Somebody,
    escape_rdn,
    ssha,
)

SUFFIX = ",".join(f"dc={part}" for part in DOMAIN.split("."))
PEOPLE = f"ou=personer,{SUFFIX}"
GROUPS = f"ou=grupper,{SUFFIX}"
UNITS = f"ou=organisasjon,{SUFFIX}"
SERVICE = f"cn=svc-intranett,ou=system,{SUFFIX}"
Attributes = list[tuple[str, object]]


def dn_of(person: Somebody) -> str:
    """Return the person's name in the tree."""
    return f"uid={person.uid},{PEOPLE}"


def _key(text: str) -> tuple[str, object]:
    return ("entryUUID", str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{text}.{DOMAIN}")))


def _folder(dn: str, name: str) -> tuple[str, Attributes]:
    return dn, [("objectClass", ["top", "organizationalUnit"]), ("ou", name), _key(dn)]


def entries(town: Municipality) -> Iterator[tuple[str, Attributes]]:
    """Yield everything, parents first, with the keys and memberOf that slapadd does not make."""
    yield (
        SUFFIX,
        [
            ("objectClass", ["top", "dcObject", "organization"]),
            ("dc", DOMAIN.split(".")[0]),
            ("o", MUNICIPALITY),
        ],
    )
    for name in ("personer", "grupper", "organisasjon", "system", "policies"):
        yield _folder(f"ou={name},{SUFFIX}", name)
    for sector, units in SECTORS.items():
        sector_dn = f"ou={escape_rdn(sector)},{UNITS}"
        yield _folder(sector_dn, sector)
        for unit in units:
            yield _folder(f"ou={escape_rdn(unit)},{sector_dn}", unit)
    yield (
        SERVICE,
        [
            ("objectClass", ["top", "organizationalRole", "simpleSecurityObject"]),
            ("cn", "svc-intranett"),
            ("userPassword", ssha(SERVICE_PASSWORD)),
        ],
    )
    for person in town.people:
        yield dn_of(person), _person(person)
    for group in town.groups.values():
        members = [dn_of(person) for person in group.people]
        members += [f"cn={name},{GROUPS}" for name in group.groups]
        yield (
            f"cn={group.cn},{GROUPS}",
            [
                ("objectClass", ["top", "groupOfNames"]),
                ("cn", group.cn),
                ("description", f"{group.title}: gruppe i intranettet"),
                # The class demands a member; the placeholder is nobody.
                ("member", members or [f"cn=ingen,ou=system,{SUFFIX}"]),
            ],
        )


def _person(person: Somebody) -> Attributes:
    unit = person.unit or person.sector
    department = f"{unit} – {person.department}" if person.department else unit
    return [
        ("objectClass", ["top", "person", "organizationalPerson", "inetOrgPerson"]),
        ("uid", person.uid),
        ("cn", person.name),
        ("sn", person.family),
        ("givenName", person.given),
        ("displayName", person.name),
        ("mail", person.mail),
        ("title", person.title),
        ("ou", unit),
        ("departmentNumber", department),
        ("telephoneNumber", f"+47 00 00 {person.number:04d}"),
        ("manager", dn_of(person.manager) if person.manager else ""),
        ("userPassword", ssha(person.password)),
        ("entryUUID", person.uuid),
        ("pwdAccountLockedTime", "000001010000Z" if person.disabled else ""),
    ]
