"""Reads about persons."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from typing import TypeVar

from sqlalchemy import bindparam, or_, select

from intranet.core.errors import InvalidInput, NotFound
from intranet.core.reads import read
from intranet.core.text import _
from intranet.extensions import Base, db
from intranet.people.models import Person
from intranet.people.picking import picked_id

# Where the databases' integers end: a larger id is nobody's, not a fault of PostgreSQL.
LARGEST_ID = 2**31 - 1
# So many are named when several answer to a name.
_SHOWN = 5
_ACTIVE = (Person.is_directory_active, ~Person.is_blocked)

Row = TypeVar("Row", bound=Base)

_NAMES = select(Person.id, Person.name).where(Person.id.in_(bindparam("persons", expanding=True)))


def find_row(model: type[Row], row_id: int) -> Row | None:
    """Return the row with this id, or None, whatever number was typed in the address."""
    return db.session.get(model, row_id) if 0 < row_id <= LARGEST_ID else None


def get_person(person_id: int) -> Person:
    """Return the person, also a deactivated one. Raises NotFound."""
    person = find_row(Person, person_id)
    if person is None:
        raise NotFound(_("Vi finner ikke denne personen."))
    return person


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of the persons by id; unknown ids are left out."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in read(_NAMES, persons=sorted(wanted)).all()}


def find_names(wanted: Collection[tuple[str, ...]], *, besides: int) -> list[str]:
    """Return the full names, casefolded, of those who may be called one of `wanted` today.

    Each of these is a name as casefolded words. First and last name find a person with names
    between as well, so that some come along who are called otherwise: the caller compares. Only who
    works here now is found, as anybody who works here finds them in the search.
    """
    keys = {" ".join(words) for words in wanted}
    families = {"-".join(part.capitalize() for part in words[-1].split("-")) for words in wanted}
    if not keys:
        return []
    rows = db.session.execute(
        select(Person.name_key).where(
            or_(Person.name_key.in_(keys), Person.family_name.in_(families)),
            Person.is_directory_active,
            ~Person.is_blocked,
            Person.id != besides,
        )
    )
    return list(rows.scalars())


def get_person_by_text(text: str, *, field: str) -> int:
    """Return the person that "Jonas Berg (jonas)", a name or a user name means.

    Raises InvalidInput at `field`, with the possible ones when there are several.
    """
    number = picked_id(text)
    if number is not None:
        chosen = select(Person.id).where(Person.id == number, *_ACTIVE)
        if db.session.scalar(chosen) is not None:
            return number
    key = unicodedata.normalize("NFC", text).strip().casefold()
    if key.endswith(")") and "(" in key:
        key = key.rsplit("(", 1)[1].rstrip(")").strip()
    for condition in (
        Person.username_key == key,
        Person.name_key == key,
        or_(Person.name_key.startswith(key, autoescape=True), Person.username_key == key),
    ):
        found = db.session.execute(
            select(Person.id, Person.name, Person.username)
            .where(condition, *_ACTIVE)
            .order_by(Person.name_key)
            .limit(_SHOWN + 1)
        ).all()
        if len(found) == 1:
            return int(found[0].id)
        if found:
            names = ", ".join(f"{row.name} ({row.username})" for row in found[:_SHOWN])
            raise InvalidInput(
                _("Flere passer. Skriv brukernavnet til den du mener: %(names)s.", names=names),
                field,
            )
    raise InvalidInput(_("Vi finner ingen med dette navnet. Skriv fullt navn."), field)
