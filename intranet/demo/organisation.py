"""Makes the persons and units of Havnsund kommune, the same each time. Writes nothing."""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
SHARE_OF_WOMEN = 0.7
_SECOND_WOMEN = ("Marie", "Helene", "Elise", "Kristine")
_SECOND_MEN = ("Johan", "Magnus", "Andreas", "Olav")
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ł": "l", "ŋ": "n"})


@dataclass(frozen=True)
class DemoPerson:
    """One invented employee. `account_role` is set for the eleven accounts that are told about."""

    key: str
    username: str
    given_name: str
    family_name: str
    title: str
    unit_keys: tuple[str, ...]
    email: str = ""
    phone: str = ""
    mobile: str = ""
    groups: tuple[str, ...] = ()
    account_role: str | None = None

    @property
    def name(self) -> str:
        """The whole name as it is shown."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class DemoUnit:
    """One unit of the tree. `leader_key` None: the post is vacant."""

    key: str
    name: str
    level: str
    parent_key: str | None
    leader_key: str | None


@dataclass(frozen=True)
class Organisation:
    """The whole municipality."""

    units: tuple[DemoUnit, ...]
    persons: tuple[DemoPerson, ...]
    away_leader_key: str
    stand_in_key: str
    away_note: str

    def unit(self, key: str) -> DemoUnit:
        """Return the unit with this key."""
        return next(unit for unit in self.units if unit.key == key)

    def person(self, key: str) -> DemoPerson:
        """Return the person with this key."""
        return next(person for person in self.persons if person.key == key)

    def accounts(self) -> list[DemoPerson]:
        """Return the ten persons whose password is told, in the order of the file."""
        return [person for person in self.persons if person.account_role]


def build_organisation() -> Organisation:
    """Return Havnsund kommune as `content/organisation.json` and its seed make it."""
    return _Builder(json.loads((CONTENT / "organisation.json").read_text("utf-8"))).build()


def username_of(given: str, family: str) -> str:
    """Return "ole.petter.skog" for "Ole Petter", "Skog": small ASCII letters, digits, dots."""
    text = f"{given} {family}".lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return ".".join("".join(c if c.isalnum() else " " for c in plain).split())


@dataclass
class _Builder:
    content: dict[str, Any]
    random: random.Random = field(init=False)
    persons: dict[str, DemoPerson] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Invented names need no secrecy, but the same ones each time.
        self.random = random.Random(self.content["seed"])  # noqa: S311

    def build(self) -> Organisation:
        for row in self.content["named"]:
            self._add_named(row)
        for unit in self.content["units"]:
            self._fill(unit)
        self._give_roles()
        self._share_between_units()
        away = self.content["away"]
        return Organisation(
            units=tuple(
                DemoUnit(
                    key=unit["key"],
                    name=unit["name"],
                    level=unit["level"],
                    parent_key=unit["parent"],
                    leader_key=self.leaders.get(unit["key"]),
                )
                for unit in self.content["units"]
            ),
            persons=tuple(self.persons.values()),
            away_leader_key=self.leaders[away["leader_of"]],
            stand_in_key=self.leaders[away["stand_in_leader_of"]],
            away_note=away["note"],
        )

    def _add_named(self, row: dict[str, Any]) -> None:
        person = self._add(row["given"], row["family"], row["title"], row["unit"])
        self.persons[person.key] = replace(
            person, groups=tuple(row["groups"]), account_role=row["role"]
        )
        if person.username != row["username"]:
            raise ValueError(f"{row['username']} is not how {person.name} is written")

    def _fill(self, unit: dict[str, Any]) -> None:
        """Give the unit its leader, unless the post is vacant, and its staff."""
        if not unit.get("is_vacant"):
            named = unit.get("leader")
            leader = (
                next(p for p in self.persons.values() if p.username == named)
                if named
                else self._invent(unit["leader_title"], unit["key"])
            )
            self.leaders[unit["key"]] = leader.key
        for title, count in unit["staff"]:
            for _number in range(count):
                self._invent(title, unit["key"])

    def _invent(self, title: str, unit_key: str) -> DemoPerson:
        while True:
            women = self.random.random() < SHARE_OF_WOMEN
            given = self.random.choice(self.content["given_women" if women else "given_men"])
            families = self.content["family_of"].get(given, self.content["family"])
            family = self.random.choice(families)
            if families is self.content["family"] and self.random.random() < 0.06:
                family = f"{self.random.choice(families)}-{family}"
            elif families is self.content["family"] and self.random.random() < 0.08:
                given = f"{given} {self.random.choice(_SECOND_WOMEN if women else _SECOND_MEN)}"
            if username_of(given, family) not in self.taken:
                return self._add(given, family, title, unit_key)

    def _add(self, given: str, family: str, title: str, unit_key: str) -> DemoPerson:
        number = len(self.persons) + 1
        username = username_of(given, family)
        self.taken.add(username)
        has_desk = title not in ("Renholder", "Assistent", "Hjemmehjelp", "Vaktmester")
        person = DemoPerson(
            key=f"person-{number:04}",
            username=username,
            given_name=given,
            family_name=family,
            title=title,
            unit_keys=(unit_key,),
            # A few have none: the portal must find them too.
            email="" if number % 83 == 0 else f"{username}@{self.content['domain']}",
            phone=self._number() if has_desk else "",
            mobile=self._number() if number % 7 else "",
        )
        self.persons[person.key] = person
        return person

    def _number(self) -> str:
        """Return a telephone number that cannot exist: none in Norway begins with 0."""
        digits = f"{self.random.randrange(10**7):07}"
        return f"0{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]}"

    def _give_roles(self) -> None:
        """Give each unit a safety representative and an editor where the file says so."""
        for unit in self.content["units"]:
            if unit["level"] in ("unit", "sector"):
                self._grant("verneombud", unit["key"], skip_leaders=True)
        for key in self.content["editors_of"]:
            self._grant(f"red-{key}", key, skip_leaders=True)
        hr_leader = self.persons[self.leaders["hr"]]
        self._put_in_group(hr_leader, "hr")
        self._put_in_group(self.persons[hr_leader.key], "varslingsmottaker")

    def _grant(self, group: str, unit_key: str, *, skip_leaders: bool) -> None:
        below = {unit_key} | {
            unit["key"]
            for unit in self.content["units"]
            if unit["parent"] == unit_key and unit["level"] == "department"
        }
        staff = [
            person
            for person in self.persons.values()
            if person.unit_keys[0] in below
            and not (skip_leaders and person.key in self.leaders.values())
        ]
        if any(group in person.groups for person in staff):
            return
        free = [person for person in staff if not person.groups and not person.account_role]
        if free:
            self._put_in_group(self.random.choice(free), group)

    def _put_in_group(self, person: DemoPerson, group: str) -> None:
        self.persons[person.key] = replace(person, groups=(*person.groups, group))

    def _share_between_units(self) -> None:
        """Let every thirtieth of the staff belong to a second unit, as those with two jobs do."""
        parents = {unit["key"]: unit["parent"] for unit in self.content["units"]}
        units = [unit["key"] for unit in self.content["units"] if unit["level"] == "unit"]
        for number, person in enumerate(list(self.persons.values())):
            home = person.unit_keys[0]
            neighbours = [key for key in units if key != home and parents[key] == parents[home]]
            if number % 30 == 17 and neighbours and person.key not in self.leaders.values():
                second = self.random.choice(neighbours)
                self.persons[person.key] = replace(person, unit_keys=(*person.unit_keys, second))
