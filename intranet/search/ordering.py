"""Puts scored rows in the order of the page; pure arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intranet.search.postings import Numbers, Postings, Scores

_SAME_DOC = 0.88
_CANDIDATES = 400


def in_order(postings: Postings, rows: Numbers, scores: Scores, exact: Numbers) -> list[int]:
    """Exact ones, then by score; each further row of the same document a little further down."""
    if len(exact):
        rest = ~np.isin(rows, exact)
        rows, scores = rows[rest], scores[rest]
    if len(rows) > _CANDIDATES:
        best = np.argpartition(-scores, _CANDIDATES)[:_CANDIDATES]
        rows, scores = rows[best], scores[best]
    by_score = np.argsort(-scores, kind="stable")
    rows, scores = rows[by_score], scores[by_score]
    weighed = scores.astype(np.float64) * _SAME_DOC ** _earlier(postings.docs[rows])
    return [*exact.tolist(), *rows[np.lexsort((rows, -weighed))].tolist()]


def _earlier(docs: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many of the same document stand before each."""
    by_doc = np.argsort(docs, kind="stable")
    places = np.arange(len(docs))
    begins = np.ones(len(docs), dtype=np.bool_)
    begins[1:] = docs[by_doc][1:] != docs[by_doc][:-1]
    earlier = np.empty(len(docs), dtype=np.int64)
    earlier[by_doc] = places - np.maximum.accumulate(np.where(begins, places, 0))
    return earlier
