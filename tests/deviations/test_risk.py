"""The bands of risk, every pair of the matrix."""

from __future__ import annotations

import pytest

from intranet.deviations.risk import Band, band_of

# One row per probability from 5 down to 1, one column per consequence from 1 to 5.
MATRIX = """
L M H H H
L M M H H
L M M M H
L L M M M
L L L L M
"""
LETTERS = {"L": Band.LOW, "M": Band.MEDIUM, "H": Band.HIGH}


def pairs() -> list[tuple[int, int, Band]]:
    rows = [line.split() for line in MATRIX.split("\n") if line]
    return [
        (consequence, 5 - place, LETTERS[letter])
        for place, row in enumerate(rows)
        for consequence, letter in enumerate(row, start=1)
    ]


@pytest.mark.parametrize(("consequence", "probability", "expected"), pairs())
def test_each_pair_has_the_band_of_the_matrix(
    consequence: int, probability: int, expected: Band
) -> None:
    assert band_of(consequence, probability) == expected


@pytest.mark.parametrize("pair", [(0, 1), (1, 6), (-1, 1)])
def test_what_is_off_the_scale_has_no_band(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="scale"):
        band_of(*pair)
