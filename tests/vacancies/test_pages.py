"""Leaders and HR announce vacancies; everybody reads them; the clock closes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.actor import Role
from intranet.core.clock import now, today
from intranet.core.errors import NotAllowed
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people.models import RoleGrant, Unit
from intranet.search.models import PendingEntry
from intranet.vacancies import actions, queries
from intranet.vacancies.commands import follow_clock
from intranet.vacancies.models import Vacancy, VacancyAnnouncement, VacancyClock
from intranet.vacancies.policy import can_read_vacancy
from intranet.vacancies.search_source import VacancySource
from tests import browser, cast
from tests.vacancies.conftest import MakeVacancy

LogIn = Callable[[int], browser.Browser]
SCRIPTS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'"]


def typed(people: cast.Cast, **changes: Any) -> dict[str, Any]:
    """What a leader types, valid by default."""
    return {
        "title": "Helsefagarbeider",
        "unit": str(people.strandheim),
        "percentage": "37,5",
        "terms": "permanent",
        "workplace": "Strandheim sykehjem",
        "body": "Arbeid hver tredje helg.",
        "contact": "mona",
        "how_to_apply": "https://jobb.example/1",
        "deadline_day": "2090-07-01",
        "deadline_time": "12:00",
        "step": "publish",
        **changes,
    }


def stored(app: Flask) -> list[Vacancy]:
    with app.app_context():
        return list(db.session.execute(select(Vacancy).order_by(Vacancy.id)).scalars())


def proofs(app: Flask) -> list[VacancyAnnouncement]:
    with app.app_context():
        statement = select(VacancyAnnouncement).order_by(VacancyAnnouncement.id)
        return list(db.session.execute(statement).scalars())


def test_leader_announces_a_vacancy_that_everybody_reads(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    page = log_in(people.mona).post("/stillinger/ny", typed(people))
    assert page.heading == "Helsefagarbeider"
    (vacancy,) = stored(app)
    assert vacancy.percentage_hundredths == 3750
    assert vacancy.deadline_at == datetime(2090, 7, 1, 10, 0, tzinfo=UTC)
    shown = log_in(people.tor).get(f"/stillinger/{vacancy.id}")
    assert "37,5" in shown.text
    assert "Mona Dahl" in shown.text
    assert "Har du deltidsstilling?" in shown.text
    assert "Navnet ditt kan bli offentlig" in shown.text
    assert "https://jobb.example/1" in shown.links()


def test_announcement_leaves_proof_of_when_to_whom_and_in_which_words(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """aml. § 14-1"""
    leader = log_in(people.mona)
    leader.post("/stillinger/ny", typed(people))
    (first,) = proofs(app)
    assert (first.announced_by, first.audience) == (people.mona, "employees")
    assert first.recipient_count == len(cast.PERSONS)
    assert "Arbeid hver tredje helg." in first.text
    form = leader.get("/stillinger/1/rediger").form()
    leader.post("/stillinger/1/rediger", {**form, "body": "Hver fjerde helg.", "step": "save"})
    kept, again = proofs(app)
    assert kept.text == first.text
    assert "Hver fjerde helg." in again.text
    with app.app_context():
        events = db.session.execute(select(AuditEntry.event).order_by(AuditEntry.sequence))
        ours = [name for name in events.scalars() if name.startswith("vacancy.")]
        assert ours == ["vacancy.written", "vacancy.published", "vacancy.edited"]


def test_saving_without_a_change_announces_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    leader = log_in(people.mona)
    leader.post("/stillinger/ny", typed(people))
    form = leader.get("/stillinger/1/rediger").form()
    assert leader.post("/stillinger/1/rediger", {**form, "step": "save"}).status == 200
    assert len(proofs(app)) == 1


@pytest.mark.parametrize("name", ["tor", "ingrid", "eva", "adam", "petter"])
def test_person_who_neither_leads_nor_is_hr_can_announce_nothing(
    name: str, app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    vacancy_id = make_vacancy()
    person = log_in(people.ids[name])
    assert person.get("/stillinger/ny").status == 403
    assert person.post("/stillinger/ny", typed(people)).status == 403
    for address in ("rediger", "lys-ut", "trekk"):
        assert person.post(f"/stillinger/{vacancy_id}/{address}", typed(people)).status == 403
    assert len(stored(app)) == 1


def test_leader_cannot_announce_for_another_leaders_unit(
    app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    """AZ-24, AZ-21: the unit is chosen from those that the leader has."""
    theirs = make_vacancy(unit_id=people.school)
    leader = log_in(people.mona)
    assert leader.post("/stillinger/ny", typed(people, unit=people.school)).status == 422
    assert leader.post(f"/stillinger/{theirs}/trekk").status == 403
    with app.app_context(), pytest.raises(NotAllowed), transaction():
        actions.withdraw_vacancy(queries.get_vacancy(theirs), actor=cast.viewer(people.mona))


def test_leader_above_and_the_leaders_stand_in_may_announce(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        cast.away(people.mona, people.vera, today(), today())
        db.session.commit()
    for name in ("kaja", "ragnhild", "vera", "hanne"):
        assert log_in(people.ids[name]).post("/stillinger/ny", typed(people)).status == 200
    assert len(stored(app)) == 4


def test_predicate_and_sql_agree_for_everybody_and_every_vacancy(
    app: Flask, people: cast.Cast, make_vacancy: MakeVacancy
) -> None:
    for unit_id in (people.strandheim, people.ward, people.education):
        make_vacancy(unit_id=unit_id)
        make_vacancy(unit_id=unit_id, published=False)
        make_vacancy(unit_id=unit_id, withdrawn=True)
        make_vacancy(unit_id=unit_id, published=False, withdrawn=True)
    with app.app_context():
        cast.away(people.mona, people.vera, today(), today())
        db.session.add(RoleGrant(person_id=people.nils, role=Role.HR, unit_id=people.education))
        db.session.commit()
        rows = db.session.execute(
            select(Vacancy, Unit.path).join(Unit, Unit.id == Vacancy.unit_id)
        ).all()
        assert len(rows) == 12
        for name in cast.PERSONS:
            viewer = cast.viewer(people.ids[name])
            by_sql = db.session.execute(
                select(Vacancy.id)
                .join(Unit, Unit.id == Vacancy.unit_id)
                .where(queries.visible_to(viewer))
            ).scalars()
            assert set(by_sql) == {
                vacancy.id
                for vacancy, path in rows
                if can_read_vacancy(viewer, vacancy.state, vacancy.published_at is not None, path)
            }, name


@pytest.mark.parametrize("withdrawn", [False, True])
def test_draft_is_hidden_from_readers_by_address_list_and_search(
    withdrawn: bool, app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    """AZ-25"""
    vacancy_id = make_vacancy(published=False, withdrawn=withdrawn)
    reader = log_in(people.tor)
    assert reader.get(f"/stillinger/{vacancy_id}").status == 404
    for address in ("/stillinger", "/stillinger?vis=lukkede"):
        assert f"/stillinger/{vacancy_id}" not in reader.get(address).links()
    with app.app_context():
        assert list(VacancySource().entries()) == []
        assert VacancySource().load([f"stilling/{vacancy_id}"]) == {}
        assert queries.list_open_vacancies() == []


def test_vacancy_closes_by_itself_on_its_page_in_the_lists_and_in_the_search(
    app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy, at: Any
) -> None:
    """CC-08: at the stated minute, by the server's clock."""
    start = now()
    deadline = (start + timedelta(hours=2)).replace(second=0, microsecond=0)
    vacancy_id = make_vacancy(deadline_at=deadline)
    address = f"/stillinger/{vacancy_id}"

    def seen() -> tuple[bool, bool, bool, bool]:
        with app.app_context():
            db.session.execute(PendingEntry.__table__.delete())
            db.session.commit()
            follow_clock()
            found = bool(VacancySource().load([f"stilling/{vacancy_id}"]))
            waiting = bool(db.session.execute(select(PendingEntry.doc_key)).all())
        # Anew each time: a session that has been idle for two hours has ended.
        reader = log_in(people.tor)
        is_open = "Søk på stillingen" in reader.get(address).text
        return is_open, address in reader.get("/stillinger").links(), found, waiting

    at(deadline - timedelta(seconds=1))
    assert seen() == (True, True, True, False)
    at(deadline)
    assert seen() == (False, False, False, True)
    assert seen() == (False, False, False, False)
    reader = log_in(people.tor)
    assert "Søknadsfristen har gått ut" in reader.get(address).text
    assert address in reader.get("/stillinger?vis=lukkede").links()
    with app.app_context():
        assert db.session.execute(select(VacancyClock.vacancy_id)).all() == []


def test_closed_vacancy_opens_again_with_a_new_deadline_and_new_proof(
    app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy, at: Any
) -> None:
    start = now()
    vacancy_id = make_vacancy(deadline_at=start + timedelta(hours=2))
    at(start + timedelta(days=1))
    leader = log_in(people.mona)
    form = leader.get(f"/stillinger/{vacancy_id}/rediger").form()
    kept = leader.post(
        f"/stillinger/{vacancy_id}/rediger", {**form, "salary": "Ny", "step": "save"}
    )
    assert (kept.status, "Søknadsfristen har gått ut" in kept.text) == (200, True)
    form = leader.get(f"/stillinger/{vacancy_id}/rediger").form()
    form |= {"deadline_day": "2090-01-01", "step": "save"}
    assert "Søk på stillingen" in leader.post(f"/stillinger/{vacancy_id}/rediger", form).text
    assert len(proofs(app)) == 3


def test_withdrawn_vacancy_tells_those_who_kept_its_address(
    people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    vacancy_id = make_vacancy()
    assert log_in(people.mona).post(f"/stillinger/{vacancy_id}/trekk").status == 200
    reader = log_in(people.tor)
    page = reader.get(f"/stillinger/{vacancy_id}")
    assert "Stillingen er trukket" in page.text
    assert "Søk på stillingen" not in page.text
    assert f"/stillinger/{vacancy_id}" not in reader.get("/stillinger").links()
    assert log_in(people.mona).post(f"/stillinger/{vacancy_id}/trekk").status == 409


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Skriv hva stillingen heter."),
        ({"percentage": "mye"}, "37,5"),
        ({"percentage": "101"}, "over 0 og høyst 100"),
        ({"percentage": "26,667"}, "over 0 og høyst 100"),
        ({"percentage": "NaN"}, ""),
        ({"percentage": "9" * 400}, ""),
        ({"terms": "temporary"}, "hvor lenge"),
        ({"contact": "ingen"}, "Vi finner ikke én ansatt"),
        ({"deadline_day": "2020-01-01"}, "fram i tid"),
        ({"deadline_day": ""}, "Sett en søknadsfrist."),
        ({"deadline_day": "2091-03-25", "deadline_time": "02:30"}, "stilles klokka fram"),
        ({"unit": str(2**70)}, ""),
        ({"terms": "for alltid"}, ""),
        ({"workplace": "a\x00b"}, ""),
        ({"requirements": "x" * 5_001}, "for lang"),
    ],
)
def test_vacancy_with_a_fault_comes_back_with_the_message_and_the_text(
    changes: dict[str, Any], message: str, app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-05, IN-07, IN-08"""
    page = log_in(people.mona).post("/stillinger/ny", typed(people, **changes))
    assert page.status == 422
    assert message in page.text
    assert page.find("//div[@data-error-summary]")
    assert page.find("//textarea[@name='body']")[0].text.strip() == "Arbeid hver tredje helg."
    assert stored(app) == []


@pytest.mark.parametrize("contact", ["mona", "Mona@havnsund.kommune.example", "Mona Dahl", ""])
def test_contact_is_found_by_user_name_mail_or_full_name(
    contact: str, app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    log_in(people.mona).post("/stillinger/ny", typed(people, contact=contact))
    assert stored(app)[0].contact_id == (people.mona if contact else None)


def test_vacancy_sent_twice_is_kept_and_announced_once(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-04"""
    leader = log_in(people.mona)
    key = leader.get("/stillinger/ny").form()["send_key"]
    for _time in range(3):
        assert leader.post("/stillinger/ny", typed(people, send_key=key)).status == 200
    assert (len(stored(app)), len(proofs(app))) == (1, 1)


def test_second_leader_gets_409_with_the_own_text_and_the_others(
    app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    """CC-02"""
    address = f"/stillinger/{make_vacancy()}/rediger"
    first, second = log_in(people.mona), log_in(people.hanne)
    opened = [person.get(address).form() for person in (first, second)]
    assert first.post(address, {**opened[0], "body": "Monas", "step": "save"}).status == 200
    lost = second.post(address, {**opened[1], "body": "Hannes", "step": "save"})
    assert lost.status == 409
    assert lost.find("//textarea[@name='body']")[0].text.strip() == "Hannes"
    assert "Monas" in lost.text
    assert stored(app)[0].body == "Monas"
    assert second.post(address, {**lost.form(), "step": "save"}).status == 200
    assert stored(app)[0].body == "Hannes"


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_in_any_field_is_harmless_on_every_page_that_shows_it(
    script: str, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    """IN-01: the browser of the tests finds inline code."""
    names = ("title", "workplace", "salary", "duration", "body", "requirements", "how_to_apply")
    vacancy_id = make_vacancy(**dict.fromkeys(names, script))
    leader = log_in(people.mona)
    address = f"/stillinger/{vacancy_id}/rediger"
    form = leader.get(address).form()
    pages = [
        leader.get(f"/stillinger/{vacancy_id}"),
        leader.get("/stillinger"),
        leader.post(address, {**form, "step": "preview"}),
        leader.post(address, {**form, "version": "0", "step": "save"}),
    ]
    assert [page.status for page in pages] == [200, 200, 200, 409]
    for page in pages:
        assert not page.find("//main//script | //main//img[@src='x']")
    assert pages[0].heading == script


def test_preview_keeps_nothing(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    page = log_in(people.mona).post("/stillinger/ny", typed(people, step="preview"))
    assert page.find("//section[contains(@class, 'article--preview')]")
    assert stored(app) == []


def test_list_shows_every_open_vacancy_once_the_nearest_deadline_first(
    app: Flask, people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy
) -> None:
    start = now()
    made = [make_vacancy(deadline_at=start + timedelta(days=n // 2 + 1)) for n in range(34)]
    reader = log_in(people.tor)

    def shown(page: browser.Page) -> list[int]:
        links = [link.removeprefix("/stillinger/") for link in page.links()]
        return [int(link) for link in links if link.isdigit()]

    first = reader.get("/stillinger")
    second = reader.get(first.find("//a[@rel='next']/@href")[0])
    assert shown(first) + shown(second) == made
    back = reader.get(second.find("//a[@rel='prev']/@href")[0])
    assert shown(back) == shown(first)
    assert not second.find("//a[@rel='next']")
    assert sum("vacancy" in statement for statement in first.queries) == 1
    assert sum("vacancy" in s for s in reader.get(f"/stillinger/{made[0]}").queries) == 1


@pytest.mark.parametrize("number", ["0", str(2**31), str(2**63), str(2**70)])
def test_number_that_no_vacancy_can_have_is_not_found(
    number: str, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-08"""
    reader = log_in(people.tor)
    assert reader.get(f"/stillinger/{number}").status == 404
    assert reader.get(f"/stillinger?neste={number}-{number}").status == 200


def test_list_of_closed_ones_shows_each_once_the_last_closed_first(
    people: cast.Cast, log_in: LogIn, make_vacancy: MakeVacancy, at: Any
) -> None:
    start = now()
    made = [make_vacancy(deadline_at=start + timedelta(hours=n // 2 + 1)) for n in range(64)]
    at(start + timedelta(days=3))
    reader = log_in(people.tor)
    pages = [reader.get("/stillinger?vis=lukkede")]
    while older := pages[-1].find("//a[@rel='next']/@href"):
        pages.append(reader.get(older[0]))
    links = [link.removeprefix("/stillinger/") for page in pages for link in page.links()]
    assert [int(link) for link in links if link.isdigit()] == made[::-1]
    assert len(pages) == 3
