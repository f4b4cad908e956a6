"""What an amending act says of a paragraph is found in each way that acts are printed."""

from __future__ import annotations

import pytest

from intranet.laws.announced import AnnouncedWords, find_announced
from tests.growth import assert_linear

LAW = "lov/2011-06-24-30"
HEAD = "I lov 24. juni 2011 nr. 30 om kommunale helse- og omsorgstjenester m.m."


def found(text: str, section: str = "12-3 a", refid: str = LAW) -> list[tuple[str, str]]:
    return [(one.part, one.text) for one in find_announced([text], refid, section)]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD} skal § 12-3 a lyde:\nMeld fra.",
        f"{HEAD} gjøres følgende endringer:\n§ 12-3 a skal lyde:\nMeld fra.",
        f"{HEAD} gjøres følgende endringer:\nNy § 12-3 a skal lyde:\nMeld fra.",
        f"{HEAD} gjøres følgende endringer: § 12-3 andre ledd skal lyde: – – – "
        "§ 12-3 a skal lyde: Meld fra. – – – § 12-4 skal lyde: Noe annet.",
        f"1. {HEAD} vert desse endringane gjort:\n§ 12-3a skal lyde:\nMeld fra.\n"
        "2. I lov 2. juli 1999 nr. 61 skal § 12-3 a lyde:\nEn annen lov.",
        f"{HEAD} gjøres følgende endringer:\n§ 12-3 a skal lyde:\nMeld fra.\n§ 12-5 oppheves.",
        f"{HEAD} gjøres følgende endringer:\n§ 12-3 a skal lyde:\nMeld fra.\n"
        "Nåværende § 12-3 a blir ny § 12-3 b.",
        f"{HEAD} gjøres følgende endringer: Kapittel 12 overskriften skal lyde: Kapittel 12. Varsel "
        "§ 12-3 a skal lyde: Meld fra. §§ 12-6 og 12-7 oppheves.",
    ],
    ids=["one", "many", "new", "one line", "two laws", "repeal behind", "move behind", "heading"],
)
def test_words_of_the_whole_paragraph_are_found(text: str) -> None:
    assert found(text) == [("", "Meld fra.")]


@pytest.mark.parametrize(
    ("step", "part"),
    [
        ("§ 12-3 a andre ledd skal lyde:", "andre ledd"),
        ("§ 12-3 a første ledd nr. 5 og ny nr. 6 skal lyde:", "første ledd nr. 5 og ny nr. 6"),
        ("§ 12-3 a nytt fjerde ledd lyde:", "nytt fjerde ledd"),
    ],
)
def test_part_of_a_paragraph_is_named(step: str, part: str) -> None:
    assert found(f"{HEAD} gjøres følgende endringer: {step} Meld fra.") == [(part, "Meld fra.")]


@pytest.mark.parametrize(
    ("step", "part"),
    [("§ 12-3 a oppheves.", ""), ("§ 12-3 a andre ledd oppheves.", "andre ledd")],
)
def test_repeal_has_no_words(step: str, part: str) -> None:
    (one,) = find_announced([f"{HEAD} gjøres følgende endringer: {step}"], LAW, "12-3 a")
    assert (one.part, one.text, one.is_repeal) == (part, "", True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "§ 12-3 a skal lyde: Uten at det sies i hvilken lov.",
        "I lov 2. juli 1999 nr. 61 skal § 12-3 a lyde: En annen lov.",
        f"{HEAD} skal § 12-3 lyde: En annen paragraf.",
        f"{HEAD} skal § 12-3 ab lyde: En annen paragraf.",
        f"{HEAD} sies det noe om § 12-3 a, men ikke hva den skal si.",
    ],
)
def test_what_is_not_said_is_not_guessed(text: str) -> None:
    assert found(text) == []


def test_number_and_title_are_told_apart_from_the_words() -> None:
    words = AnnouncedWords("12-3 a", "", "§ 12-3 a. Melding\nMeld fra innen fem dager.")
    assert words.body == "Melding\nMeld fra innen fem dager."
    assert not words.is_one_line
    assert words.holds_in("Melding", "Meld fra innen fem\u00a0dager")
    assert not words.holds_in("Melding", "Meld fra innen fem dager. Og mer.")
    part = AnnouncedWords("12-3 a", "andre ledd", "Meld fra.")
    assert part.holds_in("Melding", "Først. Meld fra. Så mer.")
    assert not part.holds_in("Melding", "Først.")


def test_long_text_without_an_end_is_read_at_once() -> None:
    """FI-21: no text makes the search for words grow with its square."""
    for head, piece in (
        (f"{HEAD} gjøres følgende endringer: ", "§ 12-3 a og mer "),
        (f"{HEAD} gjøres følgende endringer: ", "§ 12-3 a lyde: "),
        (f"{HEAD} gjøres følgende endringer: ", "Nåværende "),
        ("", "I lov 24. juni 2011 nr. 30 "),
    ):
        pieces = head, piece
        assert_linear(found, lambda size, p=pieces: p[0] + p[1] * (size // len(p[1])), 100_000)  # type: ignore[misc]
