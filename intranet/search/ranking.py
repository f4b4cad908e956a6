"""Scores rows for a question with BM25F over several fields; pure arithmetic, knows no engine and
no person.

Who may see a row is a mask that is applied before anything is counted, so that neither hits, counts
nor facets can tell of what is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from intranet.search.narrowing import Counts, Filters, narrow
from intranet.search.ordering import in_order
from intranet.search.postings import Mask, Numbers, Postings, Scores
from intranet.search.query import Question, Reference, Slot
from intranet.search.standing import RULES, lift_titles, weigh
from intranet.search.term_cache import Scored, TermCache, rarity

_ENOUGH = 10
# Rows that answer so much are enough by themselves; a common word more or less decides nothing.
_MOST_COVERAGE = 0.8
_LEAST_COVERAGE = 0.5
NAMED_DOC = 4.0
PHRASE_BONUS = 1.5
# What is known to answer hardly anything, or all, of the question, beside the best hit's score.
_LEAST_LIFT, _MOST_LIFT = 0.7, 1.2
_RARE = 3.0


@dataclass(frozen=True)
class Ranking:
    """The best rows first, how many there are, and how many have which value in each facet."""

    rows: list[int] = field(default_factory=list)
    total: int = 0
    facets: Counts = field(default_factory=dict)
    exact: frozenset[int] = frozenset()


def rank(
    postings: Postings,
    question: Question,
    audience: frozenset[str],
    *,
    filters: Filters = MappingProxyType({}),
    today: int = 0,
    cache: TermCache,
) -> Ranking:
    """Rank the rows that somebody with these tokens may find; `filters` narrows what is listed.

    `today`: the day that news are old on, as `date.toordinal()`.
    """
    cache.gather(postings, question)
    allowed = postings.allowed(audience)
    exact = _exact_rows(postings, question.references, allowed, cache)
    named = named_rows(postings, question.references, cache)
    rows, scores = _score(postings, question, allowed, named, cache)
    scores = weigh(postings, rows, scores, audience, today, cache)
    if not question.slots and not question.phrases and len(named):
        rows, scores = _with(rows, scores, named[allowed[named]])
    rows, scores = _with(rows, scores, exact)
    rows, scores = _with_answers(postings, question, allowed, rows, scores, cache)
    scores = lift_titles(postings, rows, scores, question.text, cache)
    wanted, facets = narrow(postings, rows, filters)
    exact = exact[wanted[np.searchsorted(rows, exact)]]
    rows, scores = rows[wanted], scores[wanted]
    return Ranking(
        rows=in_order(postings, rows, scores, exact),
        total=len(rows),
        facets=facets,
        exact=frozenset(int(row) for row in exact),
    )


def _with(rows: Numbers, scores: Scores, more: Numbers) -> tuple[Numbers, Scores]:
    """Add rows that count as found, with the score 0 when they have none."""
    if not len(more):
        return rows, scores
    new = np.setdiff1d(more, rows)
    places = np.searchsorted(rows, new)
    return np.insert(rows, places, new), np.insert(scores, places, 0).astype(np.float32)


def _with_answers(
    postings: Postings,
    question: Question,
    allowed: Mask,
    rows: Numbers,
    scores: Scores,
    cache: TermCache,
) -> tuple[Numbers, Scores]:
    """Lift what is known to answer: beside the best rule when it answers the whole question.

    Beside rules only: what the municipality has written itself stays where it stands.
    """
    if not question.answers:
        return rows, scores
    is_rule = np.isin(postings.kinds[rows], RULES)
    best = float(scores[is_rule].max(initial=0.0)) or float(scores.min(initial=1.0))
    for answer in question.answers:
        row = _exact_rows(postings, (answer.reference,), allowed, cache)[:1]
        rows, scores = _with(rows, scores, row)
        at = np.searchsorted(rows, row)
        lifted = best * (_LEAST_LIFT + (_MOST_LIFT - _LEAST_LIFT) * answer.share)
        scores[at] = np.maximum(scores[at], lifted)
    return rows, scores


def _score(
    postings: Postings, question: Question, allowed: Mask, named: Numbers, cache: TermCache
) -> tuple[Numbers, Scores]:
    """The rows that answer the question, in order, and their scores.

    Scores are added in tables as long as the index and gathered once: cleared memory costs less
    than a search for each row's place.
    """
    slots = [score_slot(postings, slot, cache) for slot in question.slots]
    phrases = [cache.phrase(postings, phrase) for phrase in question.phrases]
    whole = sum(weight for _rows, _best, weight in slots)
    if not slots and not phrases:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    of_all = np.zeros((2, postings.size), dtype=np.float32)
    for mine, best, weight in slots:
        of_all[0, mine] += best
        of_all[1, mine] += weight
    for phrase in phrases if not slots else ():
        of_all[1, phrase] = whole = 1.0
    rows = np.flatnonzero(of_all[1])
    total, coverage = of_all[0, rows], of_all[1, rows]
    may_find = allowed[rows]
    for phrase in phrases:
        has_it = _holding(postings, phrase)[rows]
        may_find &= has_it
        total[has_it] *= PHRASE_BONUS
        if not slots:
            total[has_it] += 1
    if not whole:
        return rows[:0], total[:0]
    coverage /= whole
    total *= coverage * coverage * postings.priors[rows]
    if len(named):
        total[_holding(postings, named)[rows]] *= NAMED_DOC
    matched = _matched(coverage, may_find)
    return rows[matched], total[matched]


def _holding(postings: Postings, rows: Numbers) -> Mask:
    mask = np.zeros(postings.size, dtype=np.bool_)
    mask[rows] = True
    return mask


def score_slot(postings: Postings, slot: Slot, cache: TermCache) -> tuple[Numbers, Scores, float]:
    """The rows that answer this part of the question, the best way in which each does, and how
    much the part weighs.
    """
    answers: list[Scored] = []
    rarest = 0.0
    for alternative in slot.alternatives:
        rows, scores = cache.get(postings, alternative.terms[0])
        for term in alternative.terms[1:]:
            rows, scores = _with_both(postings.size, (rows, scores), cache.get(postings, term))
        if not len(rows):
            continue
        answers.append((rows, scores * np.float32(alternative.weight / len(alternative.terms))))
        rarest = max(rarest, alternative.weight * rarity(postings.size, len(rows)))
    # What stands nowhere must not spoil the coverage of what does, but it counts a little.
    weight = rarest or _RARE
    if len(answers) <= 1:
        nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        return (*(answers[0] if answers else nothing), weight)
    best = np.zeros(postings.size, dtype=np.float32)
    for rows, scores in answers:
        best[rows] = np.maximum(best[rows], scores)
    rows = np.flatnonzero(best)
    return rows, best[rows], weight


def _with_both(size: int, one: Scored, other: Scored) -> Scored:
    """The rows that have both, with their scores together."""
    of_other = np.zeros(size, dtype=np.float32)
    of_other[other[0]] = other[1]
    beside = of_other[one[0]]
    both = beside > 0
    return one[0][both], one[1][both] + beside[both]


def _matched(coverage: Scores, allowed: Mask) -> Mask:
    """Rows that answer nearly every part; too few of them, and those that answer most count too."""
    every: Mask = allowed & (coverage > _MOST_COVERAGE)
    if int(every.sum()) >= _ENOUGH:
        return every
    most = float(coverage[allowed].max(initial=0.0))
    return allowed & (coverage > 0) & (coverage >= _LEAST_COVERAGE * most)


def _exact_rows(
    postings: Postings, references: Sequence[Reference], allowed: Mask, cache: TermCache
) -> Numbers:
    found: list[Numbers] = []
    for reference in references:
        of_doc = _rows_of(postings, reference, cache)
        wanted = cache.rows(postings, "par", reference.paragraph or WHOLE_DOCUMENT)
        rows = np.intersect1d(of_doc, wanted, assume_unique=True)
        rows = rows[allowed[rows]]
        found.append(rows[np.argsort(-postings.priors[rows], kind="stable")][:5])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


# The paragraph of a row that stands for the document as such.
WHOLE_DOCUMENT = "*"


def named_rows(postings: Postings, references: Sequence[Reference], cache: TermCache) -> Numbers:
    found = [_rows_of(postings, reference, cache) for reference in references]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _rows_of(postings: Postings, reference: Reference, cache: TermCache) -> Numbers:
    field_name, value = ("doc", reference.doc) if reference.doc else ("alias", reference.name)
    return cache.rows(postings, field_name, value)
