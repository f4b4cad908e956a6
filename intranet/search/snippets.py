"""Marks the words that were searched for, and cuts out where they stand; pure, and safe to put in
a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from intranet.search import norwegian

SNIPPET_LENGTH = 260
ANSWER_LENGTH = 700
_BEFORE_FIRST = 60
# Looking further costs time and finds little that the reader would see.
_LONGEST_LOOK = 10_000
_FIRST_LOOK = 2_500
_MOST_MARKS = 60
_BEGINNING = 3
_WORD = re.compile(r"[^\W_]+")


def mark(text: str, terms: frozenset[str]) -> Markup:
    """The whole text with the searched words in <mark>."""
    clean = norwegian.normalise(text)
    return _marked(clean, _places(clean, terms))


def make_snippet(text: str, terms: frozenset[str], length: int = SNIPPET_LENGTH) -> Markup:
    """The stretch of the text that holds most of the words, marked, whole words at both ends."""
    clean = re.sub(r"\s+", " ", norwegian.normalise(text[:_LONGEST_LOOK])).strip()
    places = _places(clean[:_FIRST_LOOK], terms) or _places(clean, terms)
    start = _best_start(places, length)
    start = 0 if start <= _BEFORE_FIRST else _next_word(clean, start - _BEFORE_FIRST)
    end = len(clean) if len(clean) - start <= length else _last_word(clean, start + length)
    inside = [(a - start, b - start) for a, b, _term in places if a >= start and b <= end]
    cut = clean[start:end]
    marked = _marked(cut, [(a, b, "") for a, b in inside])
    return Markup("").join(
        (
            Markup("… ") if start else Markup(""),
            marked,
            Markup(" …") if end < len(clean) else Markup(""),
        )
    )


def beginning_of(text: str, length: int = ANSWER_LENGTH) -> str:
    """The beginning of the text as one stretch, whole words to the end."""
    clean = re.sub(r"\s+", " ", norwegian.normalise(text[: 2 * length])).strip()
    return clean if len(clean) <= length else f"{clean[: _last_word(clean, length)]} …"


def _places(text: str, terms: frozenset[str]) -> list[tuple[int, int, str]]:
    if any(term[:1].isdigit() for term in terms):
        return [
            (token.start, token.end, hit)
            for token in norwegian.scan(text)
            if (hit := _first_of(token.terms, terms))
        ]
    # Only words that share a beginning with a term are worth analysing.
    is_likely = _starting(frozenset(term[:_BEGINNING] for term in terms)).search
    hits: dict[str, str] = {}
    lower = text.lower()
    for word in set(_WORD.findall(lower)):
        if is_likely(word) or norwegian.is_respelt(word):
            hit = _first_of(norwegian.terms_of(word[: norwegian.LONGEST_WORD]), terms)
            if hit:
                hits[word] = hit
    if len(lower) != len(text):
        # A letter that is two small ones: places in the one are none in the other.
        return [
            (match.start(), match.end(), hits[word])
            for match in _WORD.finditer(text)
            if (word := match.group().lower()) in hits
        ]
    return sorted(
        (start, start + len(word), term)
        for word, term in hits.items()
        for start in _starts_of(word, lower)
    )


def _starts_of(word: str, text: str) -> Iterator[int]:
    """Where the whole word stands in the text; many times quicker than looking at every word."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(word, end)


@lru_cache(maxsize=500)
def _starting(beginnings: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(beginnings))) or "(?!)")


def _first_of(found: tuple[str, ...], terms: frozenset[str]) -> str:
    return next((term for term in found if term in terms), "")


def _best_start(places: list[tuple[int, int, str]], length: int) -> int:
    """Where the stretch with most different words begins; the earliest of equals."""
    best, most = 0, 0
    room = length - _BEFORE_FIRST
    for i, (start, _end, _term) in enumerate(places[:400]):
        different = {term for begin, end, term in places[i : i + 40] if end <= start + room}
        if len(different) > most:
            best, most = start, len(different)
    return best


def _next_word(text: str, at: int) -> int:
    space = text.find(" ", at)
    return at if space < 0 or space - at > 40 else space + 1


def _last_word(text: str, at: int) -> int:
    space = text.rfind(" ", at - 40, at)
    return at if space < 0 else space


def _marked(text: str, places: list[tuple[int, int, str]]) -> Markup:
    pieces: list[Markup] = []
    done = 0
    for start, end, _term in places[:_MOST_MARKS]:
        pieces += [
            escape(text[done:start]),
            Markup("<mark>"),
            escape(text[start:end]),
            Markup("</mark>"),
        ]
        done = end
    pieces.append(escape(text[done:]))
    return Markup("").join(pieces)
