"""The register: who gives, passes on and withdraws, what readers see, and two at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import OSLO, stopped_at, today
from intranet.core.transaction import transaction
from intranet.delegations.jobs import lapse_delegations
from intranet.delegations.models import Delegation
from intranet.delegations.queries.rows import GRANTS, grant_of, in_force_on
from intranet.delegations.rules import Standing, own_standing
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.notifications.models import Notice
from intranet.people.actions.leadership import note_leaders
from intranet.people.models import Leadership, Person, Unit
from tests import cast
from tests.browser import Browser, Page
from tests.cast import Cast
from tests.delegations.conftest import Give, kind_id
from tests.laws.builders import archive, chapter, law, paragraph
from tests.meanwhile import meanwhile

LogIn = Callable[[int], Browser]
NEW = "/fullmakter/ny"


def fill(browser: Browser, url: str, **said: str) -> Page:
    """Fill in the form as a person does; what is not said stays as the form has it."""
    return browser.post(url, {**browser.get(url).form(""), **said}, follow_redirects=False)


def notices(app: Flask, person_id: int) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Notice.title).where(Notice.recipient_id == person_id).order_by(Notice.id)
            )
        )


def events(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(AuditEntry.event)
                .where(AuditEntry.subject.in_(("delegation", "delegation_kind")))
                .order_by(AuditEntry.sequence)
            )
        )


def count(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Delegation.id)).all())


def test_council_gives_the_chief_who_passes_on_a_part_and_everybody_reads_the_chain(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context():
        kind = str(kind_id("Anvise utgifter"))
    adam = log_in(people.adam)
    made = fill(
        adam, NEW, kind=kind, source="Kommunestyret, sak 12/2026", unit=str(people.municipality),
        receiver="office", office=str(people.municipality), amount="", starts_on="2026-01-01",
        may_pass_on="y", law_reference="kommuneloven § 13-1",
    )  # fmt: skip
    assert made.status == 303
    ragnhild = log_in(people.ragnhild)
    root = ragnhild.get(made.location)
    assert root.heading == "Anvise utgifter, uten beløpsgrense"
    on = fill(
        ragnhild, f"{made.location}/gi-videre", unit=str(people.health), receiver="person",
        person="Kaja Kleppe", amount="500.000 kr",
    )  # fmt: skip
    assert on.status == 303
    assert notices(app, people.ragnhild) == ["Du har fått en fullmakt"]
    assert notices(app, people.kaja) == ["Du har fått en fullmakt"]
    nurse = log_in(people.ingrid)
    page = nurse.get(on.location)
    assert page.heading.replace("\xa0", " ") == "Anvise utgifter, inntil 500 000 kroner"
    assert "Kommunestyret, sak 12/2026" in page.text
    assert not page.find("//main//a[contains(@href, '/gi-videre') or contains(@href, '/trekk')]")
    assert "Kaja Kleppe" in nurse.get(made.location).text
    listed = nurse.get("/fullmakter")
    assert len(listed.find("//main//ul[contains(@class, 'list-rows')]/li")) == 2
    assert events(app) == ["delegation.registered", "delegation.passed_on"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"amount": "600 000"}, "Du kan selv gå til 500 000 kroner"),
        ({"amount": ""}, "Skriv et beløp"),
        ({"amount": "-1"}, "større enn null"),
        ({"amount": "mye"}, "hele kroner"),
        ({"ends_on": "2027-01-01"}, "bare til og med 31.12.2026"),
        ({"ends_on": ""}, "Skriv siste dag"),
        ({"starts_on": "2025-12-31"}, "først fra 01.01.2026"),
        ({"person": "Ukjent Person"}, "Vi finner ingen ansatt"),
        ({"person": "Kaja Kleppe"}, "Du har den allerede"),
        ({"person": ""}, "Skriv hvem"),
        ({"receiver": "office", "office": ""}, "Velg enheten som lederen"),
    ],
)
def test_more_than_one_has_is_refused_in_the_form_with_the_words_kept(
    app: Flask, people: Cast, log_in: LogIn, given: Give, said: dict[str, str], message: str
) -> None:
    root = given()
    parent = given(
        parent=root, actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja,
        amount=500_000, ends_on=date(2026, 12, 31),
    )  # fmt: skip
    fields = {
        "unit": str(people.strandheim), "receiver": "person", "person": "Mona Dahl",
        "amount": "50 000", "conditions": "Bare drift.", **said,
    }  # fmt: skip
    page = fill(log_in(people.kaja), f"/fullmakter/{parent}/gi-videre", **fields)
    assert page.status == 422
    assert message in page.text.replace("\xa0", " ")
    assert page.form("")["conditions"].strip() == "Bare drift."
    assert count(app) == 2


def test_unit_outside_is_not_offered_and_not_taken(
    people: Cast, log_in: LogIn, given: Give
) -> None:
    parent = given(
        parent=given(), actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja
    )
    kaja = log_in(people.kaja)
    url = f"/fullmakter/{parent}/gi-videre"
    offered = kaja.get(url).find("//select[@id='unit']/option/@value")
    assert str(people.school) not in offered
    assert str(people.strandheim) in offered
    page = fill(kaja, url, unit=str(people.school), receiver="person", person="Mona Dahl")
    assert page.status == 422


def test_only_the_holder_passes_on_and_only_administrators_register(
    people: Cast, log_in: LogIn, given: Give
) -> None:
    root = given()
    assert log_in(people.kaja).get(f"/fullmakter/{root}/gi-videre").status == 403
    assert log_in(people.adam).get(f"/fullmakter/{root}/gi-videre").status == 403
    assert log_in(people.ragnhild).get(NEW).status == 403
    assert log_in(people.ragnhild).get(f"/fullmakter/{root}/trekk-tilbake").status == 403
    kept = given(may_pass_on=False)
    assert log_in(people.ragnhild).get(f"/fullmakter/{kept}/gi-videre").status == 409
    assert log_in(people.ragnhild).get("/fullmakter/999999").status == 404


def test_withdrawing_tells_what_ends_along_with_it_and_ends_it(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    root = given()
    middle = given(
        parent=root, actor=people.ragnhild, unit_id=people.health, office_id=people.health
    )
    last = given(
        parent=middle, actor=people.kaja, unit_id=people.strandheim, holder_id=people.mona,
        may_pass_on=False,
    )  # fmt: skip
    ragnhild = log_in(people.ragnhild)
    url = f"/fullmakter/{middle}/trekk-tilbake"
    form = ragnhild.get(url)
    assert f"Fullmakt {last}: Mona Dahl" in form.text
    assert "Én fullmakt til slutter" in form.text
    assert fill(ragnhild, url, reason="").status == 422
    early = fill(ragnhild, url, reason="Ny ordning.", first_day_off="2026-10-12")
    assert early.status == 422
    fields = {**form.form(""), "reason": "Ny ordning.", "first_day_off": "2026-10-15"}
    assert ragnhild.post(url, fields, follow_redirects=False).status == 303
    # The second press does nothing more and is no fault.
    assert ragnhild.post(url, fields, follow_redirects=False).status == 303
    assert events(app)[3:] == ["delegation.withdrawn"] * 2
    assert notices(app, people.mona)[1:] == [f"Fullmakt {last} gjelder ikke fra 15.10.2026"]
    shown = log_in(people.mona).get(f"/fullmakter/{last}")
    assert f"Sammen med fullmakt {middle}" in shown.text
    with app.app_context():
        row = db.session.get_one(Delegation, last)
        assert (row.ended_on, row.ended_with_id) == (date(2026, 10, 15), middle)
        assert db.session.get_one(Delegation, root).ended_on is None
    # Until then it holds, and nothing longer grows out of it.
    late = fill(
        log_in(people.kaja), f"/fullmakter/{middle}/gi-videre", receiver="person",
        person="Henrik Haug", ends_on="2026-10-15",
    )  # fmt: skip
    assert late.status == 422
    assert "bare til og med 14.10.2026" in late.text


def test_who_withdraws_second_sees_that_somebody_was_first(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    number = given(
        parent=given(), actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja
    )
    url = f"/fullmakter/{number}/trekk-tilbake"
    ragnhild, adam = log_in(people.ragnhild), log_in(people.adam)
    form = adam.get(url).form("")
    assert fill(ragnhild, url, reason="Først.", first_day_off="2026-11-01").status == 303
    late = adam.post(url, {**form, "reason": "Så.", "first_day_off": "2026-12-01"})
    assert late.status == 409
    assert late.form("")["reason"].strip() == "Så."
    # With the new version the day may only come nearer.
    again = adam.post(url, {**late.form(""), "reason": "Så.", "first_day_off": "2026-12-01"})
    assert again.status == 422
    sooner = {**late.form(""), "reason": "Så.", "first_day_off": "2026-10-20"}
    assert adam.post(url, sooner, follow_redirects=False).status == 303
    with app.app_context():
        assert db.session.get_one(Delegation, number).ended_on == date(2026, 10, 20)


def test_the_same_form_sent_twice_makes_one_delegation(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    root = given()
    url = f"/fullmakter/{root}/gi-videre"
    ragnhild = log_in(people.ragnhild)
    fields = {
        **ragnhild.get(url).form(""), "receiver": "person", "person": "kaja", "amount": "1000",
    }  # fmt: skip
    first = ragnhild.post(url, fields, follow_redirects=False)
    second = ragnhild.post(url, fields, follow_redirects=False)
    assert first.location == second.location
    # Other words from the same page are another delegation.
    third = ragnhild.post(url, {**fields, "amount": "2000"}, follow_redirects=False)
    assert third.location != first.location
    assert count(app) == 3


def test_two_presses_at_once_make_one_delegation(
    database: str, app: Flask, people: Cast, log_in: LogIn
) -> None:
    """CC-04, CC-06: on SQLite the second one waits, and finds it there when it looks."""
    adam, other = log_in(people.adam), log_in(people.adam)
    with app.app_context():
        kind = str(kind_id("Ansette"))
    fields = {
        **adam.get(NEW).form(""), "kind": kind, "source": "Sak 1/2026", "receiver": "office",
        "unit": str(people.health), "office": str(people.health),
    }  # fmt: skip
    first: list[Page] = []
    press = lambda: first.append(other.post(NEW, fields, follow_redirects=False))  # noqa: E731
    if database == "sqlite":
        press()
        answer = adam.post(NEW, fields, follow_redirects=False)
    else:
        token = adam.csrf_token()
        other.csrf_token()
        with meanwhile("FROM delegation", press):
            answer = adam.post(
                NEW, {**fields, "csrf_token": token}, token=False, follow_redirects=False
            )
    assert answer.status == first[0].status == 303
    assert answer.location == first[0].location
    assert count(app) == 1
    assert events(app) == ["delegation.registered"]


def test_law_behind_a_delegation_is_a_link(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    text = law("lov/2005-06-17-62", chapter("Kapittel 3", paragraph("3-1", "Krav", "Skal.")),
               title="Lov om arbeidsmiljø (arbeidsmiljøloven)", short="Arbeidsmiljøloven – aml")  # fmt: skip
    with app.app_context():
        import_archive(archive(text), "p", as_of=date(2026, 6, 18))
        db.session.remove()
    number = given(law_reference="aml § 3-1 <b>")
    page = log_in(people.ingrid).get(f"/fullmakter/{number}")
    assert page.find("//main//a[@href='/lover/lov/2005-06-17-62#p-3-1']")
    assert "<b>" in page.text


def test_nothing_grows_out_of_what_another_is_ending(
    database: str, app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    """CC-06: the one who withdraws and the one who passes on take the same lock."""
    middle = given(
        parent=given(), actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja
    )
    kaja, adam = log_in(people.kaja), log_in(people.adam)
    url = f"/fullmakter/{middle}/gi-videre"
    fields = {**kaja.get(url).form(""), "receiver": "person", "person": "mona"}
    gone = adam.get(f"/fullmakter/{middle}/trekk-tilbake").form("")

    def withdraw() -> None:
        answer = adam.post(
            f"/fullmakter/{middle}/trekk-tilbake", {**gone, "reason": "Feil."},
            follow_redirects=False,
        )  # fmt: skip
        assert answer.status == 303

    if database == "sqlite":
        withdraw()
        answer = kaja.post(url, fields, follow_redirects=False)
    else:
        token = kaja.csrf_token()
        # After the page has asked whether it may be passed on, before the lock is had.
        with meanwhile("FROM person", withdraw):
            answer = kaja.post(
                url, {**fields, "csrf_token": token}, token=False, follow_redirects=False
            )
    assert answer.status in (403, 409, 422)
    assert count(app) == 2


def test_who_leaves_loses_it_with_all_that_rests_on_it_and_the_right_ones_are_told(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    middle = given(
        parent=given(), actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja
    )
    last = given(parent=middle, actor=people.kaja, unit_id=people.strandheim, holder_id=people.mona)
    office = given(
        parent=given(), actor=people.ragnhild, unit_id=people.health, office_id=people.health
    )
    with app.app_context():
        with transaction():
            db.session.get_one(Person, people.kaja).is_directory_active = False
        assert lapse_delegations() == 1
        assert lapse_delegations() == 0
        ended = {
            number: (row.end_cause, row.ended_on)
            for number in (middle, last, office)
            if (row := db.session.get_one(Delegation, number))
        }
        db.session.remove()
    assert ended[middle] == ended[last] == ("lapsed", date(2026, 10, 13))
    assert ended[office] == ("", None)
    title = f"Fullmakt {middle} er falt bort: personen har sluttet"
    assert title in notices(app, people.ragnhild)
    assert title in notices(app, people.adam)
    assert any(f"Fullmakt {last} gjelder ikke" in said for said in notices(app, people.mona))
    listed = log_in(people.adam).get("/fullmakter")
    assert "1 fullmakt har falt bort" in listed.text
    lapsed = log_in(people.ingrid).get("/fullmakter?vis=bortfalt")
    assert len(lapsed.find("//main//ul[contains(@class, 'list-rows')]/li")) == 2
    assert "har falt bort" not in log_in(people.ingrid).get("/fullmakter").text


def test_list_is_narrowed_by_name_unit_kind_and_day(
    people: Cast, log_in: LogIn, given: Give
) -> None:
    root = given(source="=1+1")
    given(parent=root, actor=people.ragnhild, unit_id=people.health, holder_id=people.kaja,
          amount=500_000, ends_on=date(2026, 12, 31))  # fmt: skip
    given(kind="Ansette", unit_id=people.education, office_id=people.school)
    reader = log_in(people.ingrid)

    def found(query: str) -> int:
        return len(
            reader.get(f"/fullmakter?{query}").find("//main//ul[contains(@class, 'list-rows')]/li")
        )

    assert found("") == 3
    assert found("person=kleppe") == 1
    assert found("person=Rita") == 1
    assert found(f"ansatt={people.kaja}") == 1
    assert found(f"enhet={people.strandheim}") == 2
    assert found(f"enhet={people.education}") == 2
    assert found("dag=2027-01-01") == 2
    assert found("dag=2025-01-01") == 0
    assert found("vis=alle") == 3
    assert found("dag=tull&type=abc&enhet=abc&side=99999999999") == 3
    answer = reader.get("/fullmakter/register.csv?person=ragnhild")
    assert answer.response.headers["Content-Type"].startswith("text/csv")
    text = answer.response.get_data().decode("utf-8-sig")
    [head, row] = list(csv.reader(io.StringIO(text), delimiter=";"))
    cells = dict(zip(head, row, strict=True))
    assert cells["Vedtatt av"] == "'=1+1"
    assert cells["Har den"] == "Ragnhild Rådal"
    assert cells["Beløp i kroner"] == "uten grense"


def ask(browser: Browser, app: Flask, unit_id: int, day: str, amount: str = "") -> Page:
    with app.app_context():
        kind = kind_id("Anvise utgifter")
    return browser.get(f"/fullmakter/hvem?type={kind}&enhet={unit_id}&dag={day}&belop={amount}")


def names(page: Page) -> list[str]:
    return [
        " ".join(heading.text_content().split())
        for heading in page.find("//section/h2[starts-with(@id, 'signer-')]")
    ]


def test_who_could_sign_is_answered_with_the_chain_and_stand_ins_of_the_day(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    root = given()
    middle = given(
        parent=root, actor=people.ragnhild, unit_id=people.health, office_id=people.health,
        amount=500_000,
    )  # fmt: skip
    given(parent=middle, actor=people.kaja, unit_id=people.strandheim, holder_id=people.mona,
          amount=50_000)  # fmt: skip
    with app.app_context():
        with transaction():
            cast.away(people.kaja, people.siri, today(), today() + timedelta(days=3))
        db.session.remove()
    reader = log_in(people.ingrid)
    small = ask(reader, app, people.ward, "2026-10-13", "40 000")
    assert names(small) == ["Mona Dahl", "Kaja Kleppe", "Siri Sand", "Ragnhild Rådal"]
    assert "Stedfortreder for Kaja Kleppe, som leder Helse og mestring." in small.text
    assert "Kommunestyret, sak 12/2026" in small.text
    assert names(ask(reader, app, people.ward, "2026-10-13", "50.001")) == [
        "Kaja Kleppe", "Siri Sand", "Ragnhild Rådal",
    ]  # fmt: skip
    assert names(ask(reader, app, people.school, "2026-10-13", "1")) == ["Ragnhild Rådal"]
    assert names(ask(reader, app, people.ward, "2025-12-31", "1")) == []
    assert ask(reader, app, people.ward, "tull", "1").status == 422
    assert ask(reader, app, people.ward, "2026-10-13", "-1").status == 422
    assert reader.get("/fullmakter/hvem").status == 200


def test_who_led_on_a_past_day_is_told_only_as_far_as_it_is_known(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    given(parent=given(), actor=people.ragnhild, unit_id=people.health, office_id=people.health)
    reader = log_in(people.ingrid)
    unknown = ask(reader, app, people.ward, "2026-10-01")
    assert names(unknown) == []
    assert "Vi vet ikke hvem som var leder" in unknown.text
    with app.app_context():
        with stopped_at(datetime(2026, 9, 1, 8, tzinfo=OSLO)), transaction():
            note_leaders({people.health: people.henrik, people.municipality: people.ragnhild})
        with stopped_at(datetime(2026, 10, 5, 8, tzinfo=OSLO)), transaction():
            note_leaders({people.health: people.kaja})
        db.session.remove()
    assert names(ask(reader, app, people.ward, "2026-10-04")) == ["Henrik Haug", "Ragnhild Rådal"]
    assert names(ask(reader, app, people.ward, "2026-10-05")) == ["Kaja Kleppe", "Ragnhild Rådal"]
    assert "1. september 2026" in ask(reader, app, people.ward, "2026-08-31").text
    with app.app_context():
        with transaction():
            # Nothing new: nothing is written.
            note_leaders({people.health: people.kaja})
            note_leaders({people.health: None})
            db.session.get_one(Unit, people.health).leader_id = None
        rows = db.session.execute(
            select(Leadership.person_id, Leadership.ended_on)
            .where(Leadership.unit_id == people.health)
            .order_by(Leadership.id)
        ).all()
        assert [tuple(row) for row in rows] == [
            (people.henrik, date(2026, 10, 5)), (people.kaja, date(2026, 10, 13)),
        ]  # fmt: skip
        db.session.remove()
    vacant = ask(reader, app, people.ward, "2026-10-13")
    assert names(vacant) == ["Ragnhild Rådal"]
    assert "ingen ledet enheten den dagen" in vacant.text


def test_filter_on_the_day_agrees_with_the_rule(app: Flask, people: Cast, given: Give) -> None:
    given()
    given(ends_on=date(2026, 10, 20))
    ended = given()
    with app.app_context():
        with transaction():
            row = db.session.get_one(Delegation, ended)
            row.ended_on = date(2026, 10, 15)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 14), date(2026, 10, 15),
                    date(2026, 10, 20), date(2026, 10, 21)):  # fmt: skip
            rows = [grant_of(row) for row in db.session.execute(GRANTS)]
            held = {each.id for each in rows if own_standing(each, day) is Standing.IN_FORCE}
            found = {row.id for row in db.session.execute(GRANTS.where(in_force_on(day)))}
            assert held == found, day


def test_administrator_keeps_the_kinds(
    app: Flask, people: Cast, log_in: LogIn, given: Give
) -> None:
    given()
    adam, kaja = log_in(people.adam), log_in(people.kaja)
    assert kaja.get("/fullmakter/typer").status == 403
    assert fill(adam, "/fullmakter/typer/ny", name="Gi tilskudd", has_amount="y").status == 303
    # The same button, pressed twice.
    assert fill(adam, "/fullmakter/typer/ny", name="Gi tilskudd", has_amount="y").status == 303
    assert fill(adam, "/fullmakter/typer/ny", name="GI TILSKUDD").status == 422
    with app.app_context():
        used, new = kind_id("Anvise utgifter"), kind_id("Gi tilskudd")
    form = adam.get(f"/fullmakter/typer/{used}").form("")
    form.pop("has_amount")
    assert adam.post(f"/fullmakter/typer/{used}", form).status == 422
    page = f"/fullmakter/typer/{new}"
    old = adam.get(page).form("")
    assert fill(adam, page, name="Gi tilskudd til lag").status == 303
    late = adam.post(page, {**old, "name": "Noe annet"})
    assert late.status == 409
    assert "Gi tilskudd til lag" in late.text
    assert late.form("")["name"] == "Noe annet"
    unused = adam.get(page).form("")
    unused.pop("is_active")
    assert adam.post(page, unused, follow_redirects=False).status == 303
    assert "Gi tilskudd til lag" not in adam.get(NEW).text
    assert events(app)[1:] == ["delegation_kind.added"] + ["delegation_kind.changed"] * 2
