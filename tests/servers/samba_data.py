"""The made-up municipality as an Active Directory has it: accounts in a tree of units."""

from __future__ import annotations

from collections.abc import Iterator

from tests.servers.directory_data import (
    DOMAIN,
    MUNICIPALITY,
    PASSWORD,
    SECTORS,
    SERVICE_PASSWORD,
    Municipality,
    Somebody,
    escape_rdn,
)

BASE = "DC=ad," + ",".join(f"DC={part}" for part in DOMAIN.split("."))
TOP = f"OU={MUNICIPALITY},{BASE}"
GROUPS = f"OU=Grupper,{TOP}"
SERVICE_FOLDER = f"OU=Systemkontoer,{TOP}"
CASES = f"OU=Testkontoer,{BASE}"
SERVICE = f"svc-intranett@{DOMAIN}"
LONG_AGO = "132000000000000000"
Attributes = list[tuple[str, object]]
Record = tuple[str, Attributes]

NORMAL, DISABLED, NO_EXPIRY, NO_PASSWORD = 512, 514, 66048, 544
# Hashing a password takes Samba a fortieth of a second; only those whom tests log in have one.
WITH_PASSWORD = ("plain", "odd_password", "dn_characters", "filter_characters", "two_units")


def _folder(dn: str, name: str) -> Record:
    return dn, [("objectClass", ["top", "organizationalUnit"]), ("ou", name)]


def _password(text: str) -> tuple[str, object]:
    return ("unicodePwd", f'"{text}"'.encode("utf-16-le"))


def dns_of(town: Municipality) -> dict[str, str]:
    """Return each person's name in the tree; CN must be unique inside a folder."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for person in town.people:
        folder = f"OU=Sluttet,{TOP}" if person.disabled else _unit_dn(person)
        dn = f"CN={escape_rdn(person.name)},{folder}"
        if dn.casefold() in used:
            dn = f"CN={escape_rdn(person.name)} {person.number},{folder}"
        used.add(dn.casefold())
        found[person.uid] = dn
    return found


def _unit_dn(person: Somebody) -> str:
    sector = f"OU={escape_rdn(person.sector)},{TOP}" if person.sector else TOP
    return f"OU={escape_rdn(person.unit)},{sector}" if person.unit else sector


def records(town: Municipality) -> Iterator[Record]:
    """Yield everything as additions; a record's manager and members come before it."""
    for dn, attributes in _records(town):
        change: Attributes = [] if attributes[0][0] == "changetype" else [("changetype", "add")]
        yield dn, change + attributes


def _records(town: Municipality) -> Iterator[Record]:
    yield _folder(TOP, MUNICIPALITY)
    for name in ("Grupper", "Systemkontoer", "Sluttet"):
        yield _folder(f"OU={name},{TOP}", name)
    for sector, units in SECTORS.items():
        yield _folder(f"OU={escape_rdn(sector)},{TOP}", sector)
        for unit in units:
            yield _folder(f"OU={escape_rdn(unit)},OU={escape_rdn(sector)},{TOP}", unit)
    dns = dns_of(town)
    keyed = {town.case[name].uid for name in WITH_PASSWORD}
    for person in town.people:
        yield dns[person.uid], _person(person, dns, person.uid in keyed)
    yield (
        f"CN=svc-intranett,{SERVICE_FOLDER}",
        _account("svc-intranett", NO_EXPIRY, SERVICE_PASSWORD),
    )
    yield from _groups(town, dns)
    yield from _cases()


def _account(name: str, control: int, password: str, *extra: tuple[str, object]) -> Attributes:
    return [
        ("objectClass", ["top", "person", "organizationalPerson", "user"]),
        ("cn", name),
        ("sAMAccountName", name),
        ("userPrincipalName", f"{name}@{DOMAIN}"),
        _password(password),
        ("userAccountControl", str(control)),
        *extra,
    ]


def _person(person: Somebody, dns: dict[str, str], has_password: bool) -> Attributes:
    unit = person.unit or person.sector
    control = DISABLED if person.disabled else NORMAL if has_password else NO_PASSWORD
    return [
        ("objectClass", ["top", "person", "organizationalPerson", "user"]),
        ("sn", person.family),
        ("givenName", person.given),
        ("displayName", person.name),
        ("sAMAccountName", person.uid),
        ("userPrincipalName", f"{person.uid}@{DOMAIN}"),
        ("mail", person.mail),
        ("title", person.title),
        ("department", f"{unit} – {person.department}" if person.department else unit),
        ("telephoneNumber", f"+47 00 00 {person.number:04d}"),
        ("manager", dns[person.manager.uid] if person.manager else ""),
        _password(person.password) if has_password else ("unicodePwd", ""),
        ("userAccountControl", str(control)),
    ]


def _groups(town: Municipality, dns: dict[str, str]) -> Iterator[Record]:
    done: list[str] = []
    late: list[tuple[str, str]] = []

    def visit(cn: str, stack: frozenset[str]) -> None:
        if cn in done:
            return
        for inner in town.groups[cn].groups:
            if inner in stack:
                late.append((cn, inner))
            else:
                visit(inner, stack | {cn})
        done.append(cn)

    for cn in town.groups:
        visit(cn, frozenset({cn}))
    for cn in done:
        group = town.groups[cn]
        inside = [f"CN={name},{GROUPS}" for name in group.groups if (cn, name) not in late]
        yield (
            f"CN={cn},{GROUPS}",
            [
                ("objectClass", ["top", "group"]),
                ("sAMAccountName", cn),
                ("displayName", group.title),
                ("groupType", "-2147483646"),
                ("member", [dns[person.uid] for person in group.people] + inside),
            ],
        )
    for cn, inner in late:
        yield (
            f"CN={cn},{GROUPS}",
            [("changetype", "modify"), ("add", "member"), ("member", f"CN={inner},{GROUPS}")],
        )


def _cases() -> Iterator[Record]:
    """One account for every answer that Active Directory gives to a bind."""
    yield _folder(CASES, "Testkontoer")
    never = b"\0" * 21
    for name, control, extra in (
        ("t-ok", NORMAL, ()),
        ("t-disabled", DISABLED, ()),
        ("t-locked", NORMAL, ()),
        ("t-mustchange", NORMAL, (("pwdLastSet", "0"),)),
        ("t-pwexpired", NORMAL, ()),
        ("t-accexpired", NORMAL, (("accountExpires", LONG_AGO),)),
        ("t-hours", NORMAL, (("logonHours", never),)),
        ("t-workstation", NORMAL, (("userWorkstations", "INGEN"),)),
        ("t-rename", NORMAL, ()),
    ):
        yield f"CN={name},{CASES}", _account(name, control, PASSWORD, *extra)
