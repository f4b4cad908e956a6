"""Scores rows for a question with BM25F over several fields; pure arithmetic, knows no engine and
no person.

Who may see a row is a mask that is applied before anything is counted, so that neither hits, counts
nor facets can tell of what is hidden.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from intranet.search.postings import Mask, Numbers, Postings, Scores
from intranet.search.query import Question, Reference, Slot

# Weight and length correction of each field; the length of a title hardly matters.
FIELDS = {"title": (4.0, 0.5), "name": (1.5, 0.3), "text": (1.0, 0.7)}
_K1 = 1.4
_ENOUGH = 10
_LEAST_COVERAGE = 0.5
_SAME_DOC = 0.88
_CANDIDATES = 400
_NAMED_DOC = 4.0
_PHRASE_BONUS = 1.5
_RARE = 3.0
_CACHE_BYTES = 24_000_000


@dataclass(frozen=True)
class Ranking:
    """The best rows first, how many there are, and how many of each kind (by place in `Kind`)."""

    rows: list[int] = field(default_factory=list)
    total: int = 0
    kinds: dict[int, int] = field(default_factory=dict)
    exact: frozenset[int] = frozenset()


class TermCache:
    """Scored terms of one generation, the least recently used dropped first."""

    def __init__(self, most_bytes: int = _CACHE_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._generation = ""
        self._found: OrderedDict[str, tuple[Numbers, Scores]] = OrderedDict()

    def get(self, postings: Postings, term: str) -> tuple[Numbers, Scores]:
        """The rows that hold the term in any field, with their scores for it."""
        if postings.generation != self._generation:
            self._found.clear()
            self._held, self._generation = 0, postings.generation
        known = self._found.get(term)
        if known is not None:
            self._found.move_to_end(term)
            return known
        scored = _score_term(postings, term)
        self._found[term] = scored
        self._held += _bytes(scored)
        while self._held > self._most and len(self._found) > 1:
            self._held -= _bytes(self._found.popitem(last=False)[1])
        return scored


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
    kinds: frozenset[int] = frozenset(),
    cache: TermCache,
) -> Ranking:
    """Rank the rows that somebody with these tokens may find; `kinds` narrows what is listed."""
    allowed = postings.allowed(audience)
    exact = _exact_rows(postings, question.references, allowed)
    named = _named_rows(postings, question.references)
    scores, matched = _score(postings, question, allowed, named, cache)
    matched[exact] = True
    if not question.slots and not question.phrases and len(named):
        matched |= allowed & _mask(postings.size, named)
    counts = np.bincount(postings.kinds[matched]) if matched.any() else np.zeros(0, dtype=np.int64)
    if kinds:
        matched &= np.isin(postings.kinds, list(kinds))
    rows = _order(postings, scores, matched, exact)
    return Ranking(
        rows=rows,
        total=int(matched.sum()),
        kinds={int(kind): int(count) for kind, count in enumerate(counts) if count},
        exact=frozenset(int(row) for row in exact),
    )


def _mask(size: int, rows: Numbers) -> Mask:
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    return mask


def _score(
    postings: Postings, question: Question, allowed: Mask, named: Numbers, cache: TermCache
) -> tuple[Scores, Mask]:
    total = np.zeros(postings.size, dtype=np.float32)
    coverage = np.zeros(postings.size, dtype=np.float32)
    whole = 0.0
    for slot in question.slots:
        best, weight = _score_slot(postings, slot, cache)
        total += best
        coverage += weight * (best > 0)
        whole += weight
    for phrase in question.phrases:
        rows = postings.find_phrase(phrase)
        allowed = allowed & _mask(postings.size, rows)
        total[rows] *= _PHRASE_BONUS
        if not question.slots:
            total[rows] += 1
            coverage[rows] = whole = 1.0
    if not whole:
        return total, np.zeros(postings.size, dtype=np.bool_)
    coverage /= whole
    total *= coverage * coverage * postings.priors
    if len(named):
        total[named] *= _NAMED_DOC
    return total, _matched(coverage, allowed)


def _score_slot(postings: Postings, slot: Slot, cache: TermCache) -> tuple[Scores, float]:
    """The best way in which each row answers this part of the question, and how much the part
    weighs.
    """
    best = np.zeros(postings.size, dtype=np.float32)
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
        best[rows] = np.maximum(best[rows], alternative.weight * scores)
        rarest = max(rarest, alternative.weight * rarity(postings.size, len(rows)))
    # What stands nowhere must not spoil the coverage of what does, but it counts a little.
    return best, rarest or _RARE


def _matched(coverage: Scores, allowed: Mask) -> Mask:
    """Rows that answer every part; too few of them, and those that answer most count too."""
    every: Mask = allowed & (coverage > 0.999)
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


def _order(postings: Postings, scores: Scores, matched: Mask, exact: Numbers) -> list[int]:
    """Exact ones, then by score; each further row of the same document a little further down."""
    rest = matched.copy()
    rest[exact] = False
    rows = np.flatnonzero(rest)
    if len(rows) > _CANDIDATES:
        rows = rows[np.argpartition(-scores[rows], _CANDIDATES)[:_CANDIDATES]]
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    seen: dict[int, int] = {}
    weighed: list[tuple[float, int]] = []
    for row, doc, score in zip(
        rows.tolist(), postings.docs[rows].tolist(), scores[rows].tolist(), strict=True
    ):
        earlier = seen.get(doc, 0)
        seen[doc] = earlier + 1
        weighed.append((-score * _SAME_DOC**earlier, row))
    weighed.sort()
    listed = matched[exact]
    return [*exact[listed].tolist(), *(row for _score_, row in weighed)]
