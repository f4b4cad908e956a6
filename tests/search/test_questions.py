"""What was asked for and not found is kept without the one who asked, and without anybody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.search import indexing
from intranet.search.actions import KEPT, Outcome, note_question
from intranet.search.keeping import LONGEST_KEPT, kept_form
from intranet.search.models import AskedQuestion
from tests.browser import Browser
from tests.cast import Cast
from tests.search.fake_source import FakeSource, make_entry

LogIn = Callable[[int], Browser]
Rows = dict[str, tuple[int, int, int]]


def rows(app: Flask) -> Rows:
    with app.app_context():
        found = {
            row.words: (row.missed_count, row.helped_count, row.failed_count)
            for row in db.session.query(AskedQuestion)
        }
        db.session.remove()
    return found


@pytest.fixture
def indexed(app: Flask, source: FakeSource, people: Cast) -> Cast:
    source.put(make_entry("nyhet/1", "Kantina er åpen"))
    with app.app_context():
        indexing.rebuild()
        db.session.remove()
    return people


def test_what_finds_nothing_is_noted_and_what_finds_something_is_not(
    app: Flask, indexed: Cast, log_in: LogIn
) -> None:
    tor = log_in(indexed.tor)
    for words in ("Sykkelparkering?", "sykkelparkering", "kantina", "sykkelparkering&type=nyhet"):
        tor.get(f"/sok?q={words}")
    tor.get("/sok")
    assert rows(app) == {"sykkelparkering": (2, 0, 0)}


@pytest.mark.parametrize(
    "text",
    [
        "010170 12345",
        "01017012345",
        "ring 22 33 44 55",
        "+4799887766",
        "tor.tveit@havnsund.no",
        "Gunvald Brekke",
        "sykmelding for kari",
        "klage fra nguyen",
        "x" * (LONGEST_KEPT + 1),
        "",
        "🙂",
        "ord " * 13,
    ],
)
def test_a_question_that_may_tell_of_somebody_is_not_kept(text: str) -> None:
    assert kept_form(text) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sykkel-parkering  på RÅDHUSET?", "sykkel parkering på rådhuset"),
        ("lov 17. juni 2005 nr. 62", "lov 17 juni 2005 nr 62"),
        ("Rutine for avvik", "rutine for avvik"),
        ("sommerfesten 2026", "sommerfesten 2026"),
    ],
)
def test_other_questions_are_kept_in_one_form(text: str, kept: str) -> None:
    assert kept_form(text) == kept


@given(st.text(max_size=300))
def test_no_question_with_many_digits_is_ever_kept(text: str) -> None:
    assert kept_form(f"{text} 010170 12345") == ""


def test_a_question_with_a_name_from_the_directory_is_not_kept(
    context: Flask, people: Cast
) -> None:
    with transaction():
        for text in ("fravær tveit", "rydal", "hvor er ryen", "mona-lisa dahl"):
            note_question(text, Outcome.MISSED)
    assert [row.words for row in db.session.query(AskedQuestion)] == ["rydal"]


def test_a_reader_says_whether_it_was_found(app: Flask, indexed: Cast, log_in: LogIn) -> None:
    tor = log_in(indexed.tor)
    form = tor.get("/sok?q=kantina").form("/sok/svar")
    assert form["q"] == "kantina"
    page = tor.post("/sok/svar", {**form, "svar": "nei"})
    assert page.heading == "1 treff på «kantina»"
    assert "uten navnet ditt" in page.text
    tor.post("/sok/svar", {**form, "svar": "ja"})
    tor.post("/sok/svar", {"q": "01017012345", "svar": "nei"})
    assert rows(app) == {"kantina": (0, 1, 1)}


def test_those_who_tend_the_search_see_the_worst_first_and_take_it_off(
    app: Flask, indexed: Cast, log_in: LogIn
) -> None:
    with app.app_context(), transaction():
        for text, outcome in (("stole", Outcome.MISSED), ("bord", Outcome.FAILED),
                              ("bord", Outcome.MISSED), ("lampe", Outcome.HELPED)):  # fmt: skip
            note_question(text, outcome)
    kari = log_in(indexed.kari)
    page = kari.get("/sok/sporsmal")
    shown = [cell.text_content().strip() for cell in page.find("//tbody/tr/th")]
    assert shown == ["bord", "stole", "lampe"]
    only = kari.get("/sok/sporsmal?vis=uten-treff").find("//tbody/tr/th")
    assert [cell.text_content().strip() for cell in only] == ["bord", "stole"]
    (action,) = page.find("//tr[th[contains(.,'bord')]]//form/@action")
    assert "bord" not in kari.post(action).text
    assert log_in(indexed.tor).get("/sok/sporsmal").status == 403


def test_questions_that_nobody_asks_any_more_are_removed(context: Flask, people: Cast) -> None:
    with transaction():
        note_question("stole", Outcome.MISSED)
        note_question("bord", Outcome.MISSED)
        old = db.session.query(AskedQuestion).filter_by(words="stole").one()
        old.last_on = today() - KEPT - timedelta(days=1)
    assert indexing.forget_questions() == 1
    assert [row.words for row in db.session.query(AskedQuestion)] == ["bord"]
