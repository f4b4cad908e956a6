"""What an engine must offer so that `ranking` can score it; pure, knows no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Labels:
    """What each row is counted under: `values[codes[row]]`, an empty value under nothing."""

    codes: NDArray[np.int16]
    values: tuple[str, ...]


class Postings(Protocol):
    """A snapshot of the index. Rows are numbered from 0; arrays must not be changed."""

    @property
    def size(self) -> int:
        """How many rows there are, deleted ones included."""
        ...

    @property
    def generation(self) -> str:
        """Differs whenever an answer may differ."""
        ...

    @property
    def kinds(self) -> NDArray[np.int8]:
        """Each row's kind as its place in `Kind`."""
        ...

    @property
    def docs(self) -> NDArray[np.int32]:
        """Each row's document as a number."""
        ...

    @property
    def priors(self) -> Scores:
        """What each row's relevance is multiplied by."""
        ...

    @property
    def days(self) -> NDArray[np.int32]:
        """The day on which each row was published, as `date.toordinal()`; 0 where none is known."""
        ...

    def labels(self, facet: str) -> Labels:
        """Each row's value in one of `entry.FACETS`."""
        ...

    def lengths(self, field: str) -> Scores:
        """Each row's number of terms in the field divided by the mean."""
        ...

    def allowed(self, audience: frozenset[str]) -> Mask:
        """The living rows that somebody with these tokens may find."""
        ...

    def gather(self, terms: Sequence[str]) -> None:
        """Hear which words `find` will be asked for in texts, to read them together."""
        ...

    def find(self, field: str, term: str) -> tuple[Numbers, Scores]:
        """The rows with the term in the field, ascending, and how often it stands there.

        Besides the fields of words: "doc" (a document's key), "par" (a paragraph's), "alias" (a
        name that a document goes by) and "whole" (its whole title), both as `name_key`, "near" (a
        token of those whom it is made for), "start" (a word of the title).
        """
        ...

    def find_any(self, field: str, terms: Sequence[str]) -> Numbers:
        """The rows with one of the whole terms, in any order; a row may be there several times."""
        ...

    def find_phrase(self, terms: Sequence[str]) -> Numbers:
        """The rows where the terms stand side by side."""
        ...

    def expand(self, prefix: str, most: int) -> list[str]:
        """The most frequent words of titles and names that begin so."""
        ...

    def vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        """The words of titles and names, how many rows hold each, and how often each letter is in
        it.
        """
        ...

    def is_name(self, key: str) -> bool:
        """Whether a document goes by this name."""
        ...

    def keys(self, rows: Sequence[int]) -> list[str]:
        """The rows' keys."""
        ...
