"""A report, message or answer with numbers and names of people: held back, marked, explained."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert

from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.deviations.privacy_guard import name_words, possible_names
from intranet.extensions import db
from intranet.people.models import Person
from intranet.people.queries.persons import find_names
from tests import cast
from tests.browser import Browser, Page, counted_queries
from tests.deviations.factories import case_for, do
from tests.deviations.test_pages import count_reports, fields, made

LogIn = Callable[[int], Browser]
IDENTITY = "131169 00216"
REASON = "Legen må ringes tilbake."


def marked(page: Page) -> list[str]:
    return [mark.text_content() for mark in page.find("//main//mark")]


def test_an_identity_number_must_go_whatever_the_reason(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-19."""
    sent = fields(people.strandheim, what=f"Bruker {IDENTITY} falt.", privacy_reason=REASON)
    page = log_in(people.ingrid).post("/avvik/meld", sent)
    assert page.status == 422
    assert marked(page) == [IDENTITY]
    assert "Fjern fødselsnummeret fra teksten." in page.text
    assert f"Bruker {IDENTITY} falt." in page.form()["what"]
    assert count_reports(app) == 0


@pytest.mark.parametrize("field", ["what", "immediate_action"])
@pytest.mark.parametrize("found", ["Jonas Berg", "99 88 77 66"])
def test_a_name_or_telephone_may_stay_with_a_reason_that_the_handler_reads(
    app: Flask, people: cast.Cast, log_in: LogIn, field: str, found: str
) -> None:
    ingrid = log_in(people.ingrid)
    sent = fields(people.strandheim, **{field: f"Ring {found} om fallet."})
    page = ingrid.post("/avvik/meld", sent)
    assert page.status == 422
    assert marked(page) == [found]
    assert page.find("//textarea[@name='privacy_reason']")
    # What was folded is unfolded only for what stands in it.
    assert bool(page.find("//details[contains(@class,'report-more')]/@open")) == (field != "what")
    assert count_reports(app) == 0
    receipt = ingrid.post("/avvik/meld", {**sent, "privacy_reason": REASON})
    assert receipt.heading == "Avviket er sendt"
    number = receipt.response.request.path.split("/")[2]
    assert REASON in log_in(people.mona).get(f"/avvik/{number}").text
    assert REASON not in log_in(people.ingrid).get(f"/avvik/{number}").text


def test_an_identity_number_does_not_hide_in_the_reason(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    sent = fields(people.strandheim, what="Ring Jonas Berg.", privacy_reason=f"Fnr {IDENTITY}")
    assert log_in(people.ingrid).post("/avvik/meld", sent).status == 422
    assert count_reports(app) == 0


def test_ones_own_name_and_a_name_of_nobody_here_are_let_through(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    sent = fields(people.strandheim, what="Ingrid Solheim og Ola Nordmann tørket gulvet.")
    assert log_in(people.ingrid).post("/avvik/meld", sent).heading == "Avviket er sendt"


@pytest.mark.parametrize("change", [{"is_blocked": True}, {"is_directory_active": False}])
def test_who_does_not_work_here_any_more_is_not_pointed_out(
    app: Flask, people: cast.Cast, log_in: LogIn, change: dict[str, bool]
) -> None:
    with app.app_context(), transaction():
        jonas = db.session.get_one(Person, people.jonas)
        for name, value in change.items():
            setattr(jonas, name, value)
    sent = fields(people.strandheim, what="Jonas Berg falt.")
    assert log_in(people.ingrid).post("/avvik/meld", sent).heading == "Avviket er sendt"


def test_a_message_is_held_back_and_goes_with_a_reason(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    mona = log_in(people.mona)
    page = mona.post(f"/avvik/{number}/melding", {"text": "Har Jonas Berg sett det?"})
    assert page.status == 422
    assert marked(page) == ["Jonas Berg"]
    assert "Har Jonas Berg sett det?" in page.source
    sent = {"text": "Har Jonas Berg sett det?", "privacy_reason": REASON}
    mona.post(f"/avvik/{number}/melding", sent)
    assert "Har Jonas Berg sett det?" in log_in(people.ingrid).get(f"/avvik/{number}").text
    assert REASON in mona.get(f"/avvik/{number}").text


def test_an_answer_with_an_identity_number_does_not_close_the_case(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        do(people.mona, number, handle.acknowledge_deviation)
        version = case_for(people.mona, number)[0].deviation.version
        db.session.remove()
    sent = {"answer": f"Gjaldt {IDENTITY}.", "version": str(version)}
    page = log_in(people.mona).post(f"/avvik/{number}/lukk", sent)
    assert page.status == 422
    assert marked(page) == [IDENTITY]
    with app.app_context():
        assert case_for(people.mona, number)[0].deviation.closed_at is None


def test_among_twenty_thousand_names_those_of_the_text_are_read_in_one_statement(
    people: cast.Cast, context: Flask
) -> None:
    letters = "abcdefghijklmnopqrst"
    ends = [first + second for first in letters for second in letters]
    given, family = [f"Jo{end}" for end in ends[:200]], [f"Vik{end}" for end in ends[:100]]
    rows = [
        {"name": f"{first} {last}", "name_key": f"{first} {last}".casefold(), "family_name": last}
        for first in given
        for last in family
    ]
    with transaction():
        db.session.execute(insert(Person), rows)
    text = "Joab Vikcd og Jonas Berg. " + "Kari Holm så Ola Lie gå. " * 60
    wanted = {one for readings in possible_names(text).values() for one in readings}
    with counted_queries() as queries:
        found = {name_words(name) for name in find_names(wanted, besides=0)}
    assert len(queries) == 1
    assert len(found) < 500
    assert {("joab", "vikcd"), ("jonas", "berg")} <= found
