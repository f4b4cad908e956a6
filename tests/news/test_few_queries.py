"""How many selects the pages that everybody opens may cost; see docs and `make bench`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.browser import Browser, Page
from tests.cast import Cast

LogIn = Callable[[int], Browser]


def _held(page: Page, most: int) -> None:
    assert page.status == 200
    # A page that asks nothing has not been measured.
    assert 2 <= len(page.queries) <= most, "\n\n".join(page.queries)


def test_news_pages_stay_within_their_number_of_queries(
    app: Flask, people: Cast, log_in: LogIn, make_article: Callable[..., int]
) -> None:
    ids = [make_article(title=f"Sak {n}") for n in range(6)]
    for person in (people.tor, people.mona):
        browser = log_in(person)
        _held(browser.get("/"), 8)
        _held(browser.get(f"/nyheter/{ids[0]}"), 4)
        _held(browser.get("/nyheter"), 5)
        _held(browser.get(f"/nyheter?enhet={people.strandheim}"), 5)


def test_editors_list_stays_within_its_number_of_queries(
    app: Flask, people: Cast, log_in: LogIn, make_article: Callable[..., int]
) -> None:
    make_article(title="Kladd", published=False)
    make_article(title="Ute")
    page = log_in(people.eva).get("/nyheter")
    assert "Kladd" in page.text
    _held(page, 5)


def test_number_of_queries_does_not_follow_the_number_of_rows(
    app: Flask, people: Cast, log_in: LogIn, make_article: Callable[..., Any]
) -> None:
    browser = log_in(people.tor)
    make_article(title="Den første")
    before = {path: len(browser.get(path).queries) for path in ("/", "/nyheter")}
    for number in range(25):
        make_article(title=f"Sak {number}")
    assert {path: len(browser.get(path).queries) for path in before} == before
