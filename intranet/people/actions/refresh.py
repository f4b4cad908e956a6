"""Takes over at login what the directory says about one person."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.clock import now
from intranet.extensions import db
from intranet.people.models import Membership, Person, Unit, UnitLevel
from intranet.people.snapshot import DirectoryPerson, fold
from intranet.people.sync import person_fields


def refresh_person(told: DirectoryPerson) -> Person:
    """At login: take over what the directory says about this one person, without moving anybody.

    A person whom the sync has not seen yet is made here and belongs to the municipality until the
    sync has placed them. Roles and leadership wait for the sync.
    """
    person = db.session.execute(
        select(Person).where(Person.directory_key == told.key)
    ).scalar_one_or_none()
    if person is None:
        person = Person(directory_key=told.key, username="", name="")
        db.session.add(person)
        top = db.session.execute(
            select(Unit.id).where(Unit.level == UnitLevel.MUNICIPALITY).limit(1)
        ).scalar_one_or_none()
        _fill(person, told)
        db.session.flush()
        if top is not None:
            person.home_unit_id = top
            db.session.add(Membership(person_id=person.id, unit_id=top, is_home=True))
    _fill(person, told)
    person.is_directory_active = True
    person.last_login_at = now()
    db.session.flush()
    return person


def _fill(person: Person, told: DirectoryPerson) -> None:
    for name, value in person_fields(told).items():
        column = Person.__table__.columns[name]
        setattr(person, name, value[: getattr(column.type, "length", None) or 200])
    person.username_key = fold(person.username)[:120]
    person.name_key = fold(person.name)[:200]
    parts = person.name.split()
    person.initials = "".join(part[0] for part in (parts[:1] + parts[-1:])).upper()[:4]
