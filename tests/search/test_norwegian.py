"""The analysis of words, with no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.search.norwegian import (
    normalise,
    scan,
    section_number,
    split_compound,
    stem,
    terms_of,
)


def terms(text: str) -> list[str]:
    return [term for token in scan(normalise(text)) for term in token.terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("§ 2-1 og § 14", ["2-1", "14"]),
        ("§ 2 A-1", ["2a-1"]),
        ("i 2A-1", ["2a-1"]),
        ("§§ 13 e og 13", ["13e", "13"]),
        ("§ 5 i loven", ["5", "lov"]),
        ("§ 12-3 a", ["12-3a"]),
        ("lov/2005-06-17-62", ["lov", "2005-06-17-62"]),
    ],
)
def test_a_paragraph_number_is_one_term(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    "words",
    [
        ("varsle", "varsling", "varslinga", "varslingen"),
        ("virksomheten", "verksemda", "virksomheter"),
        ("barneloven", "barnelova", "barnelov"),
        ("leder", "lederen", "lederne", "ledere", "leiar"),
        ("arbeidstaker", "arbeidstakerne", "arbeidstakar", "arbeidstakeren"),
        ("taushetsplikt", "teieplikt", "taushetsplikten"),
        ("sykmelding", "sykemelding", "sjukmelding"),
        ("forurense", "forurensning", "forurensningen"),
        ("bok", "bøker"),
        ("skole", "skule", "skolen"),
        ("merinnsyn", "meirinnsyn", "meroffentlighet"),
    ],
)
def test_forms_of_one_word_are_found_under_one_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("barneloven", "barn"), ("skatteloven", "skatt"), ("for", "får"), ("råd", "rad")],
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_compound_is_also_found_by_its_parts() -> None:
    assert terms_of("avviksmelding") == ("avviksmeld", "avvik", "meld")
    assert set(split_compound("sykefraværsoppfølgingsplan")) >= {"sykefravær", "oppfølging", "plan"}


def test_stop_words_are_not_searched() -> None:
    assert terms("det er ikkje ein av dei") == []


def test_composed_and_decomposed_letters_give_the_same_terms() -> None:
    """IN-06"""
    assert terms("pa\u030a arbeidsplassen a\u030apent") == terms("på arbeidsplassen åpent")


def test_invisible_characters_do_not_part_a_word() -> None:
    assert terms("arbeids\u00admil\u200bjø") == terms("arbeidsmiljø")


def test_section_number_has_one_form() -> None:
    assert {section_number(text) for text in ("§ 2 A-1", "2A-1", "2 a-1")} == {"2a-1"}


@given(st.text(max_size=300))
def test_any_text_can_be_analysed(text: str) -> None:
    clean = normalise(text)
    for token in scan(clean):
        assert 0 <= token.start < token.end <= len(clean)
        assert all(token.terms)
