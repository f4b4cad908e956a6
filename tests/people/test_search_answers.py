"""Persons are answered with at once, above the hits: by role, by number, by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.queries.units import list_units
from intranet.people.search_answers import PeopleDesk, named_units
from intranet.search import indexing
from intranet.search.person_questions import RoleAsked
from tests import cast
from tests.browser import Browser
from tests.cast import Cast

LogIn = Callable[[int], Browser]


@pytest.fixture
def indexed(app: Flask, people: Cast) -> Cast:
    """Mona's numbers are known, and everybody is in the index."""
    with app.app_context():
        with transaction():
            mona = db.session.get_one(Person, people.mona)
            mona.phone, mona.mobile, mona.title = "55 12 34 56", "+47 900 00 123", "Enhetsleder"
        indexing.rebuild()
        db.session.remove()
    return people


def answers(browser: Browser, words: str) -> list[str]:
    page = browser.get("/sok?q=" + words.replace(" ", "+").replace("+47", "%2B47"))
    return [
        " ".join(one.text_content().split())
        for one in page.find("//section[contains(@class,'answer')]")
    ]


@pytest.mark.parametrize(
    ("question", "heading", "name"),
    [
        ("hvem er verneombud på Strandheim", "Verneombud for Strandheim sykehjem", "Vera Vik"),
        ("leder på hjemmetjenesten", "Leder for Hjemmetjenesten", "Henrik Haug"),
        ("leiaren for heimetenesta", "Leder for Hjemmetjenesten", "Henrik Haug"),
        ("rektor Nesbakken", "Leder for Nesbakken skole", "Rita Ryen"),
        ("hvem er rådmann?", "Leder for Havnsund kommune", "Ragnhild Rådal"),
        ("personvernombudet", "Personvernombud for Havnsund kommune", "Petter Pran"),
        ("5534 56", "Telefonnummeret 553456", ""),
        ("3456", "Telefonnummeret 3456", "Mona Dahl"),
        ("tlf 55123456", "Telefonnummeret 55123456", "Mona Dahl"),
        ("+47 90000123", "Telefonnummeret 90000123", "Mona Dahl"),
        ("mona dahl", "Ansatt", "Mona Dahl"),
        ("Dahl", "Ansatt", "Mona Dahl"),
        ("leder og taushetsplikt", "", ""),
    ],
)
def test_a_person_is_answered_with_above_the_hits(
    indexed: Cast, log_in: LogIn, question: str, heading: str, name: str
) -> None:
    found = answers(log_in(indexed.tor), question)
    assert len(found) == (1 if name else 0)
    assert all(one.startswith(heading) and name in one for one in found)


def test_without_a_unit_it_is_ones_own(indexed: Cast, log_in: LogIn) -> None:
    (answer,) = answers(log_in(indexed.tor), "hvem er lederen min")
    assert answer.startswith("Leder for Nesbakken skole Rita Ryen") or "Rita Ryen" in answer


def test_a_vacant_post_leads_to_who_leads_above(indexed: Cast, log_in: LogIn) -> None:
    (answer,) = answers(log_in(indexed.tor), "leder avdeling 2")
    assert "Stillingen er ledig. Nærmeste leder over:" in answer
    assert "Mona Dahl" in answer
    assert "Leder for Strandheim sykehjem" in answer


def test_the_stand_in_of_today_is_named_first(app: Flask, indexed: Cast, log_in: LogIn) -> None:
    with app.app_context(), transaction():
        cast.away(indexed.henrik, indexed.siri, today(), today())
    (answer,) = answers(log_in(indexed.tor), "leder hjemmetjenesten")
    assert answer.index("Siri Sand Stedfortreder nå") < answer.index("Henrik Haug Leder, borte nå")


def test_who_left_or_is_blocked_is_no_answer(app: Flask, indexed: Cast, log_in: LogIn) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, indexed.vera).is_blocked = True
        db.session.get_one(Person, indexed.mona).is_directory_active = False
    tor = log_in(indexed.tor)
    (answer,) = answers(tor, "verneombud strandheim")
    assert "Vera" not in answer
    assert "Ingen er registrert" in answer
    assert answers(tor, "3456") == answers(tor, "mona dahl") == []


def test_many_units_of_one_name_are_no_answer(context: Flask, people: Cast) -> None:
    with transaction():
        for n in range(4):
            db.session.add(Unit(name="Avdeling 9", level="unit", directory_key=f"nine-{n}"))
    asked = RoleAsked(Role.SAFETY_REPRESENTATIVE, ("avdeling", "9"))
    assert len(named_units(asked.unit, list_units())) == 4
    assert PeopleDesk().by_role(cast.viewer(people.tor), asked) == []


def test_an_answer_stands_on_the_first_page_of_everything_only(
    indexed: Cast, log_in: LogIn
) -> None:
    tor = log_in(indexed.tor)
    assert answers(tor, "mona dahl&type=nyhet") == answers(tor, "mona dahl&side=2") == []
