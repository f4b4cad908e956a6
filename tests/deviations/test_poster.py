"""The poster with the code, and what scanning it leads to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from lxml import etree

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people.models import Unit
from intranet.web.qr_code import draw_code
from tests import cast
from tests.browser import Browser
from tests.deviations.test_pages import fields

LogIn = Callable[[int], Browser]


@pytest.mark.parametrize("paper", ["a4", "a5", "hva-som-helst"])
def test_the_poster_names_the_unit_and_carries_its_address(
    people: cast.Cast, log_in: LogIn, paper: str
) -> None:
    page = log_in(people.mona).get(f"/avvik/plakat/{people.ward}?papir={paper}")
    assert page.status == 200
    assert "Avdeling 2" in page.text
    assert f"http://localhost/avvik/meld?sted={people.ward}" in page.text
    assert page.find("//*[contains(@class,'poster__code')]//*[local-name()='path']")


@pytest.mark.parametrize("unit", [0, 999999, 99999999999999999999])
def test_a_unit_that_is_not_there_has_no_poster(
    people: cast.Cast, log_in: LogIn, unit: int
) -> None:
    assert log_in(people.mona).get(f"/avvik/plakat/{unit}").status == 404


def test_a_closed_unit_has_no_poster(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Unit, people.ward).is_active = False
    assert log_in(people.mona).get(f"/avvik/plakat/{people.ward}").status == 404


def test_the_code_is_drawn_without_inline_style() -> None:
    root = etree.fromstring(str(draw_code("https://portal.example/avvik/meld?sted=7")).encode())
    assert not root.xpath("//@style")
    assert not root.xpath("//@*[starts-with(name(), 'on')]")


def test_scanning_leads_through_the_login_to_the_form_with_the_place(
    people: cast.Cast, log_in: LogIn, client: Browser
) -> None:
    address = f"/avvik/meld?sted={people.school}"
    door = client.get(address)
    assert door.heading == "Logg inn"
    assert door.form()["next"] == address
    form = log_in(people.ingrid).get(address)
    assert form.form()["unit_id"] == str(people.school)
    assert "Stedet står på plakaten du skannet." in form.text
    assert "Forslaget er hentet fra profilen din." not in form.text


def test_the_scanned_place_goes_before_that_of_a_draft(people: cast.Cast, log_in: LogIn) -> None:
    ingrid = log_in(people.ingrid)
    ingrid.post("/avvik/meld", fields(people.strandheim, step="draft", what="Fallet i går"))
    page = ingrid.get(f"/avvik/meld?sted={people.school}")
    chosen = page.find("//select[@name='unit_id']/option[@selected]/@value")
    assert chosen == [str(people.school)]
    assert page.find("//textarea[@name='what']/text()")[0].strip() == "Fallet i går"


@pytest.mark.parametrize("place", ["", "x", "-1", "999999", "9" * 40, "²"])
def test_a_place_that_is_none_leaves_the_form_open(
    people: cast.Cast, log_in: LogIn, place: str
) -> None:
    assert log_in(people.ingrid).get(f"/avvik/meld?sted={place}").status == 200


def test_leaders_find_the_poster_on_the_page_of_the_unit(people: cast.Cast, log_in: LogIn) -> None:
    address = f"/avvik/plakat/{people.strandheim}"
    assert address in log_in(people.mona).get(f"/enhet/{people.strandheim}").links()
    assert address not in log_in(people.ingrid).get(f"/enhet/{people.strandheim}").links()
