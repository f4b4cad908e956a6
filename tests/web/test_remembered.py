"""Pieces of the layout that are written once hold nothing of the one whom they were written for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from jinja2 import meta, nodes

from tests.browser import Browser
from tests.cast import Cast

LogIn = Callable[[int], Browser]
ROOT = Path(__file__).parents[2]
# Nothing of the person, the request, a token or the time is among them.
KNOWN = {"asset", "optional_url", "url_for", "_", "languages", "colour_schemes", "remembered"}
LABELS = {"document_labels", "revision_labels"}
# A field shows the form that it is given, and what it shows stands in the key.
PIECES = {"icon", "search_box", "avatar", "button", "tag", "field"}


def test_remembered_pieces_know_only_their_arguments_and_addresses(app: Flask) -> None:
    tree = app.jinja_env.parse(
        (ROOT / "templates/_layout/remembered.html").read_text(encoding="utf-8")
    )
    assert meta.find_undeclared_variables(tree) <= KNOWN | LABELS
    parts = {
        each.attr
        for each in tree.find_all(nodes.Getattr)
        if isinstance(each.node, nodes.Name) and each.node.name == "ui"
    }
    assert parts <= PIECES


def test_two_persons_in_turn_read_their_own_names_menus_and_languages(
    people: Cast, log_in: LogIn
) -> None:
    mona, adam = log_in(people.mona), log_in(people.adam)
    adam.post("/innstillinger", {"language": "en", "next": "/varsler"})
    for _turn in range(2):
        for browser, own, other, front, administers in (
            (mona, "Mona Dahl", "Adam Aas", "Forside", False),
            (adam, "Adam Aas", "Mona Dahl", "Front page", True),
        ):
            page = browser.get("/varsler")
            shown = " ".join(page.find("//header[@class='header']")[0].text_content().split())
            assert own in shown
            assert other not in shown
            assert front in shown
            assert bool(page.find("//header//a[@href='/administrasjon']")) is administers


def test_the_menu_marks_the_page_that_one_stands_at(people: Cast, log_in: LogIn) -> None:
    browser = log_in(people.mona)
    marked = "//nav[contains(@class, 'main-menu')]//a[@aria-current]"
    for path, state in (("/avvik/mine", "page"), ("/avvik/meld", "true")):
        (link,) = browser.get(path).find(marked)
        assert (link.get("href"), link.get("aria-current")) == ("/avvik/mine", state)
