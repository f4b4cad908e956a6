"""Answers the search's questions for persons: who leads, who has a role, whose number it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.people.forms import ROLE_NAMES
from intranet.people.leaders import LeaderLink
from intranet.people.models import Person, Unit, UnitLevel
from intranet.people.queries.units import UnitRow, holders_of, list_leaders_above, list_units
from intranet.people.search_source import PREFIX
from intranet.people.snapshot import LOCAL_KEY
from intranet.search import norwegian
from intranet.search.answers import PeopleAnswer, PersonCard
from intranet.search.person_questions import CHIEF, RoleAsked

# More than these answer nothing: then it is a word like others.
MOST_UNITS, MOST_PERSONS = 3, 3
_CARDS = (
    select(
        Person.id,
        Person.name,
        Person.initials,
        Person.title,
        Person.phone,
        Person.mobile,
        Person.email,
        Unit.name.label("unit_name"),
    )
    .outerjoin(Unit, Unit.id == Person.home_unit_id)
    .where(
        Person.is_directory_active,
        ~Person.is_blocked,
        Person.directory_key.is_(None) | ~Person.directory_key.startswith(LOCAL_KEY),
    )
    .order_by(Person.name_key, Person.id)
)
_BY_ID = _CARDS.where(Person.id.in_(bindparam("persons", expanding=True)))


def _digits(column: Any) -> ColumnElement[str]:
    without = column
    for sign in (" ", "+", "-", "(", ")"):
        without = func.replace(without, sign, "")
    return without  # type: ignore[no-any-return]


_BY_NUMBER = _CARDS.where(
    or_(
        *(_digits(column).endswith(bindparam("digits")) for column in (Person.phone, Person.mobile))
    )
).limit(MOST_PERSONS + 1)
_UNIT_WIDE = (Role.SAFETY_REPRESENTATIVE, Role.EDITOR)


class PeopleDesk:
    """Answers from the directory as it is now; everybody here may see who works here."""

    def by_role(self, viewer: Viewer, asked: RoleAsked) -> list[PeopleAnswer]:
        """Who has the role, or leads, in the units that the words name; without words the own."""
        units = list_units()
        if asked.unit == (CHIEF,):
            chosen = [unit for unit in units if unit.level == UnitLevel.MUNICIPALITY]
        elif asked.unit:
            chosen = named_units(asked.unit, units)
        elif asked.is_leader or asked.role in _UNIT_WIDE:
            chosen = [unit for unit in units if unit.id == viewer.home_unit_id]
        else:
            chosen = [unit for unit in units if unit.level == UnitLevel.MUNICIPALITY]
        if len(chosen) > MOST_UNITS:
            return []
        return [
            _leader_of(unit) if asked.role is None else _holders_in(unit, asked.role)
            for unit in chosen
        ]

    def by_number(self, viewer: Viewer, digits: str) -> list[PeopleAnswer]:
        """Whose telephone number it is, or ends so."""
        rows = read(_BY_NUMBER, digits=digits).all()
        if not 0 < len(rows) <= MOST_PERSONS:
            return []
        heading = _("Telefonnummeret %(number)s", number=digits)
        return [PeopleAnswer(heading, people=tuple(_card(row) for row in rows))]

    def is_called(self, words: Collection[str]) -> bool:
        """Whether somebody who works or worked here has one of these, casefolded, as a name."""
        parts = [
            condition
            for word in words
            for condition in (
                Person.name_key == word,
                Person.name_key.startswith(f"{word} ", autoescape=True),
                Person.name_key.startswith(f"{word}-", autoescape=True),
                Person.name_key.endswith(f" {word}", autoescape=True),
                Person.name_key.endswith(f"-{word}", autoescape=True),
                Person.name_key.contains(f" {word} ", autoescape=True),
                Person.username_key == word,
            )
        ]
        return (
            bool(parts) and read(select(Person.id).where(or_(*parts)).limit(1)).first() is not None
        )

    def by_keys(self, viewer: Viewer, keys: list[str]) -> list[PeopleAnswer]:
        """The persons with these keys of the index."""
        people = _people([int(key.removeprefix(PREFIX)) for key in keys if key.startswith(PREFIX)])
        return [PeopleAnswer(_("Ansatt"), people=people)] if people else []


def named_units(words: Sequence[str], units: Iterable[UnitRow]) -> list[UnitRow]:
    """Return the units whose names hold all the words, those with the fewest others; pure."""
    wanted = [norwegian.stem(word) for word in words]
    found = []
    for unit in units:
        stems = [norwegian.stem(word) for word in norwegian.bare_words([unit.name])]
        if all(word in stems for word in wanted):
            found.append((len(stems) - len(wanted), unit.depth, unit))
    if not found:
        return []
    nearest = min(others for others, _depth, _unit in found)
    return [unit for others, _depth, unit in found if others == nearest]


def _leader_of(unit: UnitRow) -> PeopleAnswer:
    """Who leads the unit, with the stand-in of today; of a vacant post, who leads above it."""
    chain = list_leaders_above(unit.id, today())
    own = chain[0]
    heading = _("Leder for %(unit)s", unit=unit.name)
    url = f"/enhet/{unit.id}"
    if own.leader_id is not None:
        notes = {own.leader_id: _("Leder")}
        if own.stand_in_id is not None:
            notes = {own.stand_in_id: _("Stedfortreder nå"), own.leader_id: _("Leder, borte nå")}
        return PeopleAnswer(heading, url, _people(list(notes), notes))
    above = _next_above(chain[1:])
    text = _("Stillingen er ledig.")
    if above is None or above.acting_id is None:
        return PeopleAnswer(heading, url, text=text)
    note = _("Leder for %(unit)s", unit=above.unit_name)
    people = _people([above.acting_id], {above.acting_id: note})
    return PeopleAnswer(heading, url, people, _("Stillingen er ledig. Nærmeste leder over:"))


def _next_above(chain: Sequence[LeaderLink]) -> LeaderLink | None:
    return next((link for link in chain if link.acting_id is not None), None)


def _holders_in(unit: UnitRow, role: Role) -> PeopleAnswer:
    name = ROLE_NAMES[role]
    heading = _("%(role)s for %(unit)s", role=name, unit=unit.name)
    url = f"/enhet/{unit.id}"
    ids = holders_of(role, unit.id)
    note = str(name)
    if not ids and role is Role.SAFETY_REPRESENTATIVE:
        ids = holders_of(Role.CHIEF_SAFETY_REPRESENTATIVE)
        note = str(ROLE_NAMES[Role.CHIEF_SAFETY_REPRESENTATIVE])
    if not ids:
        return PeopleAnswer(heading, url, text=_("Ingen er registrert. Spør lederen din."))
    return PeopleAnswer(heading, url, _people(ids, dict.fromkeys(ids, note)))


def _people(ids: Collection[int], notes: dict[int, str] | None = None) -> tuple[PersonCard, ...]:
    if not ids:
        return ()
    by_id = {row.id: row for row in read(_BY_ID, persons=sorted(ids)).all()}
    found = (by_id[person_id] for person_id in ids if person_id in by_id)
    return tuple(_card(row, (notes or {}).get(row.id, "")) for row in found)


def _card(row: AnyRow, note: str = "") -> PersonCard:
    return PersonCard(
        id=row.id,
        name=row.name,
        initials=row.initials,
        title=row.title,
        unit=row.unit_name or "",
        phone=row.phone,
        mobile=row.mobile,
        email=row.email,
        note=note,
    )
