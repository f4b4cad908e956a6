"""The tables of other words and of answers: what people type to what rules say, and where. Pure.

`thesaurus.txt` gives words to search for as well; `answers.txt` the paragraphs that answer. Both
may be changed without building the index anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from intranet.search import norwegian

# Terms that a row must all hold.
Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """An expression, as the terms that must all be typed, and what it also means."""

    typed: frozenset[str]
    others: tuple[Terms, ...]


# Meanings by one of the terms of their expression.
Meanings = Mapping[str, Sequence[Meaning]]


@dataclass(frozen=True, slots=True)
class Saying:
    """An expression of words that mean nothing one by one ("si fra"), and what it means."""

    words: tuple[str, ...]
    meant: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class Pointer:
    """An expression, and where its rule stands: a document's key and a paragraph's."""

    typed: frozenset[str]
    doc: str
    paragraph: str


def content_of(word: str) -> str:
    """The term that a typed word is searched as; nothing for a stop word."""
    section = norwegian.section_number(word)
    if section[:1].isdigit():
        return section
    found = norwegian.terms_of(word[: norwegian.LONGEST_WORD])
    return found[0] if found else ""


@lru_cache(maxsize=8_000)
def terms_in(text: str) -> Terms:
    """The terms of an expression, each once, in the order in which they stand."""
    words = norwegian.bare_words([text])
    return tuple(dict.fromkeys(filter(None, (content_of(word) for word in words))))


@cache
def meanings() -> tuple[Meaning, ...]:
    """The lines of `thesaurus.txt`."""
    table: list[Meaning] = []
    for line in norwegian.read_lines("thesaurus.txt"):
        typed, _, meant = line.partition("=")
        others = tuple(filter(None, (terms_in(text) for text in meant.split(","))))
        table.extend(Meaning(terms, others) for terms in _expressions(typed))
    return tuple(table)


@cache
def sayings() -> tuple[Saying, ...]:
    """Those expressions of `thesaurus.txt` that consist of stop words."""
    table: list[Saying] = []
    for line in norwegian.read_lines("thesaurus.txt"):
        typed, _, meant = line.partition("=")
        others = tuple(filter(None, (terms_in(text) for text in meant.split(","))))
        for text in typed.split(","):
            words = tuple(norwegian.bare_words([text]))
            if words and not terms_in(text):
                table.append(Saying(words, others))
    return tuple(table)


@cache
def pointers() -> tuple[Pointer, ...]:
    """The lines of `answers.txt`; a line in brackets names the document of those below."""
    table: list[Pointer] = []
    doc = ""
    for line in norwegian.read_lines("answers.txt"):
        if line.startswith("["):
            doc = line[1 : line.index("]")]
            continue
        typed, _, places = line.partition("=")
        table.extend(
            Pointer(terms, doc, norwegian.section_number(place.strip()))
            for terms in _expressions(typed)
            for place in places.split(",")
        )
    return tuple(table)


@cache
def _meanings_by_term() -> dict[str, list[Meaning]]:
    """Each line under one of its terms, so that a question looks at few of them."""
    table: dict[str, list[Meaning]] = {}
    for meaning in meanings():
        table.setdefault(min(meaning.typed), []).append(meaning)
    return table


@cache
def _pointers_by_term() -> dict[str, list[Pointer]]:
    table: dict[str, list[Pointer]] = {}
    for pointer in pointers():
        table.setdefault(min(pointer.typed), []).append(pointer)
    return table


@lru_cache(maxsize=16)
def own_meanings(groups: tuple[str, ...]) -> Meanings:
    """The municipality's own groups of words, with commas between: each finds all the others."""
    table: dict[str, list[Meaning]] = {}
    for group in groups:
        expressions = list(filter(None, (terms_in(text) for text in group.split(","))))
        for terms in expressions:
            others = tuple(other for other in expressions if set(other) != set(terms))
            meaning = Meaning(frozenset(terms), others)
            table.setdefault(min(meaning.typed), []).append(meaning)
    return {term: tuple(found) for term, found in table.items()}


def find_meanings(known: frozenset[str], own: Meanings = MappingProxyType({})) -> Iterator[Meaning]:
    """The expressions of which all terms are known, of the shipped ones and of `own`."""
    shipped = _meanings_by_term()
    for term in sorted(known):
        candidates = (*shipped.get(term, ()), *own.get(term, ()))
        yield from (meaning for meaning in candidates if meaning.typed <= known)


def find_places(words: Sequence[str]) -> dict[tuple[str, str], float]:
    """By document and paragraph, how much of the words its expression covers (0 to 1)."""
    stems = {content_of(word) for word in words}
    # "ungdomsskoleelev" is an "elev" too.
    known = stems | {norwegian.stem(part) for word in words for part in norwegian.pieces_of(word)}
    found: dict[tuple[str, str], float] = {}
    table = _pointers_by_term()
    for term in sorted(known):
        for pointer in table.get(term, ()):
            if pointer.typed <= known:
                place = (pointer.doc, pointer.paragraph)
                share = min(1.0, len(pointer.typed) / len(stems))
                found[place] = max(share, found.get(place, 0.0))
    return found


def _expressions(typed: str) -> Iterator[frozenset[str]]:
    for text in typed.split(","):
        terms = frozenset(terms_in(text))
        if terms:
            yield terms
