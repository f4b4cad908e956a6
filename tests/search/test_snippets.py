"""Marked words and cut texts, with no database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from intranet.search.query import parse
from intranet.search.snippets import make_snippet, mark


def test_the_right_words_are_marked() -> None:
    terms = parse("varsling").terms
    assert mark("Rett til å varsle", terms) == Markup("Rett til å <mark>varsle</mark>")


def test_a_compound_is_marked_by_its_part() -> None:
    assert "<mark>Fallforebygging</mark>" in mark("Fallforebygging i sykehjem", frozenset({"fall"}))


def test_markup_in_the_text_stays_text() -> None:
    """IN-01"""
    shown = make_snippet("<img src=x onerror=alert(1)> varsle & <b>", parse("varsle").terms)
    assert "<img" not in shown
    assert "<b>" not in shown
    assert "&lt;img" in shown
    assert "<mark>varsle</mark>" in shown


def test_the_snippet_is_cut_around_the_words() -> None:
    text = "innledning " * 200 + "her kan du varsle om kritikkverdige forhold " + "slutt " * 200
    shown = make_snippet(text, parse("varsle kritikkverdige").terms)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>varsle</mark>" in shown
    assert "<mark>kritikkverdige</mark>" in shown
    assert len(shown.striptags()) < 320


@given(st.text(max_size=600), st.text(max_size=30))
def test_any_text_gives_a_safe_snippet(text: str, asked: str) -> None:
    shown = make_snippet(text, parse(asked).terms)
    assert "<" not in str(shown).replace("<mark>", "").replace("</mark>", "")
