"""Finds in free text what should not stand there: identity numbers, telephones, names. Pure.

Identity numbers are judged by their two control digits (modulus 11), so that an order number is
left alone. A number counts when its first six digits can be a date, also as these are changed in
D-numbers (day + 40), help numbers and NAV's synthetic numbers (month + 40) and the tax authority's
synthetic ones (month + 80); help numbers that begin with 8 or 9 carry no date. A synthetic number
is nobody's, but a person cannot see that it is, so that it is marked like the others.

Names are two to four capitalised words in a row, looked up by the caller. Words in small letters
are never taken for a name: "tre ganger per dag" is not Per Dag.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What was found; the order is the order of gravity."""

    IDENTITY = "identity"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """One place in the text: `text[start:end]`."""

    kind: FindingKind
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A part of the text, to be shown marked when it is something found."""

    text: str
    kind: FindingKind | None = None


_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_LONGEST_MONTH = 31
# Looked for at each digit that begins a number, also inside a longer row of groups.
_ELEVEN_DIGITS = re.compile(r"(?<!\d)(?=((?:\d[ .\u00a0-]{0,2}){10}\d)(?!\d))")
# 12345678, 12 34 56 78 or 123 45 678; 0, 1 and 8 begin no subscriber's number. Digits that letters
# touch are a part of something longer, a serial number or a file's name.
_PHONE = re.compile(
    r"(?<![\w.,/-])(?<!\d[ \u00a0])"
    r"(?:(?:\+|00)\d{2}[ \u00a0]?)?"
    r"[2-79](?:\d{7}|\d([ \u00a0])\d\d\1\d\d\1\d\d|\d\d([ \u00a0])\d\d\2\d{3})"
    r"(?![.,/-]?\d)(?![ \u00a0]\d)(?!\w)"
)
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_GAP = re.compile(r"[ \u00a0]{1,2}|[ \u00a0]?\n")
_COMMA = re.compile(r",[ \u00a0]")
_MOST_WORDS = 4
_MOST_NAMES = 400


def find_identity_numbers(text: str) -> list[Finding]:
    """Return the national identity numbers, also written with blanks, dots or hyphens."""
    found: list[Finding] = []
    for match in _ELEVEN_DIGITS.finditer(text):
        start, end = match.span(1)
        digits = [int(char) for char in match.group(1) if char.isdecimal()]
        if (not found or start >= found[-1].end) and is_identity_number(digits):
            found.append(Finding(FindingKind.IDENTITY, start, end))
    return found


def is_identity_number(digits: list[int]) -> bool:
    """Whether the eleven digits have a possible date and both control digits right."""
    if len(digits) != 11 or not (_has_date(digits) or digits[0] in (8, 9)):
        return False
    return _remainder(digits, _FIRST_WEIGHTS) == 0 and _remainder(digits, _SECOND_WEIGHTS) == 0


def find_phones(text: str, taken: Collection[Finding] = ()) -> list[Finding]:
    """Return what looks like telephone numbers outside what is found already."""
    return [
        Finding(FindingKind.PHONE, match.start(), match.end())
        for match in _PHONE.finditer(text)
        if not _DAY.fullmatch(match.group())
        and not any(match.start() < one.end and one.start < match.end() for one in taken)
    ]


def possible_names(text: str) -> dict[tuple[int, int], list[tuple[str, ...]]]:
    """Return the places that could be names, each with the names it could be, casefolded.

    "Kari Anne Holms" could be Kari Anne Holms, and Kari Anne Holm; "Holm, Kari" is Kari Holm.
    """
    places: dict[tuple[int, int], list[tuple[str, ...]]] = {}
    for run in _capitalised_runs(text):
        for first in range(len(run)):
            for last in range(first + 1, min(len(run), first + _MOST_WORDS)):
                words = [word.group() for word in run[first : last + 1]]
                places[run[first].start(), run[last].end()] = _readings(words)
    for before, after in _comma_pairs(text):
        places[before.start(), after.end()] = _readings([after.group(), before.group()])
    return dict(list(places.items())[:_MOST_NAMES])


def match_names(
    places: Mapping[tuple[int, int], list[tuple[str, ...]]], known: Collection[tuple[str, ...]]
) -> list[Finding]:
    """Return the places whose names are known, the longest first where they overlap.

    `known` holds full names as words, casefolded; first and last name of a longer one count too.
    """
    names = set(known) | {(name[0], name[-1]) for name in known if len(name) > 1}
    hits = [place for place, readings in places.items() if not names.isdisjoint(readings)]
    found: list[Finding] = []
    for start, end in sorted(hits, key=lambda place: (place[0] - place[1], place[0])):
        if all(end <= one.start or one.end <= start for one in found):
            found.append(Finding(FindingKind.NAME, start, end))
    return sorted(found, key=lambda one: one.start)


def name_words(name: str) -> tuple[str, ...]:
    """Return a name as casefolded words, as it is compared."""
    return tuple(_fold(match.group()) for match in _WORD.finditer(name))


def _has_date(digits: list[int]) -> bool:
    day, month = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]
    if day > 40:
        day -= 40
    months = (month, month - 40, month - 80)
    return 1 <= day <= _LONGEST_MONTH and any(1 <= one <= 12 for one in months)


def _remainder(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11


def _fold(word: str) -> str:
    return unicodedata.normalize("NFC", word).replace("’", "'").casefold()


def _readings(words: list[str]) -> list[tuple[str, ...]]:
    """Return what the words can be, with and without the genitive's s at the end."""
    folded = tuple(_fold(word) for word in words)
    stem = folded[-1].removesuffix("'s").removesuffix("'") or folded[-1]
    endings = {folded[-1], stem, stem.removesuffix("s")} - {""}
    return [(*folded[:-1], ending) for ending in sorted(endings)]


def _capitalised_runs(text: str) -> Iterator[list[re.Match[str]]]:
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        follows = bool(run) and _GAP.fullmatch(text, run[-1].end(), word.start()) is not None
        is_name = word.group()[0].isupper()
        if run and not (follows and is_name):
            yield run
            run = []
        if is_name:
            run.append(word)
    if run:
        yield run


def _comma_pairs(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    before: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        if (
            before is not None
            and word.group()[0].isupper()
            and before.group()[0].isupper()
            and _COMMA.fullmatch(text, before.end(), word.start())
        ):
            yield before, word
        before = word
