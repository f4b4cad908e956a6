"""What the guard finds in free text, and what it leaves alone."""

from __future__ import annotations

import pytest

from intranet.deviations.privacy_guard import (
    FindingKind,
    find_identity_numbers,
    find_phones,
    is_identity_number,
    match_names,
    name_words,
    possible_names,
)
from tests.growth import assert_linear

# Numbers that the authorities have published for testing: no living person has them.
LINE_DANSER = "13116900216"
D_NUMBER = "45014054018"
TAX_SYNTHETIC = "05898597468"
HELP_NUMBER = "01420300065"
HELP_NUMBER_WITHOUT_DATE = "80123400074"


def identities(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_identity_numbers(text)]


def phones(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_phones(text, find_identity_numbers(text))]


def names(text: str, *known: str) -> list[str]:
    found = match_names(possible_names(text), {name_words(name) for name in known})
    assert all(one.kind == FindingKind.NAME for one in found)
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    "number", [LINE_DANSER, D_NUMBER, TAX_SYNTHETIC, HELP_NUMBER, HELP_NUMBER_WITHOUT_DATE]
)
def test_every_kind_of_identity_number_is_found(number: str) -> None:
    """IN-19."""
    assert identities(f"Bruker {number} falt.") == [number]


@pytest.mark.parametrize(
    "written",
    [
        "131169 00216",
        "13.11.69 00216",
        "13 11 69 002 16",
        "131169-00216",
        "131169\N{NO-BREAK SPACE}00216",
        "131169. 00216",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(written: str) -> None:
    assert identities(f"Fnr: {written}.") == [written]


@pytest.mark.parametrize("number", [LINE_DANSER, D_NUMBER, TAX_SYNTHETIC, HELP_NUMBER])
def test_any_one_digit_wrong_makes_it_no_identity_number(number: str) -> None:
    digits = [int(char) for char in number]
    for place in range(11):
        for wrong in range(1, 10):
            changed = list(digits)
            changed[place] = (changed[place] + wrong) % 10
            assert not is_identity_number(changed), changed


@pytest.mark.parametrize(
    "text",
    [
        "Ordre 12345678901 kom ikke.",
        "Konto 1234 56 78903",
        "Sak 2026-0412, rom 3, klokka 10.45, 13.10.2026",
        f"Serienummer 9{LINE_DANSER}",
        f"Serienummer {LINE_DANSER}7",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert identities(text) == []


def test_an_identity_number_after_another_number_is_found_all_the_same() -> None:
    assert identities(f"Rom 12 {LINE_DANSER} og 99887766 {D_NUMBER}") == [LINE_DANSER, D_NUMBER]


@pytest.mark.parametrize(
    "number",
    ["99887766", "998 87 766", "22 33 44 55", "+47 99887766", "+4799887766", "0047 22 33 44 55"],
)
def test_telephone_numbers_are_found(number: str) -> None:
    assert phones(f"Ring {number}, takk.") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Klokka 12.30 den 13.10.2026",
        "20261013 kl. 1200",
        "Sak 2026-0412",
        "kr 45 000 000",
        "12345678 er en ordre",
        "Ring 113",
        "Serienummer 998877665544",
        "Serienummer AB99887766",
        "Fila 7f99887766c.jpg",
        f"Fnr {LINE_DANSER}",
    ],
)
def test_other_numbers_are_no_telephones(text: str) -> None:
    assert phones(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jeg snakket med Kari Holm i går.", ["Kari Holm"]),
        ("Kari Holms seng var våt.", ["Kari Holms"]),
        ("KARI HOLM ringte", ["KARI HOLM"]),
        ("Holm, Kari ble varslet", ["Holm, Kari"]),
        ("Vi ringte Kari\nHolm.", ["Kari\nHolm"]),
        ("Ola og Kari Holm og Per Dag kom", ["Kari Holm", "Per Dag"]),
        ("I går falt Ingrid Marie Solheim", ["Ingrid Marie Solheim"]),
        ("Ingrid Solheim falt", ["Ingrid Solheim"]),
    ],
)
def test_names_of_those_who_work_here_are_found(text: str, found: list[str]) -> None:
    assert names(text, "kari holm", "per dag", "ingrid marie solheim") == found


@pytest.mark.parametrize(
    "text",
    [
        "Tre ganger per dag, og kari holm i små bokstaver",
        "Kari sa fra. Holm ligger ved sjøen.",
        "Kari gikk til Holm",
        "Marie Solheim",
        "Kari Holmen",
        "Karin Holm",
    ],
)
def test_ordinary_words_and_other_names_are_left_alone(text: str) -> None:
    assert names(text, "kari holm", "per dag", "ingrid marie solheim") == []


@pytest.mark.parametrize("piece", ["1 ", "1", "Aa ", "A, B ", "9 9"])
def test_hostile_text_is_looked_through_in_proportion_to_its_length(piece: str) -> None:
    """IN-11."""

    def look_through(text: str) -> None:
        find_phones(text, find_identity_numbers(text))
        places = possible_names(text)
        match_names(places, {("kari", "holm")})
        assert len(places) <= 400

    assert_linear(look_through, lambda size: piece * (size // len(piece)), 32_000)
