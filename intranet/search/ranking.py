"""Scores rows for a question with BM25F over several fields; pure arithmetic, knows no engine and
no person.

Who may see a row is a mask that is applied before anything is counted, so that neither hits, counts
nor facets can tell of what is hidden.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from intranet.search.entry import Kind
from intranet.search.narrowing import Counts, Filters, narrow
from intranet.search.postings import Mask, Numbers, Postings, Scores
from intranet.search.query import Question, Reference, Slot

# Weight and length correction of each field; the length of a title hardly matters.
FIELDS = {"title": (4.0, 0.5), "name": (1.5, 0.3), "text": (1.0, 0.7)}
_K1 = 1.4
_ENOUGH = 10
_RULES = [place for place, kind in enumerate(Kind) if kind in (Kind.LAW, Kind.REGULATION)]
# Rows that answer so much are enough by themselves; a common word more or less decides nothing.
_MOST_COVERAGE = 0.8
_LEAST_COVERAGE = 0.5
_SAME_DOC = 0.88
_CANDIDATES = 400
_NAMED_DOC = 4.0
_PHRASE_BONUS = 1.5
# What is known to answer hardly anything, or all, of the question, beside the best hit's score.
_LEAST_LIFT, _MOST_LIFT = 0.7, 1.2
_RARE = 3.0
_CACHE_BYTES = 24_000_000


@dataclass(frozen=True)
class Ranking:
    """The best rows first, how many there are, and how many have which value in each facet."""

    rows: list[int] = field(default_factory=list)
    total: int = 0
    facets: Counts = field(default_factory=dict)
    exact: frozenset[int] = frozenset()


class TermCache:
    """Scored terms of one generation, the least recently used dropped first.

    May be shared between threads: nobody changes what it has given out.
    """

    def __init__(self, most_bytes: int = _CACHE_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._generation = ""
        self._found: OrderedDict[str, tuple[Numbers, Scores]] = OrderedDict()
        self._changing = threading.Lock()

    def gather(self, postings: Postings, question: Question) -> None:
        """Let the engine read together what this question will ask for, but what is known."""
        terms = [
            term
            for slot in question.slots
            for alternative in slot.alternatives
            for term in alternative.terms
        ]
        known = self._of(postings.generation)
        missing = [term for term in dict.fromkeys(terms) if term not in known]
        if missing:
            postings.gather(missing)

    def get(self, postings: Postings, term: str) -> tuple[Numbers, Scores]:
        """The rows that hold the term in any field, with their scores for it."""
        with self._changing:
            found = self._of(postings.generation)
            known = found.get(term)
            if known is not None:
                found.move_to_end(term)
                return known
        scored = _score_term(postings, term)
        with self._changing:
            found = self._of(postings.generation)
            if term not in found:
                found[term] = scored
                self._held += _bytes(scored)
            while self._held > self._most and len(found) > 1:
                self._held -= _bytes(found.popitem(last=False)[1])
        return scored

    def _of(self, generation: str) -> OrderedDict[str, tuple[Numbers, Scores]]:
        if generation != self._generation:
            self._found = OrderedDict()
            self._held, self._generation = 0, generation
        return self._found


def _bytes(scored: tuple[Numbers, Scores]) -> int:
    return scored[0].nbytes + scored[1].nbytes + 200


def _score_term(postings: Postings, term: str) -> tuple[Numbers, Scores]:
    weight = np.zeros(postings.size, dtype=np.float32)
    for name, (boost, correction) in FIELDS.items():
        rows, times = postings.find(name, term)
        if len(rows):
            length = postings.lengths(name)[rows]
            weight[rows] += boost * times / (1 - correction + correction * length)
    found = np.flatnonzero(weight)
    if not len(found):
        return found, weight[:0]
    held = weight[found]
    return found, (rarity(postings.size, len(found)) * held * (_K1 + 1) / (_K1 + held)).astype(
        np.float32
    )


def rarity(size: int, holding: int) -> float:
    """BM25's weight of a term that `holding` of `size` rows hold; never negative."""
    return math.log(1 + (size - holding + 0.5) / (holding + 0.5))


def rank(
    postings: Postings,
    question: Question,
    audience: frozenset[str],
    *,
    filters: Filters = MappingProxyType({}),
    cache: TermCache,
) -> Ranking:
    """Rank the rows that somebody with these tokens may find; `filters` narrows what is listed."""
    cache.gather(postings, question)
    allowed = postings.allowed(audience)
    exact = _exact_rows(postings, question.references, allowed)
    named = _named_rows(postings, question.references)
    rows, scores = _score(postings, question, allowed, named, cache)
    if not question.slots and not question.phrases and len(named):
        rows, scores = _with(rows, scores, named[allowed[named]])
    rows, scores = _with(rows, scores, exact)
    rows, scores = _with_answers(postings, question, allowed, rows, scores)
    wanted, facets = narrow(postings, rows, filters)
    exact = exact[wanted[np.searchsorted(rows, exact)]]
    rows, scores = rows[wanted], scores[wanted]
    return Ranking(
        rows=_order(postings, rows, scores, exact),
        total=len(rows),
        facets=facets,
        exact=frozenset(int(row) for row in exact),
    )


def _union(size: int, *found: Numbers) -> Numbers:
    """The rows that are in any of them, in order; each of them is in order and has none twice."""
    if len(found) == 1:
        return found[0]
    mask = np.zeros(size, dtype=np.bool_)
    for rows in found:
        mask[rows] = True
    return np.flatnonzero(mask)


def _with(rows: Numbers, scores: Scores, more: Numbers) -> tuple[Numbers, Scores]:
    """Add rows that count as found, with the score 0 when they have none."""
    new = np.setdiff1d(more, rows)
    if not len(new):
        return rows, scores
    places = np.searchsorted(rows, new)
    return np.insert(rows, places, new), np.insert(scores, places, 0).astype(np.float32)


def _with_answers(
    postings: Postings, question: Question, allowed: Mask, rows: Numbers, scores: Scores
) -> tuple[Numbers, Scores]:
    """Lift what is known to answer: beside the best rule when it answers the whole question.

    Beside rules only: what the municipality has written itself stays where it stands.
    """
    is_rule = np.isin(postings.kinds[rows], _RULES)
    best = float(scores[is_rule].max(initial=0.0)) or float(scores.min(initial=1.0))
    for answer in question.answers:
        row = _exact_rows(postings, (answer.reference,), allowed)[:1]
        rows, scores = _with(rows, scores, row)
        at = np.searchsorted(rows, row)
        lifted = best * (_LEAST_LIFT + (_MOST_LIFT - _LEAST_LIFT) * answer.share)
        scores[at] = np.maximum(scores[at], lifted)
    return rows, scores


def _score(
    postings: Postings, question: Question, allowed: Mask, named: Numbers, cache: TermCache
) -> tuple[Numbers, Scores]:
    """The rows that answer the question, in order, and their scores.

    Only what holds one of the words is looked at, so that the work grows with what is found and not
    with all that there is.
    """
    slots = [_score_slot(postings, slot, cache) for slot in question.slots]
    phrases = [np.sort(postings.find_phrase(phrase)) for phrase in question.phrases]
    parts = [rows for rows, _best, _weight in slots] or phrases
    whole = sum(weight for _rows, _best, weight in slots)
    if not parts or not (whole or phrases):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    rows = _union(postings.size, *parts)
    total = np.zeros(len(rows), dtype=np.float32)
    coverage = np.zeros(len(rows), dtype=np.float32)
    for mine, best, weight in slots:
        places = np.searchsorted(rows, mine)
        total[places] += best
        coverage[places] += weight * (best > 0)
    may_find = allowed[rows]
    for phrase in phrases:
        has_it = np.isin(rows, phrase, assume_unique=True)
        may_find &= has_it
        total[has_it] *= _PHRASE_BONUS
        if not slots:
            total[has_it] += 1
            coverage[has_it] = whole = 1.0
    if not whole:
        return rows[:0], total[:0]
    coverage /= whole
    total *= coverage * coverage * postings.priors[rows]
    if len(named):
        total[np.isin(rows, named, assume_unique=True)] *= _NAMED_DOC
    matched = _matched(coverage, may_find)
    return rows[matched], total[matched]


def _score_slot(postings: Postings, slot: Slot, cache: TermCache) -> tuple[Numbers, Scores, float]:
    """The rows that answer this part of the question, the best way in which each does, and how
    much the part weighs.
    """
    answers: list[tuple[Numbers, Scores]] = []
    rarest = 0.0
    for alternative in slot.alternatives:
        rows, scores = cache.get(postings, alternative.terms[0])
        for term in alternative.terms[1:]:
            others, more = cache.get(postings, term)
            rows, mine, theirs = np.intersect1d(
                rows, others, assume_unique=True, return_indices=True
            )
            scores = (scores[mine] + more[theirs]).astype(np.float32)
        if not len(rows):
            continue
        if len(alternative.terms) > 1:
            scores = (scores / len(alternative.terms)).astype(np.float32)
        answers.append((rows, (alternative.weight * scores).astype(np.float32)))
        rarest = max(rarest, alternative.weight * rarity(postings.size, len(rows)))
    # What stands nowhere must not spoil the coverage of what does, but it counts a little.
    weight = rarest or _RARE
    if len(answers) <= 1:
        nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        return (*(answers[0] if answers else nothing), weight)
    rows = _union(postings.size, *(rows for rows, _scores in answers))
    best = np.zeros(len(rows), dtype=np.float32)
    for mine_of, scores in answers:
        places = np.searchsorted(rows, mine_of)
        best[places] = np.maximum(best[places], scores)
    return rows, best, weight


def _matched(coverage: Scores, allowed: Mask) -> Mask:
    """Rows that answer nearly every part; too few of them, and those that answer most count too."""
    every: Mask = allowed & (coverage > _MOST_COVERAGE)
    if int(every.sum()) >= _ENOUGH:
        return every
    most = float(coverage[allowed].max(initial=0.0))
    return allowed & (coverage > 0) & (coverage >= _LEAST_COVERAGE * most)


def _exact_rows(postings: Postings, references: Sequence[Reference], allowed: Mask) -> Numbers:
    found: list[Numbers] = []
    for reference in references:
        of_doc = _rows_of(postings, reference)
        wanted, _times = postings.find("par", reference.paragraph or WHOLE_DOCUMENT)
        rows = np.intersect1d(of_doc, wanted, assume_unique=True)
        rows = rows[allowed[rows]]
        found.append(rows[np.argsort(-postings.priors[rows], kind="stable")][:5])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


# The paragraph of a row that stands for the document as such.
WHOLE_DOCUMENT = "*"


def _named_rows(postings: Postings, references: Sequence[Reference]) -> Numbers:
    found = [_rows_of(postings, reference) for reference in references]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _rows_of(postings: Postings, reference: Reference) -> Numbers:
    field_name, value = ("doc", reference.doc) if reference.doc else ("alias", reference.name)
    return postings.find(field_name, value)[0]


def _order(postings: Postings, rows: Numbers, scores: Scores, exact: Numbers) -> list[int]:
    """Exact ones, then by score; each further row of the same document a little further down."""
    if len(exact):
        rest = ~np.isin(rows, exact)
        rows, scores = rows[rest], scores[rest]
    if len(rows) > _CANDIDATES:
        best = np.argpartition(-scores, _CANDIDATES)[:_CANDIDATES]
        rows, scores = rows[best], scores[best]
    by_score = np.argsort(-scores, kind="stable")
    rows, scores = rows[by_score], scores[by_score]
    seen: dict[int, int] = {}
    weighed: list[tuple[float, int]] = []
    for row, doc, score in zip(
        rows.tolist(), postings.docs[rows].tolist(), scores.tolist(), strict=True
    ):
        earlier = seen.get(doc, 0)
        seen[doc] = earlier + 1
        weighed.append((-score * _SAME_DOC**earlier, row))
    weighed.sort()
    return [*exact.tolist(), *(row for _score_, row in weighed)]
