"""Case numbers as the database and as people write them."""

import pytest

from intranet.deviations.numbers import case_number, find_number, number_words


@pytest.mark.parametrize(
    ("year", "sequence", "number", "words"),
    [
        (2026, 1, 202600001, "2026-0001"),
        (2026, 412, 202600412, "2026-0412"),
        (2026, 99_999, 202699999, "2026-99999"),
    ],
)
def test_a_number_is_written_and_read_again(
    year: int, sequence: int, number: int, words: str
) -> None:
    assert case_number(year, sequence) == number
    assert number_words(number) == words
    assert find_number(words) == number
    assert find_number(str(number)) == number
    assert find_number(words.replace("-", "\u2011")) == number


@pytest.mark.parametrize(
    "words",
    ["", "412", "2026-", "2026-0", "-0412", "26-0412", "2026-123456", "fall", "２０２６-０４１２"],
)
def test_what_is_no_case_number_gives_none(words: str) -> None:
    assert find_number(words) is None


@pytest.mark.parametrize("sequence", [0, -1, 100_000])
def test_a_year_has_room_for_99999_cases(sequence: int) -> None:
    with pytest.raises(ValueError, match="sequence number"):
        case_number(2026, sequence)
