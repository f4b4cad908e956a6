"""What was typed when the session ended comes back in its form, to the same person only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from intranet.core.actor import Role
from intranet.core.transaction import transaction
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.login import actions
from intranet.login.models import LoginSession, PendingText
from intranet.people.models import RoleGrant
from tests import cast
from tests.browser import Browser, Page
from tests.conftest import MORNING
from tests.deviations.factories import case_for, report
from tests.login.conftest import PASSWORD

LogIn = Callable[[int], Browser]
WHAT = "Bruker skled på vått gulv.\nIngen så det."

pytestmark = pytest.mark.usefixtures("directory")


def lose_sessions(app: Flask) -> None:
    """End every session on the server, as two hours of waiting do."""
    with app.app_context():
        with transaction():
            db.session.execute(delete(LoginSession))


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def marks(page: Page, field: str) -> dict[str, str]:
    """Return owner and form name of the form that holds the field."""
    hidden = f"//form[.//*[@name='{field}']]//input[@name='%s']/@value"
    return {name: str(page.find(hidden % name)[0]) for name in ("owner", "form_name")}


def come_back(page: Page, browser: Browser, username: str, password: str = PASSWORD) -> Page:
    """Fill in the login form that the page is."""
    form = page.form("/logg-inn")
    token = form.pop("csrf_token")
    assert token
    return browser.post("/logg-inn", {**form, "username": username, "password": password})


def late_report(app: Flask, browser: Browser, unit_id: int) -> Page:
    page = browser.get("/avvik/meld")
    typed = {
        **page.form(),
        "what": WHAT,
        "unit_id": str(unit_id),
        "category": "patient",
        "answers_patient": ["patient.treatment", "patient.before"],
        "immediate_action": "Tørket gulvet.",
        "send_key": str(uuid.uuid4()),
    }
    lose_sessions(app)
    return browser.post("/avvik/meld", typed, headers={"Referer": "http://localhost/avvik/meld"})


def test_a_report_sent_too_late_stands_in_the_form_after_a_new_login(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CF-16, D8."""
    ingrid = log_in(people.ingrid)
    late = late_report(app, ingrid, people.strandheim)
    assert late.status == 401
    assert late.heading == "Logg inn for å fortsette"
    assert count(app, PendingText) == 0, "nothing is stored for somebody who has not logged in"
    page = come_back(late, ingrid, "ingrid")
    assert page.heading == "Meld avvik"
    form = page.form()
    assert form["what"].strip() == WHAT
    assert form["unit_id"] == str(people.strandheim)
    assert form["category"] == "patient"
    assert form["immediate_action"].strip() == "Tørket gulvet."
    ticked = page.find("//input[@name='answers_patient'][@checked]/@value")
    assert ticked == ["patient.treatment", "patient.before"]
    assert "Det er ikke sendt ennå" in page.text
    assert count(app, Deviation) == 0
    receipt = ingrid.post("/avvik/meld", form)
    assert receipt.heading == "Avviket er sendt"


def test_a_wrong_password_on_the_way_loses_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    late = late_report(app, ingrid, people.strandheim)
    again = come_back(late, ingrid, "ingrid", "feil passord")
    assert again.status in (401, 422)
    assert come_back(again, ingrid, "ingrid").form()["what"].strip() == WHAT


def test_another_person_who_logs_in_sees_nothing_of_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    late = late_report(app, ingrid, people.strandheim)
    page = come_back(late, ingrid, "jonas")
    assert "hører til en annen" in page.text
    assert "skled" not in page.source
    assert "skled" not in ingrid.get("/avvik/meld").source
    assert count(app, PendingText) == 0


def test_the_address_with_the_key_shows_another_person_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    late = late_report(app, ingrid, people.strandheim)
    form = late.form("/logg-inn")
    form.pop("csrf_token")
    answer = ingrid.post(
        "/logg-inn",
        {**form, "username": "ingrid", "password": PASSWORD},
        follow_redirects=False,
    )
    assert "skled" in ingrid.get(answer.location).source
    assert "skled" not in log_in(people.jonas).get(answer.location).source


def test_a_made_up_seal_is_nobodys(people: cast.Cast, client: Browser) -> None:
    page = client.post(
        "/logg-inn", {"username": "ingrid", "password": PASSWORD, "kept": "eyJ.made.up"}
    )
    assert "for gammel" in page.text


def test_a_made_up_owner_gives_the_page_with_the_text_and_no_seal(
    people: cast.Cast, client: Browser
) -> None:
    page = client.post("/avvik/meld", {"what": WHAT, "owner": f"{people.ingrid}.AAAA"})
    assert page.status == 401
    assert "skled" in page.source
    assert not page.find("//input[@name='kept']")


@pytest.mark.parametrize(
    ("address", "field", "who"),
    [("melding", "text", "mona"), ("lukk", "answer", "mona"), ("melding", "text", "ingrid")],
)
def test_message_and_answer_come_back_on_the_page_of_the_case(
    app: Flask, people: cast.Cast, log_in: LogIn, address: str, field: str, who: str
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    browser = log_in(getattr(people, who))
    if address == "lukk":
        browser.post(f"/avvik/{number}/bekreft", browser.get(f"/avvik/{number}").form())
    page = browser.get(f"/avvik/{number}")
    version = (page.find(f"//form[.//*[@name='{field}']]//input[@name='version']/@value") or [""])[
        0
    ]
    sent = {field: "Vi har sett på saken.", "version": str(version), **marks(page, field)}
    lose_sessions(app)
    late = browser.post(f"/avvik/{number}/{address}", sent)
    back = come_back(late, browser, who)
    assert f"2026-{number % 100000:04d}" in back.text.replace("\N{NON-BREAKING HYPHEN}", "-")
    texts = back.find(f"//textarea[@name='{field}']/text()")
    assert [text.strip() for text in texts] == ["Vi har sett på saken."]
    if address == "lukk":
        assert back.find(f"//details[@open]//textarea[@name='{field}']")
    with app.app_context():
        case, _viewer = case_for(people.mona, number)
        assert not case.deviation.answer


@pytest.mark.parametrize("address", ["/nyheter/skriv", "/bibliotek/ny"])
def test_news_and_procedures_come_back_in_the_writing_form(
    app: Flask, people: cast.Cast, log_in: LogIn, address: str
) -> None:
    with app.app_context():
        with transaction():
            # Given here, so that the login's look at the directory leaves it.
            db.session.add(
                RoleGrant(
                    person_id=people.eva,
                    role=Role.EDITOR,
                    unit_id=people.municipality,
                    source="local",
                )
            )
    eva = log_in(people.eva)
    page = eva.get(address)
    title = page.find("//main//form[@method='post']//input[@type='text']/@name")[0]
    body = page.find("//main//form[@method='post']//textarea/@name")[-1]
    sent = {**page.form(), title: "Ny heis i helsehuset", body: "Heisen er\nåpen."}
    lose_sessions(app)
    back = come_back(eva.post(address, sent), eva, "eva").form()
    assert (back[title], back[body].strip()) == ("Ny heis i helsehuset", "Heisen er\nåpen.")


def test_a_token_of_another_login_brings_the_form_back_with_the_text(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """HD-04: logged in again in another tab; the open page's token is of the session before."""
    ingrid = log_in(people.ingrid)
    sent = {**ingrid.get("/avvik/meld").form(), "what": WHAT}
    ingrid.post("/logg-inn", {"username": "ingrid", "password": PASSWORD})
    page = ingrid.post("/avvik/meld", sent, token=False)
    assert page.heading == "Meld avvik"
    assert page.form()["what"].strip() == WHAT
    assert count(app, Deviation) == 0


def test_logged_out_in_another_tab_asks_to_log_in_and_gives_the_text_back(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AU-12."""
    ingrid = log_in(people.ingrid)
    sent = {**ingrid.get("/avvik/meld").form(), "what": WHAT}
    ingrid.post("/logg-ut")
    late = ingrid.post("/avvik/meld", sent, token=False)
    assert late.status == 401
    assert come_back(late, ingrid, "ingrid").form()["what"].strip() == WHAT


def test_pages_open_to_everybody_carry_no_mark_of_who_is_logged_in(
    people: cast.Cast, log_in: LogIn
) -> None:
    """AN-01."""
    ingrid = log_in(people.ingrid)
    assert not ingrid.get("/tilgjengelighet").find("//input[@name='owner']")
    assert ingrid.get("/avvik/meld").find("//input[@name='owner']")


def test_kept_text_is_swept_after_two_hours(
    app: Flask, people: cast.Cast, log_in: LogIn, at: Callable[[datetime], None]
) -> None:
    at(MORNING)
    ingrid = log_in(people.ingrid)
    come_back(late_report(app, ingrid, people.strandheim), ingrid, "ingrid")
    for later, left in ((timedelta(hours=1), 1), (timedelta(hours=3), 0)):
        at(MORNING + later)
        with app.app_context():
            with transaction():
                actions.sweep()
        assert count(app, PendingText) == left
