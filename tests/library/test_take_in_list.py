"""The list of documents from a former system: how it is read, and what is told of it. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from intranet.library.take_in import (
    FAULTS,
    ListFault,
    ListRefused,
    ListRow,
    Remark,
    Say,
    find_row_faults,
    find_twice,
    match_file,
    path_key,
    read_csv,
    read_day,
    read_rows,
)
from intranet.library.take_in_words import WORDS, in_words
from tests.library.old_system import csv_list


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_list_is_read_as_norwegian_programs_save_it(letters: str, delimiter: str) -> None:
    rows = read_rows(read_csv(csv_list(delimiter=delimiter, letters=letters)))
    assert [row.line for row in rows] == [2, 3]
    assert rows[0].file == "Hygiene/Håndvask.docx"
    assert rows[0].keywords == "smitte, vask"
    assert rows[0].review == "31.12.2026"


def test_headers_may_be_called_what_other_systems_call_them() -> None:
    headers = ["Filnavn", "Dokument-tittel", "DOK.NR", "Dokumenttype", "Ansvarlig", "Avdeling", "X"]
    headers[1] = "Dokumenttittel"
    rows = read_rows([["", ""], headers, ["a.pdf", "En  tittel\n", "12", "PRO", "eva", "A", "y"]])
    assert rows == [ListRow(3, "a.pdf", "En tittel", "12", "PRO", "eva", "A")]


@pytest.mark.parametrize(
    ("cells", "fault", "about"),
    [
        ([], ListFault.EMPTY, ""),
        ([["Fil", "Tittel", "Type", "Eier", "Enhet"]], ListFault.EMPTY, ""),
        ([["Fil", "Tittel", "Type", "Enhet"], ["a"] * 4], ListFault.COLUMN_MISSING, "eier"),
        ([["Fil", "Filnavn", "Tittel"], ["a"] * 3], ListFault.COLUMN_TWICE, "fil"),
        ([["Fil", "Tittel", "Type", "Eier", "Enhet"], *[["a"] * 5] * 5_001], ListFault.LONG, ""),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    cells: list[list[str]], fault: ListFault, about: str
) -> None:
    with pytest.raises(ListRefused) as caught:
        read_rows(cells)
    assert (caught.value.fault, caught.value.about) == (fault, about)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2024", date(2024, 2, 1)),
        ("2026-12-31", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("1.2.24", date(2024, 2, 1)),
        ("31.02.2026", None),
        ("12/31/2026", None),
        ("1.1.0001", None),
        ("i morgen", None),
    ],
)
def test_days_are_read_as_norwegians_write_them(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_a_line_says_everything_that_is_wrong_with_it() -> None:
    row = ListRow(2, title="x" * 201, number="1" * 61, review="snart", valid_from="før",
                  keywords="k" * 501, owner="eva")  # fmt: skip
    assert {one.say for one in find_row_faults(row)} == {
        Say.FILE_MISSING, Say.UNIT_MISSING, Say.TITLE_LONG, Say.NUMBER_LONG, Say.REVIEW_WRONG,
        Say.VALID_FROM_WRONG, Say.KEYWORDS_LONG,
    }  # fmt: skip


def test_what_stands_twice_is_told_on_the_later_line() -> None:
    rows = [
        ListRow(2, "A.docx", number="K 1"),
        ListRow(3, "b.docx", number="k  1"),
        ListRow(4, ".\\a.docx"),
        ListRow(5, "c.docx"),
    ]
    assert find_twice(rows) == {
        3: [Remark(Say.NUMBER_TWICE, "2")],
        4: [Remark(Say.FILE_TWICE, "2")],
    }


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("hygiene/Vask.docx", ["hygiene/vask.docx"]),
        ("Vask.docx", ["brann/vask.docx", "hygiene/vask.docx"]),
        ("F:\\KS\\Hygiene\\Vask.docx", ["hygiene/vask.docx"]),
        ("en.pdf", ["en.pdf"]),
        ("mangler.docx", []),
    ],
)
def test_a_file_is_found_by_as_much_of_its_path_as_fits(wanted: str, found: list[str]) -> None:
    names = dict.fromkeys(map(path_key, ("Hygiene/Vask.docx", "Brann/Vask.docx", "en.pdf")))
    assert match_file(wanted, names) == found


def test_everything_that_may_be_said_has_words() -> None:
    assert set(WORDS) == set(Say)
    assert all(in_words(Remark(say, "X")) for say in Say)
    assert Say.APPROVER_MAY_NOT in FAULTS
    assert Say.KNOWN_NUMBER not in FAULTS
