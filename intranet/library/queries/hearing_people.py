"""Who a hearing is sent to: persons by what was typed, and those who work in named units."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from intranet.core.errors import InvalidInput
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.picking import picked_id
from intranet.people.queries.persons import LARGEST_ID

_IS_HERE = and_(Person.is_directory_active, ~Person.is_blocked)


def find_persons(names: Sequence[str]) -> list[int]:
    """Return the one active person for each full name or user name.

    Raises InvalidInput that says which name fits nobody, or several.
    """
    return [find_person(name).id for name in names]


def list_named(person_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return (id, name) of those of them who work here, by name."""
    known = [each for each in person_ids if 0 < each <= LARGEST_ID]
    found = (
        select(Person.id, Person.name)
        .where(Person.id.in_(known), _IS_HERE)
        .order_by(Person.name_key, Person.id)
    )
    return [(row.id, row.name) for row in db.session.execute(found)]


def find_person(name: str) -> AnyRow:
    """Return id and name of the one active person with this full name, user name or number.

    Raises InvalidInput when it fits nobody, or several.
    """
    key, number = " ".join(name.split()).casefold(), picked_id(name)
    found = db.session.execute(
        select(Person.id, Person.username, Person.name)
        .where(
            Person.id == number
            if number is not None
            else or_(Person.username_key == key, Person.name_key == key),
            _IS_HERE,
        )
        .order_by(Person.id)
        .limit(5)
    ).all()
    if not found:
        raise InvalidInput(
            _("Vi finner ingen ansatt som heter «%(name)s».", name=name[:120]), field="persons"
        )
    if len(found) > 1:
        raise InvalidInput(
            _(
                "Flere heter «%(name)s». Skriv brukernavnet til den du mener: %(names)s.",
                name=name[:120],
                names=", ".join(row.username for row in found),
            ),
            field="persons",
        )
    return found[0]


def list_people_of(unit_ids: Collection[int]) -> list[int]:
    """Return the active employees whose home is one of the units or below it."""
    if not unit_ids:
        return []
    named = aliased(Unit)
    return list(
        db.session.scalars(
            select(Person.id)
            .join(Unit, Unit.id == Person.home_unit_id)
            # The numbers of a path hold nothing that a pattern could take for its own.
            .join(named, and_(named.id.in_(unit_ids), Unit.path.startswith(named.path)))
            .where(_IS_HERE)
            .distinct()
            .order_by(Person.id)
        )
    )


def list_known_units(unit_ids: Collection[int]) -> list[int]:
    """Return those of the units that exist today."""
    return list(
        db.session.scalars(
            select(Unit.id).where(Unit.id.in_(unit_ids), Unit.is_active).order_by(Unit.id)
        )
    )
