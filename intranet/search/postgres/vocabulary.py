"""The words of titles and the names of documents, as one process keeps them; pure.

Words are only added: what a change counts anew changes its number, so that nothing is sorted or
measured again but what is new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from intranet.search.spelling import signatures_of

_SHORTEST_WORD = 4


class Vocabulary:
    """How many rows hold each word, and which names there are. Not changed once it is made."""

    def __init__(self, counts: dict[str, int], before: Vocabulary | None = None) -> None:
        self._counts = counts
        self._before = before if before is not None and before._is_measured else None

    def with_counts(self, changed: Iterable[tuple[str, int]]) -> Vocabulary:
        """The same with these numbers; itself when nothing is changed."""
        new = dict(changed)
        return Vocabulary({**self._counts, **new}, self) if new else self

    def is_held(self, word: str) -> bool:
        """Whether any row holds it."""
        return self._counts.get(word, 0) > 0

    def beginning(self, prefix: str, most: int) -> list[str]:
        """The words that begin so, those that most rows hold first."""
        words = self._sorted
        at = bisect_left(words, prefix)
        found = []
        while at < len(words) and words[at].startswith(prefix):
            if self._counts[words[at]] > 0:
                found.append(words[at])
            at += 1
        return sorted(found, key=lambda word: (-self._counts[word], word))[:most]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._counts)

    @property
    def _is_measured(self) -> bool:
        return "measured" in self.__dict__

    @cached_property
    def measured(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        """The words that a misspelt one may be mended to, and each one's letters."""
        words = [word for word in self._counts if len(word) >= _SHORTEST_WORD and word.isalpha()]
        known = self._before.measured[1] if self._before is not None else None
        self._before = None
        if known is None:
            letters = signatures_of(words)
        else:
            # A dict keeps its order when a number is changed: what is new stands at the end.
            letters = np.concatenate([known, signatures_of(words[len(known) :])])
        return [(word, self._counts[word]) for word in words], letters
