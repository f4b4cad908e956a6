"""Codes for those without a name: strong, forgiving to read, bound to what we made."""

from __future__ import annotations

import math

import pytest
from flask import Flask

from intranet.core.receipt_code import (
    ALPHABET,
    LENGTH,
    hash_code,
    is_same_code,
    make_code,
    open_seal,
    read_code,
    seal_code,
    show_code,
)

CODE = "7K2M90QXA1B2C3D4E5F6G7H8"


def test_code_has_at_least_112_bits_and_no_letter_that_is_misread() -> None:
    """AN-09: then its SHA-256 may be stored."""
    assert len(set(ALPHABET)) == 32
    assert math.log2(len(ALPHABET)) * LENGTH >= 112
    assert not set("OILU") & set(ALPHABET)
    made = {make_code() for _number in range(2000)}
    assert len(made) == 2000
    assert {len(code) for code in made} == {LENGTH}
    # Every character comes at every place, so that none of the bits is a constant.
    assert all({code[place] for code in made} == set(ALPHABET) for place in range(LENGTH))


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "7K2M 90QX A1B2 C3D4 E5F6 G7H8",
        "7k2m-90qx-a1b2-c3d4-e5f6-g7h8",
        "  7K2M\u00a09OQX".replace("9O", "9O") + " AlB2 C3D4 E5F6 G7H8\n",
        "7K2M 90QX AIB2 C3D4 E5F6 G7H8",
        "７Ｋ２Ｍ 90QX A1B2 C3D4 E5F6 G7H8",
        "7K2M\u201390QX\u2013A1B2\u2013C3D4\u2013E5F6\u2013G7H8",
    ],
)
def test_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE
    assert is_same_code(typed, CODE)


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        " ",
        CODE[:-1],
        CODE + "1",
        CODE[:-1] + "U",
        CODE[:-1] + "å",
        "\x00" * 24,
        "1" * 9999,
    ],
)
def test_what_is_no_code_is_none(typed: str | None) -> None:
    assert read_code(typed) is None
    assert not is_same_code(typed, CODE)


def test_shown_code_is_read_back() -> None:
    for _number in range(50):
        code = make_code()
        assert read_code(show_code(code)) == code
        assert show_code(code).count(" ") == 5


def test_hash_tells_nothing_of_the_code() -> None:
    assert len(hash_code(CODE)) == 64
    assert CODE not in hash_code(CODE)
    assert hash_code(CODE) != hash_code(CODE[:-1] + "9")


def test_seal_holds_for_one_code_and_one_purpose(context: Flask) -> None:
    """AN-09: nobody brings a weak code of their own, and the retyping cannot be skipped."""
    shown = seal_code(CODE, "shown")
    assert open_seal(show_code(CODE), shown, "shown") == CODE
    assert open_seal(CODE, shown, "typed") is None
    assert open_seal("0" * 24, shown, "shown") is None
    for seal in (None, "", "x", "é" * 64, shown[:-1]):
        assert open_seal(CODE, seal, "shown") is None
    assert open_seal(None, shown, "shown") is None
