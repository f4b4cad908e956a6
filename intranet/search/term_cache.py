"""What each word brings to each row, by BM25F over several fields, remembered; knows no engine."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from intranet.search.postings import Numbers, Postings, Scores
from intranet.search.query import Question

# Weight and length correction of each field; the length of a title hardly matters.
FIELDS = {"title": (4.0, 0.5), "name": (1.5, 0.3), "text": (1.0, 0.7)}
_K1 = 1.4
_CACHE_BYTES = 16_000_000

Scored = tuple[Numbers, Scores]


class TermCache:
    """Scored terms of one generation, the least recently used dropped first.

    May be shared between threads: nobody changes what it has given out.
    """

    def __init__(self, most_bytes: int = _CACHE_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._generation = ""
        self._found: OrderedDict[str, Scored] = OrderedDict()
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
        known = self._kept(postings.generation, term)
        return known or self._keep(postings.generation, term, _score_term(postings, term))

    def _kept(self, generation: str, key: str) -> Scored | None:
        with self._changing:
            found = self._of(generation)
            if key in found:
                found.move_to_end(key)
            return found.get(key)

    def _keep(self, generation: str, key: str, scored: Scored) -> Scored:
        with self._changing:
            found = self._of(generation)
            if key not in found:
                found[key] = scored
                self._held += _bytes(scored)
            while self._held > self._most and len(found) > 1:
                self._held -= _bytes(found.popitem(last=False)[1])
        return scored

    def rows(self, postings: Postings, field_name: str, term: str) -> Numbers:
        """The rows with a whole term: a document, a name, a paragraph's number."""
        return self._rows(
            postings, f"{field_name}\0{term}", lambda: postings.find(field_name, term)[0]
        )

    def phrase(self, postings: Postings, terms: Sequence[str]) -> Numbers:
        """The rows where the terms stand side by side, in order."""
        return self._rows(
            postings, "\0".join(("", *terms)), lambda: np.sort(postings.find_phrase(terms))
        )

    def _rows(self, postings: Postings, key: str, find: Callable[[], Numbers]) -> Numbers:
        known = self._kept(postings.generation, key)
        if known is None:
            rows = find()
            known = self._keep(postings.generation, key, (rows, np.zeros(0, dtype=np.float32)))
        return known[0]

    def _of(self, generation: str) -> OrderedDict[str, Scored]:
        if generation != self._generation:
            self._found = OrderedDict()
            self._held, self._generation = 0, generation
        return self._found


def _bytes(scored: Scored) -> int:
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
