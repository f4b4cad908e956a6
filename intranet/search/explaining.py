"""Why a hit stands where it stands: the parts of its weight, as `ranking` puts them; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from intranet.search.entry import Kind
from intranet.search.postings import Numbers, Postings
from intranet.search.query import Question, Slot
from intranet.search.ranking import NAMED_DOC, PHRASE_BONUS, Ranking, named_rows, score_slot
from intranet.search.standing import NEAR, freshness, near_rows, titled_rows
from intranet.search.term_cache import FIELDS, TermCache

_NEWS = list(Kind).index(Kind.NEWS)


class Part(StrEnum):
    """One thing that a hit's weight is made of. Words bring points, the others are factors."""

    WORD = "word"
    MISSING = "missing"
    COVERAGE = "coverage"
    PRIOR = "prior"
    PHRASE = "phrase"
    NAMED = "named"
    NEAR = "near"
    AGE = "age"
    # These decide the place whatever the points are.
    EXACT = "exact"
    TITLE = "title"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Line:
    """A part with what it brings: points of a word, or what all is multiplied by.

    `fields` says where the word, or what it is also searched as, stands: "title", "name", "text".
    """

    part: Part
    value: float = 1.0
    word: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The hit's place from 1, the lines, and their product."""

    place: int
    lines: tuple[Line, ...]
    weight: float


def explain(
    postings: Postings,
    question: Question,
    ranked: Ranking,
    row: int,
    *,
    audience: frozenset[str],
    today: int,
    cache: TermCache,
) -> Explanation:
    """The parts of the weight of one of the ranked rows."""
    words, points, coverage = _words(postings, question, row, cache)
    factors = [Line(Part.COVERAGE, coverage * coverage)] if question.slots else []
    factors.append(Line(Part.PRIOR, float(postings.priors[row])))
    factors += [Line(Part.PHRASE, PHRASE_BONUS) for _phrase in question.phrases]
    if _has(named_rows(postings, question.references, cache), row):
        factors.append(Line(Part.NAMED, NAMED_DOC))
    if _has(near_rows(postings, audience, cache), row):
        factors.append(Line(Part.NEAR, NEAR))
    if int(postings.kinds[row]) == _NEWS and today:
        age = np.array([today - int(postings.days[row])], dtype=np.float32)
        factors.append(Line(Part.AGE, float(freshness(age)[0])))
    weight = points
    for line in factors:
        weight *= line.value
    deciding = _deciding(postings, question, ranked, row, cache)
    return Explanation(ranked.rows.index(row) + 1, (*deciding, *words, *factors), weight)


def _words(
    postings: Postings, question: Question, row: int, cache: TermCache
) -> tuple[list[Line], float, float]:
    """The words as lines, their points together, and how much of the question they are."""
    lines = []
    points = covered = whole = 0.0
    for slot in question.slots:
        rows, best, weight = score_slot(postings, slot, cache)
        whole += weight
        at = int(np.searchsorted(rows, row))
        if at == len(rows) or rows[at] != row:
            lines.append(Line(Part.MISSING, 0.0, slot.text))
            continue
        points += float(best[at])
        covered += weight
        fields = _fields(postings, slot, row)
        lines.append(Line(Part.WORD, float(best[at]), slot.text, fields))
    return lines, points, covered / whole if whole else 0.0


def _fields(postings: Postings, slot: Slot, row: int) -> tuple[str, ...]:
    terms = {term for alternative in slot.alternatives for term in alternative.terms}
    return tuple(
        name for name in FIELDS if any(_has(postings.find(name, term)[0], row) for term in terms)
    )


def _deciding(
    postings: Postings, question: Question, ranked: Ranking, row: int, cache: TermCache
) -> list[Line]:
    lines = []
    if row in ranked.exact:
        lines.append(Line(Part.EXACT))
    if _has(titled_rows(postings, question.text, cache), row):
        lines.append(Line(Part.TITLE))
    for answer in question.answers:
        of_doc = cache.rows(postings, "doc", answer.reference.doc)
        if _has(of_doc, row) and _has(cache.rows(postings, "par", answer.reference.paragraph), row):
            lines.append(Line(Part.ANSWER, answer.share))
    return lines


def _has(rows: Numbers, row: int) -> bool:
    return bool(np.any(rows == row))
