"""One small organisation, by name and role, for every test that needs people.

Havnsund kommune (rådmann Ragnhild)
  Helse og mestring (kommunalsjef Kaja)
    Strandheim sykehjem (leader Mona; editor Eva, safety representative Vera)
      Avdeling 2 (vacant; nurses Ingrid and Jonas)
    Hjemmetjenesten (leader Henrik, whose stand-in is Siri when `away` is called)
  Oppvekst (kommunalsjef Olav)
    Nesbakken skole (leader Rita; teacher Tor)
Over all: quality adviser Kari, data protection officer Petter, HR Hanne, administrator Adam.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intranet.core.actor import Role, Viewer
from intranet.extensions import db
from intranet.people.models import Membership, Person, RoleGrant, StandIn, Unit, UnitLevel
from intranet.people.queries.viewer import load_viewer


@dataclass(frozen=True)
class Cast:
    """Ids of everybody and every unit, by name."""

    ids: dict[str, int]

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None


PERSONS = {
    "ragnhild": ("Ragnhild Rådal", "municipality"),
    "kaja": ("Kaja Kleppe", "health"),
    "mona": ("Mona Dahl", "strandheim"),
    "ingrid": ("Ingrid Solheim", "ward"),
    "jonas": ("Jonas Berg", "ward"),
    "eva": ("Eva Åsen", "strandheim"),
    "vera": ("Vera Vik", "strandheim"),
    "henrik": ("Henrik Haug", "home_care"),
    "siri": ("Siri Sand", "home_care"),
    "nils": ("Nils Næss", "home_care"),
    "olav": ("Olav Omdal", "education"),
    "rita": ("Rita Ryen", "school"),
    "tor": ("Tor Tveit", "school"),
    "kari": ("Kari Kvale", "municipality"),
    "petter": ("Petter Pran", "municipality"),
    "hanne": ("Hanne Holm", "municipality"),
    "adam": ("Adam Aas", "municipality"),
}
UNITS = {
    "municipality": ("Havnsund kommune", UnitLevel.MUNICIPALITY, None, "ragnhild"),
    "health": ("Helse og mestring", UnitLevel.SECTOR, "municipality", "kaja"),
    "strandheim": ("Strandheim sykehjem", UnitLevel.UNIT, "health", "mona"),
    "ward": ("Avdeling 2", UnitLevel.DEPARTMENT, "strandheim", None),
    "home_care": ("Hjemmetjenesten", UnitLevel.UNIT, "health", "henrik"),
    "education": ("Oppvekst", UnitLevel.SECTOR, "municipality", "olav"),
    "school": ("Nesbakken skole", UnitLevel.UNIT, "education", "rita"),
}
ROLES = (
    ("eva", Role.EDITOR, "strandheim"),
    ("vera", Role.SAFETY_REPRESENTATIVE, "strandheim"),
    ("kari", Role.QUALITY_ADVISER, None),
    ("petter", Role.DATA_PROTECTION_OFFICER, None),
    ("hanne", Role.HR, None),
    ("adam", Role.ADMINISTRATOR, None),
)


def make() -> Cast:
    """Add and flush the organisation; the caller commits."""
    units: dict[str, Unit] = {}
    for key, (name, level, parent, _leader) in UNITS.items():
        unit = Unit(name=name, level=level, directory_key=f"unit-{key}")
        unit.parent_id = units[parent].id if parent else None
        db.session.add(unit)
        db.session.flush()
        unit.path = (units[parent].path if parent else "/") + f"{unit.id}/"
        units[key] = unit
    persons = {key: _person(key, name, units[home]) for key, (name, home) in PERSONS.items()}
    db.session.flush()
    for key, (_name, home) in PERSONS.items():
        db.session.add(Membership(person_id=persons[key].id, unit_id=units[home].id, is_home=True))
    for key, (_unit_name, _level, _parent, leader) in UNITS.items():
        units[key].leader_id = persons[leader].id if leader else None
    for key, role, unit_key in ROLES:
        unit_id = units[unit_key].id if unit_key else None
        db.session.add(RoleGrant(person_id=persons[key].id, role=role, unit_id=unit_id))
    db.session.flush()
    return Cast({key: row.id for key, row in (*persons.items(), *units.items())})


def _person(key: str, name: str, home: Unit) -> Person:
    given, _blank, family = name.partition(" ")
    person = Person(
        directory_key=f"person-{key}",
        username=key,
        username_key=key,
        name=name,
        name_key=name.casefold(),
        given_name=given,
        family_name=family,
        initials=given[0] + family[0],
        email=f"{key}@havnsund.kommune.example",
        home_unit_id=home.id,
    )
    db.session.add(person)
    return person


def away(leader_id: int, stand_in_id: int, starts_on: date, ends_on: date) -> None:
    """Add a stand-in for the period, both days included; the caller commits."""
    db.session.add(
        StandIn(leader_id=leader_id, stand_in_id=stand_in_id, starts_on=starts_on, ends_on=ends_on)
    )
    db.session.flush()


def viewer(person_id: int) -> Viewer:
    """Return the person as permissions see them now."""
    found = load_viewer(person_id)
    assert found is not None
    return found
