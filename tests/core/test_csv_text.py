"""The CSV that a spreadsheet opens: its signs, its days, and nothing that runs (IN-13)."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from intranet.core.csv_text import csv_bytes


def cells(*values: str | int | date | None) -> list[str]:
    made = csv_bytes(["a"] * len(values), [values]).decode("utf-8-sig")
    return list(csv.reader(made.splitlines(), delimiter=";"))[1]


def test_excel_is_told_the_encoding_and_finds_its_columns() -> None:
    made = csv_bytes(["Tittel", "År"], [["Å; «være»", 3], ['Si "hei"', None]])
    assert made == '\ufeffTittel;År\r\n"Å; «være»";3\r\n"Si ""hei""";\r\n'.encode()


def test_a_day_is_written_as_norwegians_write_it() -> None:
    assert cells(date(2026, 3, 9)) == ["09.03.2026"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"]
)
def test_what_would_run_as_a_formula_is_text(text: str) -> None:
    made = csv_bytes(["a"], [[text]]).decode("utf-8-sig").removeprefix("a\r\n").strip('"')
    assert made.startswith("'")


@pytest.mark.parametrize("text", ["+47 22 33 44 55", "-5", "-5,25", "PRO-12", "a=b"])
def test_telephone_numbers_and_plain_words_stay_readable(text: str) -> None:
    assert cells(text) == [text]
