"""Reads about persons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.extensions import Base, db
from intranet.people.models import Person

# Where the databases' integers end: a larger id is nobody's, not a fault of PostgreSQL.
LARGEST_ID = 2**31 - 1

Row = TypeVar("Row", bound=Base)


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
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}
