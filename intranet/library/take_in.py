"""The list of documents from a former system: its columns, its lines, and what is said of each.

Pure.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from intranet.library.contents import KEYWORDS_LENGTH, TITLE_LENGTH

MAX_LINES = 5_000
NUMBER_LENGTH = 60
CELL_LENGTH = 2_000
# What each column may be called, in small letters and without punctuation; the first is ours.
COLUMNS: dict[str, tuple[str, ...]] = {
    "file": ("fil", "filnavn", "filsti", "dokumentfil"),
    "title": ("tittel", "navn", "dokumentnavn", "dokumenttittel"),
    "number": ("nummer", "gammelt nummer", "dokumentnummer", "dok nr", "nr", "dokumentid", "id"),
    "type": ("type", "dokumenttype"),
    "owner": ("eier", "dokumenteier", "ansvarlig", "dokumentansvarlig"),
    "unit": ("enhet", "virksomhet", "avdeling"),
    "review": ("ses over innen", "revisjonsdato", "neste revisjon", "revideres innen"),
    "valid_from": ("gjelder fra", "gyldig fra"),
    "keywords": ("stikkord", "nøkkelord", "emneord"),
}
REQUIRED = ("file", "title", "type", "owner", "unit")
DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y")
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)


class Outcome(StrEnum):
    """What becomes of a line, or what would."""

    WAITING = "waiting"
    DRAFT = "draft"
    PUBLISHED = "published"
    KNOWN = "known"
    FAILED = "failed"


class Hindrance(StrEnum):
    """Why somebody may not approve a draft together with the others."""

    OWN = "own"
    NO_RIGHT = "no_right"
    TEXT = "text"
    LATER = "later"


class Say(StrEnum):
    """What is said of a line. Those of FAULTS keep it out; the others are to be known."""

    FILE_MISSING = "file_missing"
    FILE_ABSENT = "file_absent"
    FILE_SEVERAL = "file_several"
    FILE_TWICE = "file_twice"
    FILE_KIND = "file_kind"
    FILE_REFUSED = "file_refused"
    TITLE_MISSING = "title_missing"
    TITLE_LONG = "title_long"
    NUMBER_LONG = "number_long"
    NUMBER_TWICE = "number_twice"
    TYPE_UNKNOWN = "type_unknown"
    OWNER_MISSING = "owner_missing"
    OWNER_UNKNOWN = "owner_unknown"
    OWNER_GONE = "owner_gone"
    OWNER_SEVERAL = "owner_several"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_SEVERAL = "unit_several"
    UNIT_NOT_YOURS = "unit_not_yours"
    REVIEW_WRONG = "review_wrong"
    VALID_FROM_WRONG = "valid_from_wrong"
    VALID_FROM_LATER = "valid_from_later"
    KEYWORDS_LONG = "keywords_long"
    TEXT_LONG = "text_long"
    TEXT_EMPTY = "text_empty"
    APPROVER_OWNS = "approver_owns"
    APPROVER_MAY_NOT = "approver_may_not"
    KNOWN_NUMBER = "known_number"
    KNOWN_FILE = "known_file"
    WITHOUT_TEXT = "without_text"
    PICTURE_LOST = "picture_lost"
    PICTURE_ELSEWHERE = "picture_elsewhere"
    MANY_PICTURES = "many_pictures"
    MERGED_CELLS = "merged_cells"
    TABLE_IN_TABLE = "table_in_table"
    TEXT_BOX = "text_box"
    FORMULA = "formula"
    CHART = "chart"
    DIAGRAM = "diagram"
    TRACKED = "tracked"
    COMMENTS = "comments"


# What keeps a line from being taken in: everything before what is known already.
FAULTS = frozenset(list(Say)[: list(Say).index(Say.KNOWN_NUMBER)])


@dataclass(frozen=True)
class Remark:
    """One thing said of a line, with the word that it is about."""

    say: Say
    about: str = ""


@dataclass(frozen=True)
class ListRow:
    """One line of the list, as it was written; `line` counts as a spreadsheet does."""

    line: int
    file: str = ""
    title: str = ""
    number: str = ""
    type: str = ""
    owner: str = ""
    unit: str = ""
    review: str = ""
    valid_from: str = ""
    keywords: str = ""

    @property
    def cells(self) -> dict[str, str]:
        """The cells by column."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "line"}


class ListFault(StrEnum):
    """Why a list cannot be read as a whole."""

    EMPTY = "empty"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    LONG = "long"


class ListRefused(Exception):
    """The list cannot be read; `about` names the column."""

    def __init__(self, fault: ListFault, about: str = "") -> None:
        super().__init__(fault, about)
        self.fault = fault
        self.about = about


def read_csv(data: bytes) -> list[list[str]]:
    """Return the cells of a CSV: UTF-8 or Windows-1252, with semicolons, commas or tabs."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\x00", "")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    # A cell is cut, not refused: the longest that counts is the keywords'.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[cell[:CELL_LENGTH] for cell in row] for row in _bounded(reader)]


def read_rows(cells: Sequence[Sequence[str]]) -> list[ListRow]:
    """Return the lines below the headers, without the blank ones. Raises ListRefused."""
    places: dict[str, int] = {}
    start = next((at for at, row in enumerate(cells) if any(map(_plain, row))), None)
    if start is None:
        raise ListRefused(ListFault.EMPTY)
    for at, header in enumerate(cells[start]):
        column = next((name for name, words in COLUMNS.items() if _header(header) in words), None)
        if column in places:
            raise ListRefused(ListFault.COLUMN_TWICE, COLUMNS[str(column)][0])
        if column is not None:
            places[column] = at
    for column in REQUIRED:
        if column not in places:
            raise ListRefused(ListFault.COLUMN_MISSING, COLUMNS[column][0])
    rows = []
    for line, row in enumerate(cells[start + 1 :], start=start + 2):
        found = {name: _plain(row[at]) for name, at in places.items() if at < len(row)}
        if any(found.values()):
            rows.append(ListRow(line, **found))
    if not rows:
        raise ListRefused(ListFault.EMPTY)
    if len(rows) > MAX_LINES:
        raise ListRefused(ListFault.LONG)
    return rows


def key_of(text: str) -> str:
    """Return the text as names are compared: composed, small letters, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def path_key(text: str) -> str:
    """Return a file's name with its folders as they are compared."""
    return key_of(text.replace("\\", "/")).removeprefix("./").lstrip("/")


def read_day(text: str) -> date | None:
    """Return the day that is written as 31.12.2026, 2026-12-31 or 31/12/2026, or None."""
    for form in DAYS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone.
        except ValueError:
            continue
        return day if EARLIEST < day < LATEST else None
    return None


def find_row_faults(row: ListRow) -> Iterator[Remark]:
    """Yield what is wrong with a line by itself, whatever the portal knows."""
    for text, say in (
        (row.file, Say.FILE_MISSING),
        (row.title, Say.TITLE_MISSING),
        (row.owner, Say.OWNER_MISSING),
        (row.unit, Say.UNIT_MISSING),
    ):
        if not text:
            yield Remark(say)
    for text, most, say in (
        (row.title, TITLE_LENGTH, Say.TITLE_LONG),
        (row.number, NUMBER_LENGTH, Say.NUMBER_LONG),
        (row.keywords, KEYWORDS_LENGTH, Say.KEYWORDS_LONG),
    ):
        if len(text) > most:
            yield Remark(say)
    if row.review and read_day(row.review) is None:
        yield Remark(Say.REVIEW_WRONG, row.review)
    if row.valid_from and read_day(row.valid_from) is None:
        yield Remark(Say.VALID_FROM_WRONG, row.valid_from)


def find_twice(rows: Iterable[ListRow]) -> dict[int, list[Remark]]:
    """Return by line what stands in the list more than once: every such line but the first."""
    found: dict[int, list[Remark]] = {}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for name, say in (("number", Say.NUMBER_TWICE), ("file", Say.FILE_TWICE)):
            key = (name, path_key(getattr(row, name)))
            if key[1] and seen.setdefault(key, row.line) != row.line:
                found.setdefault(row.line, []).append(Remark(say, str(seen[key])))
    return found


def match_file(wanted: str, names: Mapping[str, Any]) -> list[str]:
    """Return which of the names (as `path_key` makes them) a line means: best one, none or several.

    The whole path counts first, then the most folders from the end that fit: lists often name the
    disk where the files once lay.
    """
    key = path_key(wanted)
    if key in names:
        return [key]
    ends: dict[str, int] = {}
    parts = key.split("/")
    for name in names:
        own = name.split("/")
        same = 0
        while same < min(len(parts), len(own)) and parts[-1 - same] == own[-1 - same]:
            same += 1
        if same:
            ends[name] = same
    most = max(ends.values(), default=0)
    return sorted(name for name, same in ends.items() if same == most)


def count_outcomes(outcomes: Iterable[Outcome]) -> dict[Outcome, int]:
    """Return how many lines came to what, in the order of Outcome."""
    counted = Counter(outcomes)
    return {one: counted[one] for one in Outcome if counted[one]}


def _bounded(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(reader):
            if number > MAX_LINES + 100:
                raise ListRefused(ListFault.LONG)
            yield row
    except csv.Error as error:
        raise ListRefused(ListFault.LONG) from error


def _plain(text: str) -> str:
    """Return a cell as one line; what forms a text apart from its look is left out."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Zs") else one for one in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _header(text: str) -> str:
    return key_of(_plain(text).replace(".", " ").replace("-", " ").replace("_", " "))
