"""Writes a table as an Excel sheet: days as days, texts as texts; knows no domain. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from intranet.core.csv_text import Cell

_NARROWEST, _WIDEST = 8, 60
_LONGEST_TEXT = 32_767
_DAY = "dd.mm.yyyy"


def xlsx_bytes(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet, whose headings stay while one scrolls and can be filtered.

    What somebody wrote is always text, whatever it begins with: no cell of it is a formula.
    """
    # Takes a third of a second and is wanted seldom: not at the start of every process.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    table = [list(row) for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    last = get_column_letter(len(headers))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}{len(table) + 1}"
    for column, width in enumerate(_widths(headers, table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width

    def cell(value: Cell, *, is_bold: bool = False) -> object:
        if isinstance(value, str):
            value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_TEXT]
        made = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            made.data_type = "s"
        elif isinstance(value, date):
            made.number_format = _DAY
        if is_bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(header, is_bold=True) for header in headers])
    for row in table:
        sheet.append([cell(value) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _widths(headers: Sequence[str], table: list[list[Cell]]) -> list[int]:
    """Return how wide each column is: as its longest text, within what is read on a screen."""
    longest = [len(header) + 3 for header in headers]
    for row in table:
        for n, value in enumerate(row):
            length = len(_DAY) if isinstance(value, date) else len(str(value or ""))
            longest[n] = max(longest[n], length + 1)
    return [min(max(length, _NARROWEST), _WIDEST) for length in longest]
