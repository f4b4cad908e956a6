"""The result page and the suggestions, as people meet them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from intranet.search import indexing
from intranet.search.entry import Kind
from tests.browser import Browser
from tests.cast import Cast
from tests.search.fake_source import AML, FakeSource, law_entries, make_entry

LogIn = Callable[[int], Browser]


@pytest.fixture
def filled(app: Flask, source: FakeSource, people: Cast) -> FakeSource:
    """Some laws, many news, and something that only the ward may find."""
    for entry in law_entries():
        source.put(entry)
    for n in range(25):
        source.put(make_entry(f"nyhet/{n}", f"Kantina, nytt nummer {n}", "Ny <b>hver</b> meny."))
    source.put(
        make_entry(
            "library/PRO-1",
            "Kantina på avdelingen",
            kind=Kind.PROCEDURE,
            audience=(f"unit:{people.ward}",),
        )
    )
    with app.app_context():
        indexing.rebuild()
    return source


def test_a_reader_finds_a_paragraph_with_its_words_marked(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.ingrid).get("/sok?q=varsle")
    assert page.heading == "1 treff på «varsle»"
    (hit,) = page.find("//ol[contains(@class,'results')]/li")
    assert hit.xpath(".//mark")[0].text == "varsle"


def test_kinds_are_links_with_counts_and_a_chosen_one_can_be_removed(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    nurse = log_in(people.ingrid)
    page = nurse.get("/sok?q=kantina")
    (link,) = [a for a in page.links() if "type=prosedyre" in a]
    chosen = nurse.get(link)
    assert chosen.heading == "1 treff på «kantina»"
    (chip,) = chosen.find("//a[contains(@class,'ds-chip')]/@href")
    assert nurse.get(chip).heading == "26 treff på «kantina»"


def test_one_outside_the_unit_sees_no_trace_of_its_procedure(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    """AZ-14, AZ-16"""
    teacher = log_in(people.tor)
    page = teacher.get("/sok?q=kantina")
    assert page.heading == "25 treff på «kantina»"
    assert "Prosedyre" not in " ".join(page.find("//nav[@class='tabs']//text()"))
    assert "avdelingen" not in teacher.get("/sok/forslag?q=kantina").source


def test_further_pages_are_links_and_show_other_hits(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    nurse = log_in(people.ingrid)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = nurse.get(f"/sok?q=kantina&side={number}")
        seen += page.find("//li[@class='result']//h2/a/@href")
    assert len(seen) == len(set(seen)) == 26
    assert any("side=2" in link for link in nurse.get("/sok?q=kantina").links())


@pytest.mark.parametrize("number", ["0", "-1", "9999999", "abc", "１", "1e3", ""])
def test_an_odd_page_number_is_no_error(
    filled: FakeSource, people: Cast, log_in: LogIn, number: str
) -> None:
    """IN-08"""
    assert log_in(people.ingrid).get(f"/sok?q=kantina&side={number}").status == 200


def test_an_empty_search_explains_how_to_search(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.ingrid).get("/sok")
    assert page.status == 200
    assert "Slik søker du" in page.text


def test_a_search_that_finds_nothing_says_what_to_try(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    page = log_in(people.ingrid).get("/sok?q=qqqqqq")
    assert page.heading == "0 treff på «qqqqqq»"
    assert "Ingen treff" in page.text


def test_markup_in_titles_texts_and_questions_stays_text(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    """IN-01"""
    page = log_in(people.ingrid).get("/sok?q=%3Cscript%3Ealert(1)%3C/script%3E+meny")
    assert "<script>alert" not in page.source
    assert "<b>hver" not in page.source


@pytest.mark.parametrize(
    "query", ["%00", "%ff", "(" * 5000, "*", "%F0%9F%99%82", "%E2%80%AEabc", "a+OR+" * 2000, "%22"]
)
def test_odd_questions_get_a_page(
    filled: FakeSource, people: Cast, log_in: LogIn, query: str
) -> None:
    """IN-12"""
    nurse = log_in(people.ingrid)
    assert nurse.get(f"/sok?q={query}").status in (200, 400)
    assert nurse.get(f"/sok/forslag?q={query}").status in (200, 400)


def test_while_the_index_is_built_the_page_says_so(
    source: FakeSource, people: Cast, log_in: LogIn
) -> None:
    """CF-03"""
    nurse = log_in(people.ingrid)
    page = nurse.get("/sok?q=kantina")
    assert page.status == 503
    assert page.heading == "Søket bygges opp"
    assert json.loads(nurse.get("/sok/forslag?q=kan").source) == []


def test_suggestions_are_a_list_for_the_script(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    answer = json.loads(log_in(people.ingrid).get("/sok/forslag?q=arbeidsm").source)
    assert answer[0]["title"] == "Arbeidsmiljøloven"
    assert set(answer[0]) == {"title", "url", "kind", "subtitle"}
    assert answer[0]["url"] == f"/{AML}"


def test_a_stranger_is_sent_to_the_login_page(filled: FakeSource, client: Browser) -> None:
    assert client.get("/sok?q=kantina", follow_redirects=False).status in (302, 303)
    assert client.get("/sok/forslag?q=kan", follow_redirects=False).status in (302, 303, 401)


def test_one_search_asks_the_database_little(
    filled: FakeSource, people: Cast, log_in: LogIn
) -> None:
    nurse = log_in(people.ingrid)
    nurse.get("/sok?q=kantina")
    assert len(nurse.get("/sok?q=kantina").queries) <= 8


def test_paragraphs_of_one_law_stand_together_beneath_the_best(
    app: Flask, source: FakeSource, people: Cast, log_in: LogIn
) -> None:
    for n in (1, 2, 3):
        source.put(
            make_entry(f"{AML}#{n}", f"§ {n} Ferie", "Ferie. " * n, kind=Kind.LAW, paragraph=str(n))
        )
    source.put(make_entry("nyhet/1", "Ferie i år", "Ferie."))
    with app.app_context():
        indexing.rebuild()
    tor = log_in(people.tor)
    page = tor.get("/sok?q=ferie")
    assert len(page.find("//li[@class='result']")) == 2
    beneath = page.find("//ul[@class='result__more']//a/@href")
    assert len(beneath) == 3
    alone = tor.get(beneath[-1])
    assert alone.heading == "3 treff på «ferie»"
    assert len(alone.find("//li[@class='result']")) == 3
