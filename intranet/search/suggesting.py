"""Which rows begin as somebody types; pure, knows no engine."""

from __future__ import annotations

import numpy as np

from intranet.search import norwegian
from intranet.search.entry import Kind
from intranet.search.postings import Postings
from intranet.search.ranking import WHOLE_DOCUMENT

_SHORTEST = 2
_MOST_ENDINGS = 40
_MOST_WORDS = 8
_WHOLE_BONUS = 3.0
_FROM_THE_LAW = (1, 2)
_MOST_NAMES = 5
_PERSON = list(Kind).index(Kind.PERSON)


def suggested_rows(postings: Postings, text: str, audience: frozenset[str], most: int) -> list[int]:
    """The rows whose titles hold every typed word, the last one perhaps unfinished; best first."""
    words = list(norwegian.bare_words([norwegian.normalise(text[:200])]))[:_MOST_WORDS]
    if not words or (len(words[-1]) < _SHORTEST and len(words) == 1):
        return []
    allowed = postings.allowed(audience)
    matched = allowed.copy()
    for word in words[:-1]:
        matched &= _holding(postings, [word])
    matched &= _holding(postings, postings.expand(words[-1], _MOST_ENDINGS))
    rows = np.flatnonzero(matched)
    whole = np.zeros(postings.size, dtype=np.bool_)
    whole[postings.find("par", WHOLE_DOCUMENT)[0]] = True
    exact = _holding(postings, [words[-1]])
    scores = (
        postings.priors[rows]
        * np.where(whole[rows], _WHOLE_BONUS, 1.0)
        * np.where(exact[rows], 1.5, 1.0)
    )
    scores = scores * np.where(np.isin(postings.kinds[rows], _FROM_THE_LAW), 0.6, 1.0)
    return [int(row) for row in rows[np.argsort(-scores, kind="stable")[:most]]]


def named_persons(postings: Postings, text: str, audience: frozenset[str], most: int) -> list[int]:
    """The persons whose names hold every typed word; none when they are more than `most`."""
    words = list(norwegian.bare_words([norwegian.normalise(text[:200])]))
    if not 0 < len(words) <= _MOST_NAMES or not all(word.isalpha() for word in words):
        return []
    matched = postings.allowed(audience) & (postings.kinds == _PERSON)
    for word in words:
        if not matched.any():
            return []
        matched &= _holding(postings, [word])
    found = np.flatnonzero(matched)
    return found.tolist() if len(found) <= most else []


def _holding(postings: Postings, words: list[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mask = np.zeros(postings.size, dtype=np.bool_)
    mask[postings.find_any("start", words)] = True
    return mask
