"""Reads the list of paragraph numbers behind a § sign: "13 til 13 e og 13 g", "4-6 tredje og
fjerde ledd". Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ORDINALS = {
    "første": 1, "fyrste": 1, "andre": 2, "annet": 2, "annen": 2, "tredje": 3, "fjerde": 4,
    "femte": 5, "sjette": 6, "sjuende": 7, "syvende": 7, "sjuande": 7, "åttende": 8, "åttande": 8,
    "niende": 9,
    "niande": 9, "tiende": 10, "tiande": 10, "ellevte": 11, "tolvte": 12,
}  # fmt: skip
_ORD = r"(?:" + "|".join(_ORDINALS) + r"|\d{1,2}\.)"
# A letter may stand apart ("13 e"), but "13 i" is nearly always the word.
_NUMBER = re.compile(
    r"\d+(?:\s?[A-ZÆØÅ](?=\s?-\s?\d))?(?:\s?[-\u2011]\s?\d+)*(?:\.\d+)*"
    r"(?:(?<=\d)[a-zA-Z](?![A-Za-zÆØÅæøå])|\s[a-hj-zA-Z](?![\w.]?[A-Za-zÆØÅæøå-])(?!\.\s?[a-zæøå])(?!\s?-\s?\d))?"
)
_TO = re.compile(
    r"\s*(?:til\s+og\s+med|t\.?\s?o\.?\s?m\.?|til|[–—])\s*(?:§§?\s*|[Aa]rt(?:ikkel|\.)?\s*)?(?=\d)"
)
_AND = re.compile(r"\s*(?:,\s*(?:og\s*|eller\s*|samt\s*)?|og\s*|eller\s*|samt\s*)(?=\d)")
_AND_SIGN = re.compile(
    r"\s*(?:,\s*)?(?:og|eller|samt|,)\s*(?:etter\s+)?(?:§§?\s*|[Aa]rt(?:ikkel|\.)\s*)(?=\d)"
)
_LEDD = re.compile(
    rf"[\s,]*({_ORD})((?:\s*(?:og|eller|til|,|–|-)\s*{_ORD})*)\s*(?:ledd|lekken)\b", re.IGNORECASE
)
_LEDD_NUMBER = re.compile(r"[\s,]*(\d{1,2})\s*(?:ledd)\b")
_LEDD_BRACKET = re.compile(r"\s*\((\d{1,2})\)((?:\s*(?:og|til|,|–|-)\s*\(\d{1,2}\))*)")
_ITEM = re.compile(r"[\s,]*(?:nr\.?|nummer|pkt\.?|punkt)\s*(\d+)")
_MORE_ITEMS = re.compile(r"\s*(?:og|eller|til|,|–|-)\s*(?:nr\.?\s*)?(\d+)(?![\w-]|\s*-\s*\d)")
_LETTER = re.compile(
    r"[\s,]*(?:bokstav(?:ene|ane)?|litra|bokst\.)\s*[a-zæøå]{1,2}\)?"
    r"(?:\s*(?:og|eller|til|,|–|-)\s*[a-zæøå](?![\wæøå])\)?)*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    rf"[\s,]*{_ORD}(?:\s*(?:og|eller|til|,|–)\s*{_ORD})*\s*(?:punktum|pkt\.|alternativ|strekpunkt)",
    re.IGNORECASE,
)
# "kommuneloven § 25-1 og § 5 i internkontrollforskriften": § 5 belongs to what follows.
_ANOTHERS = re.compile(
    r"\s{1,3}(?:her\b|i\s{1,3}(?:[\w-]{1,60}\s(?:og\s)?){0,2}[\w-]{0,60}(?:lov|forskrift))"
)
_NOT_A_SECTION = re.compile(
    r"\s*\.?\s*(?:ledd|punktum|år|dag|uke|veke|måned|prosent|%|kroner|kr|time|januar|februar|mars|april|mai|juni|"
    r"juli|august|september|oktober|november|desember)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Listed:
    """One number, or a range up to `until`, with the subsections (ledd) that are named.
    Positions in the text.
    """

    start: int
    end: int
    number: str
    until: str | None = None
    ledd: tuple[int, ...] = ()


def read_list(
    text: str, position: int, is_plural: bool = False, has_act: bool = False
) -> tuple[list[Listed], int]:
    """The numbers from `position` on, and where the last one with its subsections ends.

    With `has_act` the list stands behind its act, and a signed number that the text gives to
    another act ends it.
    """
    listed: list[Listed] = []
    first_sign = position
    while True:
        found = _number(text, position)
        if found is None:
            break
        number, end = found
        until = None
        to = _TO.match(text, end)
        if to and (last := _number(text, to.end())) and not _NOT_A_SECTION.match(text, last[1]):
            until, end = last
        numbers_end = end
        ledd, end = _subsections(text, end, number, is_plural or len(listed) > 0)
        listed.append(Listed(position, numbers_end, number, until, ledd))
        following = _next(text, end, is_plural or len(listed) > 1, number, has_act)
        if following is None:
            return listed, end
        position = following
    return listed, listed[-1].end if listed else first_sign


def _next(text: str, end: int, is_plural: bool, number: str, has_act: bool) -> int | None:
    signed = _AND_SIGN.match(text, end)
    if signed:
        after = _number(text, signed.end())
        is_anothers = has_act and after is not None and _ANOTHERS.match(text, after[1])
        return None if is_anothers else signed.end()
    joined = _AND.match(text, end)
    if not joined:
        return None
    found = _number(text, joined.end())
    if found is None or _NOT_A_SECTION.match(text, found[1]):
        return None
    is_alike = ("-" in found[0]) == ("-" in number)
    return joined.end() if is_plural or is_alike else None


def _number(text: str, position: int) -> tuple[str, int] | None:
    match = _NUMBER.match(text, position)
    if match is None:
        return None
    return " ".join(match.group().replace("\u2011", "-").split()), match.end()


def _subsections(
    text: str, position: int, number: str, is_plural: bool
) -> tuple[tuple[int, ...], int]:
    ledd: list[int] = []
    while True:
        if match := _LEDD.match(text, position):
            ledd += _ordinals(match.group())
        elif match := _LEDD_NUMBER.match(text, position):
            ledd.append(int(match[1]))
        elif match := _LEDD_BRACKET.match(text, position):
            ledd += [int(n) for n in re.findall(r"\d+", match.group())]
        elif match := _ITEM.match(text, position):
            position = _items(text, match, number, is_plural)
            continue
        else:
            match = _LETTER.match(text, position) or _SENTENCE.match(text, position)
        if not match:
            return tuple(dict.fromkeys(ledd)), position
        position = match.end()


def _items(text: str, match: re.Match[str], number: str, is_plural: bool) -> int:
    """Past "nr. 1, 2 og 3"; but in "33 nr. 2 og 40" the 40 is the next paragraph of the list."""
    position, last = match.end(), int(match[1])
    digits = re.match(r"\d+", number)
    section = int(digits.group()) if digits else 0
    while more := _MORE_ITEMS.match(text, position):
        value = int(more[1])
        if is_plural and "nr" not in more.group() and value > section and value > last + 1:
            break
        position, last = more.end(), value
    return position


def _ordinals(text: str) -> list[int]:
    words = re.findall(r"[a-zæøå]+|\d+", text.lower())
    values = [_ORDINALS.get(word) or (int(word) if word.isdigit() else 0) for word in words]
    numbers = [value for value in values if value]
    if len(numbers) == 2 and ("til" in words or re.search(r"[–]", text)):
        return list(range(numbers[0], numbers[1] + 1))
    return numbers
