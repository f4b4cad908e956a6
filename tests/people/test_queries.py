"""What the other rooms ask about people: chains, holders of roles, the chief."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people.models import Person
from intranet.people.queries.units import (
    chief_executive_id,
    holders_of,
    list_leaders_above,
    unit_choices,
)
from tests.cast import Cast, away, viewer

LONG = timedelta(days=30)


def leave(person_id: int) -> None:
    with transaction():
        db.session.get_one(Person, person_id).is_directory_active = False


def send_away(leader: int, stand_in: int, first: date, last: date) -> None:
    with transaction():
        away(leader, stand_in, first, last)


def test_a_stand_in_who_left_does_not_hide_the_leader_or_the_other_stand_in(
    people: Cast, context: Flask
) -> None:
    send_away(people.henrik, people.nils, today(), today() + LONG)
    send_away(people.henrik, people.siri, today(), today() + LONG)
    assert list_leaders_above(people.home_care)[0].stand_in_id == people.siri
    leave(people.siri)
    assert list_leaders_above(people.home_care)[0].stand_in_id == people.nils
    leave(people.nils)
    assert list_leaders_above(people.home_care)[0].acting_id == people.henrik


def test_who_stands_in_for_a_leader_who_left_leads_nothing(people: Cast, context: Flask) -> None:
    send_away(people.henrik, people.siri, today(), today() + LONG)
    assert viewer(people.siri).leads_directly(people.home_care)
    leave(people.henrik)
    assert not viewer(people.siri).is_leader
    assert list_leaders_above(people.home_care)[0].acting_id is None


def test_a_chief_who_left_is_no_chief(people: Cast, context: Flask) -> None:
    assert chief_executive_id() == people.ragnhild
    leave(people.ragnhild)
    assert chief_executive_id() is None


@pytest.mark.parametrize("unit", ["ward", "strandheim"])
def test_the_nearest_safety_representative_upwards_counts(
    people: Cast, context: Flask, unit: str
) -> None:
    assert holders_of(Role.SAFETY_REPRESENTATIVE, getattr(people, unit)) == [people.vera]
    assert holders_of(Role.SAFETY_REPRESENTATIVE, people.school) == []
    leave(people.vera)
    assert holders_of(Role.SAFETY_REPRESENTATIVE, getattr(people, unit)) == []


def test_units_are_offered_in_the_order_of_the_tree(people: Cast, context: Flask) -> None:
    names = [name for _number, name in unit_choices()]
    ward = "Avdeling 2, Strandheim sykehjem"
    home = "Strandheim sykehjem, Helse og mestring"
    assert names.index("Helse og mestring") < names.index(home) < names.index(ward)
    assert names[0] == "Havnsund kommune"
