"""How alike two reports are: place, kind, procedure and words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from intranet.search.norwegian import normalise, scan

Row = TypeVar("Row")

MOST_SHOWN = 3
# The place, the kind and two words; the place and three; the procedure and two.
_ENOUGH = 5
_LEAST_WORDS = 2
_SAME_UNIT = 2
_SAME_PROCEDURE = 3
_SAME_CATEGORY = 1
_MOST_FOR_WORDS = 4
_LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class Traits:
    """What a report is compared by."""

    unit_id: int
    category: str | None
    procedure_number: str
    words: frozenset[str]


def traits_of(unit_id: int, category: str | None, procedure_number: str, text: str) -> Traits:
    """Return what to compare by; words by their stems, so that «skled» finds «skle»."""
    tokens = scan(normalise(text[:_LONGEST_TEXT].casefold()))
    words = frozenset(token.terms[0] for token in tokens)
    return Traits(unit_id, category, procedure_number, words)


def likeness(one: Traits, other: Traits) -> int:
    """Return how much the two have in common; nothing when they hardly share a word."""
    shared = len(one.words & other.words)
    if shared < _LEAST_WORDS:
        return 0
    score = min(shared, _MOST_FOR_WORDS)
    score += _SAME_UNIT * (one.unit_id == other.unit_id)
    score += _SAME_PROCEDURE * (
        bool(one.procedure_number) and one.procedure_number == other.procedure_number
    )
    score += _SAME_CATEGORY * (one.category is not None and one.category == other.category)
    return score


def find_similar(own: Traits, others: Sequence[tuple[Row, Traits]]) -> list[Row]:
    """Return the few that are alike enough, the likest first, in the given order when equal."""
    scored = [(likeness(own, traits), row) for row, traits in others]
    alike = sorted((each for each in scored if each[0] >= _ENOUGH), key=lambda each: -each[0])
    return [row for _score, row in alike[:MOST_SHOWN]]
