"""The pages of persons, units, the organisation and stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.notifications.models import Notice
from intranet.people.models import Person, RoleGrant, StandIn
from intranet.people.search_source import PersonSource
from tests.browser import Browser
from tests.cast import Cast, away, viewer

LogIn = Callable[[int], Browser]


def change(app: Flask, person_id: int, **values: object) -> None:
    with app.app_context(), transaction():
        person = db.session.get_one(Person, person_id)
        for name, value in values.items():
            setattr(person, name, value)


def period(people: Cast, **changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "leader": people.henrik,
        "stand_in": "siri",
        "starts_on": today().isoformat(),
        "ends_on": (today() + timedelta(days=7)).isoformat(),
        "note": "Ring meg om det brenner",
    }
    return {**fields, **changes}


def test_everybody_sees_a_colleague_with_unit_leaders_and_safety_representative(
    people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.tor).get(f"/ansatt/{people.ingrid}")
    assert page.status == 200
    assert page.heading == "Ingrid Solheim"
    for words in ("Avdeling 2", "Stillingen er ledig", "Mona Dahl", "Ragnhild Rådal", "Vera Vik"):
        assert words in page.text
    assert "Sist logget inn" not in page.text
    assert "Sperr personen" not in page.text


def test_the_own_page_says_when_one_logged_in_and_links_to_the_sessions(
    people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.henrik).get(f"/ansatt/{people.henrik}")
    assert "Sist logget inn" in page.text
    assert "Velg stedfortreder" in page.text
    assert "/okter" in page.links()


def test_somebody_who_left_is_found_by_administrators_only(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    change(app, people.jonas, is_directory_active=False)
    assert log_in(people.tor).get(f"/ansatt/{people.jonas}").status == 404
    page = log_in(people.adam).get(f"/ansatt/{people.jonas}")
    assert page.status == 200
    assert "Sluttet" in page.text


@pytest.mark.parametrize("path", ["/ansatt/0", "/ansatt/2147483648", "/ansatt/9999", "/enhet/9999"])
def test_a_person_or_unit_that_is_not_there_is_not_found(
    people: Cast, log_in: LogIn, path: str
) -> None:
    assert log_in(people.tor).get(path).status == 404


def test_the_unit_shows_its_chain_with_the_stand_in_of_today(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context(), transaction():
        away(people.henrik, people.siri, today(), today())
    page = log_in(people.nils).get(f"/enhet/{people.home_care}")
    assert page.heading == "Hjemmetjenesten"
    assert "Henrik Haug · stedfortreder nå: Siri Sand" in page.text
    assert "Kaja Kleppe" in page.text
    assert "3 ansatte" in page.text


def test_the_unit_lists_members_page_by_page(app: Flask, people: Cast, log_in: LogIn) -> None:
    with app.app_context(), transaction():
        from intranet.people.models import Membership

        for number in range(70):
            name = f"Ansatt {number:03d}"
            person = Person(name=name, name_key=name.casefold(), home_unit_id=people.school)
            db.session.add(person)
            db.session.flush()
            db.session.add(Membership(person_id=person.id, unit_id=people.school, is_home=True))
    browser = log_in(people.tor)
    first = browser.get(f"/enhet/{people.school}")
    assert "Ansatt 049" in first.text
    assert "Ansatt 050" not in first.text
    assert "72 ansatte" in first.text
    more = next(link for link in first.links() if "etter=" in link)
    second = browser.get(more)
    assert "Ansatt 050" in second.text
    assert "Rita Ryen" in second.text
    assert "Ansatt 049" not in second.text


def test_the_organisation_shows_the_whole_tree(people: Cast, log_in: LogIn) -> None:
    page = log_in(people.tor).get("/organisasjon")
    for name in ("Havnsund kommune", "Helse og mestring", "Strandheim sykehjem", "Avdeling 2"):
        assert name in page.text
    assert f"/enhet/{people.ward}" in page.links()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("eva å", ["Eva Åsen"]),
        ("ÅSEN", ["Eva Åsen"]),
        ("kari", ["Kari Kvale"]),
        ("solheim ing", ["Ingrid Solheim"]),
        ("%", []),
        ("_a", []),
        ("a", []),
        ("'; drop table person", []),
    ],
)
def test_a_person_is_found_by_the_beginning_of_the_names(
    people: Cast, log_in: LogIn, typed: str, found: list[str]
) -> None:
    """AZ-26, IN-09: words, never patterns; one letter finds nobody."""
    page = log_in(people.tor).get("/organisasjon", query_string={"q": typed})
    assert page.status == 200
    names = [link.text_content() for link in page.find("//section[@id='found']//ul//a")]
    assert names == found


def test_the_safety_representative_of_a_department_is_the_units(
    people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.tor).get(f"/organisasjon?enhet={people.ward}")
    assert "Vera Vik" in page.find("//section[@id='safety']")[0].text_content()


def test_pages_ask_the_database_a_bounded_number_of_times(people: Cast, log_in: LogIn) -> None:
    browser = log_in(people.tor)
    assert len(browser.get(f"/ansatt/{people.ingrid}").queries) <= 18
    assert len(browser.get(f"/enhet/{people.strandheim}").queries) <= 18
    assert len(browser.get("/organisasjon").queries) <= 8


def test_a_leader_sets_a_stand_in_who_is_told_and_acts(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.henrik).post("/stedfortreder", period(people))
    assert "Siri Sand for Henrik Haug" in page.text
    with app.app_context():
        assert viewer(people.siri).leads_directly(people.home_care)
        told = db.session.execute(select(Notice.recipient_id)).scalars().all()
    assert told == [people.siri]
    assert "Ring meg om det brenner" in log_in(people.siri).get("/stedfortreder").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2020-01-01", "starts_on": "2020-01-01"}, "Siste dag er allerede forbi"),
        ({"ends_on": "2099-01-01"}, "Velg høyst ett år"),
        ({"stand_in": "henrik"}, "Velg en annen enn lederen selv"),
        ({"stand_in": "finnes ikke"}, "Vi finner ingen"),
        ({"stand_in": ""}, "Skriv hvem"),
        ({"starts_on": "31.04.2026"}, "Første dag"),
    ],
)
def test_a_period_that_cannot_be_is_refused_with_the_text_kept(
    app: Flask, people: Cast, log_in: LogIn, changes: dict[str, object], words: str
) -> None:
    page = log_in(people.henrik).post("/stedfortreder", period(people, **changes))
    assert page.status == 422
    assert words in page.text
    assert page.find("//input[@name='note']/@value") == ["Ring meg om det brenner"]
    with app.app_context():
        assert db.session.execute(select(StandIn)).first() is None


def test_a_second_stand_in_for_the_same_days_is_refused(people: Cast, log_in: LogIn) -> None:
    browser = log_in(people.henrik)
    browser.post("/stedfortreder", period(people))
    page = browser.post("/stedfortreder", period(people, stand_in="Nils Næss"))
    assert page.status == 422
    assert "allerede en stedfortreder" in page.text


@pytest.mark.parametrize(("who", "status"), [("kaja", 200), ("adam", 200), ("olav", 422)])
def test_a_leader_above_may_set_it_for_one_who_is_ill_but_not_another_sectors(
    people: Cast, log_in: LogIn, who: str, status: int
) -> None:
    page = log_in(getattr(people, who)).post("/stedfortreder", period(people))
    assert page.status == status


def test_who_only_stands_in_or_works_here_sets_nothing(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context(), transaction():
        away(people.henrik, people.siri, today(), today())
    for who in (people.siri, people.nils):
        browser = log_in(who)
        assert browser.get("/stedfortreder").status == 200
        assert browser.post("/stedfortreder", period(people)).status == 403
        with app.app_context():
            number = db.session.execute(select(StandIn.id)).scalar_one()
        assert browser.post(f"/stedfortreder/{number}/avslutt").status == 403


def test_ending_a_period_gives_the_tasks_back_today(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context(), transaction():
        away(
            people.henrik,
            people.siri,
            today() - timedelta(days=3),
            today() + timedelta(days=3),
        )
    with app.app_context():
        number = db.session.execute(select(StandIn.id)).scalar_one()
    assert log_in(people.olav).post(f"/stedfortreder/{number}/avslutt").status == 403
    assert log_in(people.henrik).post(f"/stedfortreder/{number}/avslutt").status == 200
    with app.app_context():
        assert not viewer(people.siri).is_leader
        assert db.session.execute(select(StandIn.ends_on)).scalar_one() < today()


def test_an_administrator_gives_and_takes_a_role(app: Flask, people: Cast, log_in: LogIn) -> None:
    admin = log_in(people.adam)
    path = f"/ansatt/{people.tor}/roller"
    page = admin.post(path, {"role": "editor", "unit": people.school})
    assert "Redaktør" in page.text
    admin.post(path, {"role": "editor", "unit": people.school})
    with app.app_context():
        assert viewer(people.tor).has_role(Role.EDITOR, people.school)
        grants = db.session.execute(
            select(RoleGrant.id).where(RoleGrant.person_id == people.tor)
        ).scalars()
        (number,) = grants
    admin.post(f"{path}/{number}/fjern")
    with app.app_context():
        assert not viewer(people.tor).has_role_anywhere(Role.EDITOR)


def test_a_role_that_makes_no_sense_is_refused(people: Cast, log_in: LogIn) -> None:
    admin = log_in(people.adam)
    path = f"/ansatt/{people.tor}/roller"
    assert admin.post(path, {"role": "king", "unit": ""}).status == 422
    assert admin.post(path, {"role": "editor", "unit": "99999"}).status == 422


def test_a_role_from_the_directory_is_not_taken_here(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = db.session.execute(
            select(RoleGrant.id).where(RoleGrant.person_id == people.hanne)
        ).scalar_one()
    page = log_in(people.adam).post(f"/ansatt/{people.hanne}/roller/{number}/fjern")
    assert page.status == 422
    with app.app_context():
        assert viewer(people.hanne).has_role(Role.HR)


@pytest.mark.parametrize("path", ["roller", "sperr", "roller/1/fjern"])
def test_nobody_but_administrators_changes_access(people: Cast, log_in: LogIn, path: str) -> None:
    for who in (people.ragnhild, people.hanne, people.tor):
        page = log_in(who).post(f"/ansatt/{people.tor}/{path}", {"role": "hr", "block": "1"})
        assert page.status == 403


def test_a_blocked_person_is_out_at_once_and_stays_out(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    """AU-15: every session is dead, also after the block is lifted."""
    victim, admin = log_in(people.tor), log_in(people.adam)
    assert victim.get("/organisasjon").heading == "Organisasjon"
    admin.post(f"/ansatt/{people.tor}/sperr", {"block": "1"})
    assert "/logg-inn" in victim.get("/organisasjon", follow_redirects=False).location
    admin.post(f"/ansatt/{people.tor}/sperr", {"block": "0"})
    assert "/logg-inn" in victim.get("/organisasjon", follow_redirects=False).location


def test_search_finds_persons_who_work_here_and_nobody_who_left(app: Flask, people: Cast) -> None:
    source = PersonSource()
    with app.app_context():
        entries = {entry.key: entry for entry in source.entries()}
        assert entries[f"person/{people.eva}"].title == "Eva Åsen"
        assert entries[f"person/{people.eva}"].url == f"/ansatt/{people.eva}"
        assert len(entries) == 17
    change(app, people.eva, is_directory_active=False)
    with app.app_context():
        assert list(source.entries_for([f"person/{people.eva}"])) == []
        assert f"person/{people.eva}" not in {entry.key for entry in source.entries()}
    assert source.owns("person/12")
    assert not source.owns("person/²")
    assert not source.owns("nyhet/12")
