"""Each unit's own list of the laws that matter there: who keeps it, what it shows, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.extensions import db
from intranet.laws.actions.unit_laws import MOST_LAWS
from intranet.laws.importing import import_archive
from intranet.laws.models import UnitLaw
from intranet.laws.queries.targets import write_target
from tests.browser import Browser, Page
from tests.cast import Cast
from tests.laws.builders import archive, chapter, law, paragraph
from tests.meanwhile import meanwhile

LogIn = Callable[[int], Browser]
ADD = "/lover/viktig/ny"
AML = "lov/2005-06-17-62"


def working_environment_act(
    duty: str = "Arbeidsgiver skal sørge for det.", repealed: bool = False
) -> bytes:
    """Return a small working environment act."""
    return law(
        AML,
        chapter(
            "Kapittel 3. Virkemidler",
            paragraph("3-1", "Krav til systematisk arbeid", duty),
            paragraph("3-5", "(Opphevet)" if repealed else "Plikt til opplæring", "" if repealed else "Kurs."),
        ),
        title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
        short="Arbeidsmiljøloven – aml",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _imported(app: Flask, people: Cast) -> None:
    bring(app, working_environment_act(), date(2026, 6, 18))


def bring(app: Flask, document: bytes, as_of: date) -> None:
    with app.app_context():
        import_archive(archive(document), "p", as_of=as_of)
        db.session.remove()


def add(browser: Browser, unit_id: int, text: str, note: str = "") -> Page:
    """Fill in the form as a person does."""
    form = browser.get(ADD).form("")
    fields = {**form, "unit": str(unit_id), "law": text, "note": note}
    return browser.post(ADD, fields, follow_redirects=False)


def lines(browser: Browser, unit_id: int) -> dict[str, list[str]]:
    """Return the laws by list, as the page of the unit shows them."""
    page = browser.get(f"/lover/viktig?enhet={unit_id}")
    return {
        section.xpath("string(.//h2)").split("Lista til ")[-1].strip(): [
            link.text_content() for link in section.xpath(".//li/div/a[1]")
        ]
        for section in page.find("//section[starts-with(@id, 'list-')]")
    }


def test_leader_adds_a_paragraph_and_everybody_below_reads_it(people: Cast, log_in: LogIn) -> None:
    mona = log_in(people.mona)
    answer = add(mona, people.strandheim, "aml. § 3-1", "Vernerunde i mars og oktober.")
    assert answer.status == 303
    assert answer.location == f"/lover/viktig?enhet={people.strandheim}"
    nurse = log_in(people.ingrid)
    page = nurse.get("/lover/viktig")
    assert page.heading == "Viktig for Avdeling 2"
    assert "Vernerunde i mars og oktober." in page.text
    shown = lines(nurse, people.ward)
    assert shown["Avdeling 2"] == []
    [line] = shown["Strandheim sykehjem 1"]
    assert line.replace("\u2011", "-").replace("\xa0", " ") == (
        "Arbeidsmiljøloven § 3-1. Krav til systematisk arbeid"
    )
    assert page.find(f"//a[@href='/lover/{AML}#p-3-1']")
    assert not page.find("//a[contains(@href, '/lover/viktig/')]")
    # Where it does not matter, it is not shown.
    assert lines(log_in(people.tor), people.school) == {"Nesbakken skole": []}


def test_the_law_itself_says_that_it_matters_here(people: Cast, log_in: LogIn) -> None:
    add(log_in(people.mona), people.strandheim, "aml § 3-1", "Vernerunde i mars.")
    add(log_in(people.kari), people.municipality, "arbeidsmiljøloven", "Gjelder alle.")
    nurse = log_in(people.ingrid).get(f"/lover/{AML}")
    [on_paragraph] = nurse.find("//section[@id='p-3-1']//p[contains(@class, 'note-box')]")
    assert "Viktig for Strandheim sykehjem: Vernerunde i mars." in on_paragraph.text_content()
    assert "Viktig for Havnsund kommune: Gjelder alle." in nurse.text
    teacher = log_in(people.tor).get(f"/lover/{AML}")
    assert "Vernerunde" not in teacher.text
    assert "Gjelder alle." in teacher.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Skriv hvilken lov"),
        ("noe helt annet", "Vi finner ikke denne loven"),
        ("aml § 99-9", "Vi finner ikke denne loven"),
        ("lov/2005-06-17-62 § 99", "Vi har ikke denne loven eller paragrafen"),
        ("aml § 3-1 og aml § 3-5", "Dette passer på flere"),
    ],
)
def test_what_cannot_be_found_is_said_with_the_words_kept(
    people: Cast, log_in: LogIn, text: str, message: str
) -> None:
    page = add(log_in(people.mona), people.strandheim, text, "Vår merknad.")
    assert page.status == 422
    assert message in page.text
    assert page.form("")["law"] == text
    assert page.form("")["note"].strip() == "Vår merknad."


def test_the_same_is_not_listed_twice_and_the_list_has_an_end(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    mona = log_in(people.mona)
    assert add(mona, people.strandheim, "aml § 3-1").status == 303
    assert add(mona, people.strandheim, "aml § 3-1").status == 303
    assert len(lines(mona, people.strandheim)["Strandheim sykehjem 1"]) == 1
    again = add(mona, people.strandheim, "arbeidsmiljøloven § 3 - 1", "Noe annet.")
    assert again.status == 422
    assert "står allerede på lista til Strandheim sykehjem" in again.text
    with app.app_context():
        for number in range(MOST_LAWS - 1):
            db.session.add(
                UnitLaw(unit_id=people.strandheim, refid=f"lov/1990-01-01-{number}", added_by_id=people.mona)
            )  # fmt: skip
        db.session.commit()
        db.session.remove()
    full = add(mona, people.strandheim, "aml § 3-5")
    assert full.status == 422
    assert f"Lista har plass til {MOST_LAWS}" in full.text


def test_two_who_add_the_same_at_once_make_one_line(
    database: str, people: Cast, log_in: LogIn
) -> None:
    """CC-06: on SQLite the second one waits, and finds it there when it looks."""
    mona, kaja = log_in(people.mona), log_in(people.kaja)
    first = lambda: add(kaja, people.strandheim, "aml § 3-1", "Kajas.")  # noqa: E731
    form = mona.get(ADD).form("")
    fields = {**form, "unit": str(people.strandheim), "law": "aml § 3-1", "note": "Monas."}
    if database == "sqlite":
        first()
        answer = mona.post(ADD, fields)
    else:
        token = mona.csrf_token()
        with meanwhile("FROM unit_law", first):
            answer = mona.post(ADD, {**fields, "csrf_token": token}, token=False)
    assert answer.status == 422
    assert "står allerede på lista" in answer.text
    assert answer.form("")["note"].strip() == "Monas."
    assert len(lines(mona, people.strandheim)["Strandheim sykehjem 1"]) == 1


def test_only_who_keeps_the_list_changes_it(app: Flask, people: Cast, log_in: LogIn) -> None:
    add(log_in(people.mona), people.strandheim, "aml § 3-1", "Første.")
    with app.app_context():
        [row_id] = db.session.scalars(select(UnitLaw.id))
        db.session.remove()
    page = f"/lover/viktig/{row_id}"
    assert log_in(people.ingrid).get(ADD).status == 403
    # Rita leads a school: she keeps her own list, and nobody else's.
    rita = log_in(people.rita)
    assert rita.get(page).status == 403
    assert add(rita, people.strandheim, "aml § 3-5").status == 422
    assert rita.post(f"{page}/fjern").status == 403
    eva = log_in(people.eva)
    form = eva.get(page).form("")
    assert eva.post(page, {**form, "note": "Andre."}, follow_redirects=False).status == 303
    late = log_in(people.kaja).post(page, {**form, "note": "Kajas."})
    assert late.status == 409
    assert late.form("")["note"].strip() == "Kajas."
    assert "Andre." in late.text
    assert eva.post(f"{page}/fjern", follow_redirects=False).status == 303
    assert lines(eva, people.strandheim) == {"Strandheim sykehjem": []}
    assert eva.get(page).status == 404
    with app.app_context():
        events = db.session.scalars(
            select(AuditEntry.event)
            .where(AuditEntry.subject == "unit_law")
            .order_by(AuditEntry.sequence)
        ).all()
    assert events == ["unit_law.added", "unit_law.edited", "unit_law.removed"]


def test_list_tells_of_a_new_wording_and_of_a_repeal(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    mona = log_in(people.mona)
    add(mona, people.strandheim, "aml § 3-1")
    add(mona, people.strandheim, "aml § 3-5")
    bring(
        app,
        working_environment_act("Arbeidsgiver skal dokumentere det.", repealed=True),
        date(2026, 9, 1),
    )
    page = mona.get(f"/lover/viktig?enhet={people.strandheim}")
    assert "Endret i utgaven 1. september 2026" in page.text
    [tag] = page.find("//li//*[contains(@class, 'ds-tag')]")
    assert tag.text_content().strip() == "Opphevet"
    link = page.find(f"//a[contains(@href, '/lover/{AML}/endringer?paragraf=3-1')]")
    assert link
    assert "dokumentere" in mona.get(link[0].get("href")).text


def test_form_is_filled_in_from_the_page_of_the_law(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    mona = log_in(people.mona)
    [button] = mona.get(f"/lover/{AML}").find("//aside//a[contains(@href, '/lover/viktig/ny')]")
    assert mona.get(button.get("href")).form("")["law"] == "Arbeidsmiljøloven"
    assert mona.get(f"{ADD}?lov={AML}&paragraf=3-1").form("")["law"] == "Arbeidsmiljøloven § 3-1"
    assert not log_in(people.ingrid).get(f"/lover/{AML}").find("//a[contains(@href, '/viktig/ny')]")
    with app.test_request_context():
        assert write_target("lov/1999-01-01-1", "") == ""
        assert write_target(AML, "77") == ""
