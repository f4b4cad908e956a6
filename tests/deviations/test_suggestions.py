"""What was breached: proposed while typing or by a button, and only what one may see."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from intranet.core.settings import get_settings
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.search import indexing
from intranet.search.entry import Kind
from tests import cast
from tests.browser import Browser
from tests.deviations.test_pages import fields, made
from tests.laws.builders import archive, paragraph
from tests.laws.builders import law as make_law
from tests.search.fake_source import FakeSource, make_entry

LogIn = Callable[[int], Browser]
AML = make_law(
    "lov/2005-06-17-62",
    paragraph("4-3", "Krav til det psykososiale arbeidsmiljøet", "Ingen trakassering."),
    title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
    short="Arbeidsmiljøloven – aml",
)


@pytest.fixture
def procedures(app: Flask, people: cast.Cast) -> Iterator[FakeSource]:
    """One procedure for all, and one that only the school finds; the laws as they are."""
    before = app.extensions["search_sources"]
    fake = FakeSource()
    fake.put(make_entry("library/PRO-1", "Fall på bad", "Tørk gulvet.", kind=Kind.PROCEDURE))
    fake.put(
        make_entry(
            "library/PRO-2",
            "Fall i gymsalen",
            "Tørk gulvet.",
            kind=Kind.PROCEDURE,
            audience=(f"unit:{people.school}",),
        )
    )
    app.extensions["search_sources"] = (*(one for one in before if one.name == "laws"), fake)
    with app.app_context():
        import_archive(archive(AML), "p", as_of=date(2026, 6, 18))
        db.session.remove()
        root = get_settings().index_dir
        shutil.rmtree(root, ignore_errors=True)
        indexing.rebuild()
        db.session.remove()
    yield fake
    app.extensions["search_sources"] = before
    shutil.rmtree(root, ignore_errors=True)


def proposals(browser: Browser, kind: str, words: str) -> list[dict[str, Any]]:
    page = browser.get(f"/avvik/forslag/{kind}", query_string={"q": words})
    assert page.status == 200
    return list(json.loads(page.source))


def test_only_what_the_person_may_see_is_proposed(
    procedures: FakeSource, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-14."""
    assert [one["value"] for one in proposals(log_in(people.ingrid), "prosedyre", "fall")] == [
        "PRO-1"
    ]
    teacher = {one["value"] for one in proposals(log_in(people.tor), "prosedyre", "fall")}
    assert teacher == {"PRO-1", "PRO-2"}


@pytest.mark.parametrize("words", ["", "f", "x" * 5000, "\x00", "§", "' or 1=1"])
def test_odd_words_propose_nothing_and_break_nothing(
    procedures: FakeSource, people: cast.Cast, log_in: LogIn, words: str
) -> None:
    for kind in ("prosedyre", "lov"):
        assert proposals(log_in(people.ingrid), kind, words) == []


def test_a_picked_paragraph_is_a_link_to_it_on_the_page_of_the_case(
    app: Flask, procedures: FakeSource, people: cast.Cast, log_in: LogIn
) -> None:
    (one,) = proposals(log_in(people.ingrid), "lov", "psykososiale")
    number = made(app, people.ingrid, people.strandheim, law_reference=one["value"])
    page = log_in(people.mona).get(f"/avvik/{number}")
    assert any(link.startswith("/lover/lov/2005-06-17-62#p-4-3") for link in page.links()), one


def test_without_scripts_a_button_finds_and_a_choice_is_sent(
    app: Flask, procedures: FakeSource, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    typed = fields(people.strandheim, what="Et fall på badet")
    page = ingrid.post("/avvik/meld", {**typed, "step": "find_procedure"})
    assert page.status == 200
    assert page.form()["what"].strip() == "Et fall på badet"
    values = page.find("//input[@name='picked_procedure_number']/@value")
    assert values == ["PRO-1", ""], "the proposals, and not knowing"
    receipt = ingrid.post("/avvik/meld", {**typed, "picked_procedure_number": "PRO-1"})
    assert receipt.heading == "Avviket er sendt"
    number = receipt.response.request.path.split("/")[2]
    assert "PRO-1" in ingrid.get(f"/avvik/{number}").text


def test_not_knowing_leaves_the_field_empty(
    procedures: FakeSource, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    typed = fields(people.strandheim, procedure_number="noe om fall", picked_procedure_number="")
    receipt = ingrid.post("/avvik/meld", typed)
    number = receipt.response.request.path.split("/")[2]
    assert "noe om fall" not in ingrid.get(f"/avvik/{number}").text


def test_enter_in_a_field_sends_and_does_not_search(people: cast.Cast, log_in: LogIn) -> None:
    page = log_in(people.ingrid).get("/avvik/meld")
    buttons = page.find("//form[@id='report']//button[@type='submit']")
    assert buttons[0].get("name") is None
