"""Which questions ask for a person, with no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.core.actor import Role
from intranet.search.person_questions import CHIEF, asked_number, asked_role


@pytest.mark.parametrize(
    ("text", "role", "unit"),
    [
        ("hvem er verneombud på Solbakken", Role.SAFETY_REPRESENTATIVE, ("solbakken",)),
        ("Kven er verneombodet på skulen?", Role.SAFETY_REPRESENTATIVE, ("skulen",)),
        ("leder på hjemmetjenesten", None, ("hjemmetjenesten",)),
        ("hvem er lederen min", None, ()),
        ("rektor Nesbakken", None, ("nesbakken",)),
        ("rådmannen", None, (CHIEF,)),
        ("personvernombud", Role.DATA_PROTECTION_OFFICER, ()),
        # What is left names no unit; the directory finds none, and it is a question like others.
        ("leder og taushetsplikt", None, ("og", "taushetsplikt")),
    ],
)
def test_a_role_is_asked_for_with_the_words_of_where(
    text: str, role: Role | None, unit: tuple[str, ...]
) -> None:
    asked = asked_role(text)
    assert asked is not None
    assert (asked.role, asked.unit) == (role, unit)


@pytest.mark.parametrize(
    "text", ["", "lederstøtte", "styret", "å lede møter", "rådmannen bestemmer"]
)
def test_other_questions_ask_for_no_role(text: str) -> None:
    assert asked_role(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5512", "5512"),
        ("tlf 5512", "5512"),
        ("55 12 34 56", "55123456"),
        ("+47 55 12 34 56", "55123456"),
        ("0047 55123456", "55123456"),
        ("hvem har nummer 55123456?", "55123456"),
        ("12", ""),
        ("aml 2A-1", ""),
        ("2 A-1", ""),
        ("01017000000", ""),
        ("pro 12", ""),
    ],
)
def test_a_telephone_number_is_known_by_its_digits(text: str, digits: str) -> None:
    assert asked_number(text) == digits


@given(st.text(max_size=300))
def test_no_input_raises(text: str) -> None:
    asked_number(text)
    asked_role(text)
