"""A made-up municipality's directory: the same each time, with the cases that break things.

Everybody is invented; the domain is under .example and telephone numbers begin with 0.
"""

from __future__ import annotations

import base64
import hashlib
import random
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

# fmt: off
GIVEN = (
    "Anne", "Inger", "Kari", "Marit", "Liv", "Eva", "Ida", "Hanne", "Nina", "Bente", "Ingrid",
    "Silje", "Kristin", "Tone", "Hilde", "Åse", "Berit", "Gro", "Solveig", "Synnøve", "Målfrid",
    "Jan", "Per", "Bjørn", "Ole", "Lars", "Kjell", "Knut", "Arne", "Svein", "Geir", "Tor",
    "Øyvind", "Håkon", "Pål", "Åge", "Bård", "Jørgen", "Máret", "Fatima", "Agnieszka", "Łukasz",
)
FAMILY = (
    "Hansen", "Olsen", "Larsen", "Nilsen", "Berg", "Haugen", "Hagen", "Dahl", "Lund", "Moen",
    "Strand", "Solberg", "Eide", "Bakken", "Lie", "Nygård", "Bråthen", "Sæther", "Ødegård",
    "Østby", "Åsheim", "Bø", "Kvåle", "Vågen", "Næss", "Tveit", "Holm", "Gaup", "Sara", "Öberg",
)
# fmt: on
# Sector: units of it, each with departments (none: people sit in the unit itself).
SECTORS: dict[str, dict[str, tuple[str, ...]]] = {
    "Oppvekst og utdanning": {
        "Bakkeløkka skole": ("1.–4. trinn", "5.–7. trinn", "SFO"),
        "Nordvågen ungdomsskole": ("8. trinn", "9. trinn"),
        "Blåbærlia barnehage": (),
    },
    "Helse og velferd": {
        "Furutoppen sykehjem": ("Avdeling A", "Avdeling B"),
        "Hjemmetjenesten øst": ("Dag", "Natt"),
        "Legetjenesten": (),
    },
    "Plan, teknikk og miljø": {"Vann og avløp": (), "Eiendom og renhold": ("Drift", "Renhold")},
    "Organisasjon": {"HR og lønn": (), "Digitalisering": ()},
}
PASSWORD = "Passord-1234!"
SERVICE_PASSWORD = "Lese-konto-1"
DOMAIN = "fjordvik.example"
MUNICIPALITY = "Fjordvik kommune"
_ASCII = str.maketrans("æøåÆØÅŁłáÖö", "aoaAOALlaOo")


@dataclass(eq=False)
class Somebody:
    """One made-up employee."""

    number: int
    given: str
    family: str
    title: str
    uid: str
    sector: str = ""
    unit: str = ""
    department: str = ""
    manager: Somebody | None = None
    mail: str = ""
    disabled: bool = False
    password: str = PASSWORD

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    @property
    def uuid(self) -> str:
        """The stable key that slapadd is told."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"person-{self.number}.{DOMAIN}"))


@dataclass
class Group:
    """One group: persons and other groups in it."""

    cn: str
    title: str
    people: list[Somebody] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


class Municipality:
    """The whole directory, made from a seed."""

    def __init__(self, count: int = 200, seed: int = 2026) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._uids: set[str] = set()
        self.people: list[Somebody] = []
        self.groups: dict[str, Group] = {}
        self.leaders: dict[str, Somebody] = {}
        self.chief = self._add("Kommunedirektør", "", "", "", None)
        self._staff(count)
        self._special_cases()
        self._make_groups()

    def _add(
        self, title: str, sector: str, unit: str, department: str, manager: Somebody | None
    ) -> Somebody:
        self._number += 1
        given, family = self._random.choice(GIVEN), self._random.choice(FAMILY)
        stem = (given[:3] + family[:3]).translate(_ASCII).lower()
        uid = next(
            name
            for name in (stem, *(f"{stem}{n}" for n in range(2, 10_000)))
            if name not in self._uids
        )
        self._uids.add(uid)
        made = Somebody(self._number, given, family, title, uid, sector, unit, department, manager)
        made.mail = f"{uid}@{DOMAIN}"
        self.people.append(made)
        return made

    def _staff(self, count: int) -> None:
        bosses: list[tuple[str, str, str, Somebody]] = []
        for sector, units in SECTORS.items():
            head = self._add("Kommunalsjef", sector, "", "", self.chief)
            self.leaders[sector] = head
            for unit, departments in units.items():
                leader = self._add("Virksomhetsleder", sector, unit, "", head)
                self.leaders[unit] = leader
                for department in departments:
                    boss = self._add("Avdelingsleder", sector, unit, department, leader)
                    self.leaders[f"{unit}/{department}"] = boss
                    bosses.append((sector, unit, department, boss))
                if not departments:
                    bosses.append((sector, unit, "", leader))
        index = 0
        while len(self.people) < count:
            sector, unit, department, boss = bosses[index % len(bosses)]
            self._add("Fagarbeider", sector, unit, department, boss)
            index += 1

    def _special_cases(self) -> None:
        workers = [person for person in self.people if person.title == "Fagarbeider"]
        self.case: dict[str, Somebody] = {}

        def take(name: str, **changes: object) -> Somebody:
            person = workers[len(self.case) * 3]
            for attribute, value in changes.items():
                setattr(person, attribute, value)
            self.case[name] = person
            return person

        take("twin_1", given="Kari", family="Hansen")
        take("twin_2", given="Kari", family="Hansen")
        take("filter_characters", family="Øie (vikar) *")
        take("dn_characters", family='Lie, "Lillen" + Co #1')
        decomposed = unicodedata.normalize("NFD", "Åshild Sjøgård").split()
        take("decomposed", given=decomposed[0], family=decomposed[1])
        take("no_manager", manager=None)
        take("no_mail", mail="")
        take("disabled_1", disabled=True)
        take("disabled_2", disabled=True)
        take("odd_password", password="Sommer²½ 2026!\u00a0")
        take("decomposed_password", password=unicodedata.normalize("NFD", "Åsgård-2026!"))
        take("blank_password", password=" blank foran og bak ")
        take("plain")
        take("two_units")
        take("locks")
        take("must_change")
        take("expires")
        take("marries")

    def _make_groups(self) -> None:
        def group(cn: str, title: str, people: list[Somebody]) -> Group:
            self.groups[cn] = Group(cn, title, [person for person in people if not person.disabled])
            return self.groups[cn]

        everyone = group("alle-ansatte", "Alle ansatte", [self.chief])
        editors = group("intranett-redaktor", "Redaktører", [])
        safety: list[Somebody] = []
        for sector, units in SECTORS.items():
            for unit in units:
                slug = unit.split()[0].translate(_ASCII).lower()
                staff = [person for person in self.people if person.unit == unit]
                everyone.groups.append(group(f"virk-{slug}", unit, staff).cn)
                editors.groups.append(group(f"red-{slug}", f"Redaktører {unit}", staff[-1:]).cn)
                safety.append(staff[-2])
            everyone.groups.append(group(f"sektor-{sector[:4]}", sector, [self.leaders[sector]]).cn)
        extra = "Legetjenesten" if self.case["two_units"].unit != "Legetjenesten" else "HR og lønn"
        self.groups[f"virk-{extra.split()[0].lower()}"].people.append(self.case["two_units"])
        self.extra_unit = extra
        group("verneombud", "Verneombud", safety)
        group("hovedverneombud", "Hovedverneombud", safety[:1])
        group("hr", "HR", [person for person in self.people if person.unit == "HR og lønn"])
        digital = [person for person in self.people if person.unit == "Digitalisering"]
        group("personvernombud", "Personvernombud", digital[1:2])
        group("intranett-admin", "Administratorer", digital[2:3])
        group("kvalitetsansvarlig", "Kvalitetsansvarlige", [self.case["plain"]])
        group("tom-gruppe", "Tom gruppe", [])
        group("sirkel-a", "Sirkel A", digital[1:2]).groups.append("sirkel-b")
        group("sirkel-b", "Sirkel B", []).groups.append("sirkel-a")

    def nested(self, cn: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """Return the user names of everybody in the group or a group in it."""
        if cn in seen:
            return set()
        group = self.groups[cn]
        found = {person.uid for person in group.people}
        for inner in group.groups:
            found |= self.nested(inner, seen | {cn})
        return found

    @property
    def enabled(self) -> list[Somebody]:
        """Everybody whose account may be used."""
        return [person for person in self.people if not person.disabled]


def escape_rdn(value: str) -> str:
    """Return the value as a part of a DN (RFC 4514)."""
    out = "".join(f"\\{char}" if char in ',+"\\<>;=' else char for char in value)
    return f"\\{out}" if out[:1] in (" ", "#") else out


def ldif(entries: Iterator[tuple[str, list[tuple[str, object]]]]) -> str:
    """Return the entries as LDIF, every value in base64: no quoting to get wrong."""
    records = []
    for dn, attributes in entries:
        lines = [_line("dn", dn)]
        for name, value in attributes:
            for one in value if isinstance(value, list) else [value]:
                if one not in ("", None):
                    lines.append(_line(name, one))
        records.append("\n".join(lines) + "\n")
    return "\n".join(records) + "\n"


def _line(name: str, value: object) -> str:
    raw = value if isinstance(value, bytes) else str(value).encode()
    if name in ("changetype", "add", "replace"):
        return f"{name}: {raw.decode()}"
    return f"{name}:: {base64.b64encode(raw).decode()}"


def ssha(password: str) -> str:
    """Return the salted hash as slapd stores it; the same each time."""
    salt = hashlib.sha256(password.encode()).digest()[:8]
    digest = hashlib.sha1(password.encode() + salt).digest()
    return "{SSHA}" + base64.b64encode(digest + salt).decode()
