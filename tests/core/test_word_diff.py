"""The comparison of two texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from intranet.core.word_diff import Change, Paragraph, compare_texts, count_changes
from tests.growth import assert_linear

TEXTS = st.lists(st.text("abc æ.\n", max_size=25), max_size=6).map("\n\n".join)


def side(paragraphs: list[Paragraph], change: Change) -> str:
    """One of the two texts, put together again from the comparison."""
    parts = (
        "".join(piece.text for piece in paragraph.pieces if piece.change in (Change.SAME, change))
        for paragraph in paragraphs
    )
    return "".join("".join(parts).split())


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_both_texts_can_be_read_out_of_the_comparison(old: str, new: str) -> None:
    found = compare_texts(old, new)
    assert side(found, Change.REMOVED) == "".join(old.split())
    assert side(found, Change.ADDED) == "".join(new.split())


def test_only_the_changed_word_is_marked() -> None:
    (paragraph,) = compare_texts("Ring lege straks.", "Ring vakthavende lege straks.")
    marked = [(piece.change, piece.text) for piece in paragraph.pieces]
    assert (Change.ADDED, "vakthavende ") in [(c, t) for c, t in marked] or (
        Change.ADDED,
        " vakthavende",
    ) in marked
    assert not [text for change, text in marked if change is Change.REMOVED]


def test_equal_texts_have_no_changes_whatever_the_line_endings() -> None:
    assert count_changes(compare_texts("En.\r\n\r\nTo.", "En.\n\nTo.")) == 0


def test_a_paragraph_put_in_first_leaves_the_others_unmarked() -> None:
    found = compare_texts("A a.\n\nB b.", "Ny.\n\nA a.\n\nB b.")
    assert [paragraph.is_changed for paragraph in found] == [True, False, False]


def test_enormous_paragraphs_are_compared_in_proportion_to_their_length() -> None:
    """FI-21."""

    def compare(text: str) -> None:
        assert count_changes(compare_texts(text, text.replace("ord", "ting"))) == 1

    assert_linear(compare, lambda size: "ord " * (size // 4), 200_000)
