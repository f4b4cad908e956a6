"""One segment of the index as arrays. A segment's files never change, so neither do they.

Whoosh's own matchers take a Python call per posting; here a block of postings becomes an array.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.columns import NumericColumn
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from intranet.search.entry import FACETS, Kind
from intranet.search.postings import Labels, Numbers, Scores
from intranet.search.term_cache import FIELDS

_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)


@dataclass(frozen=True)
class LeafTables:
    """What every question needs of a segment."""

    kinds: NDArray[np.int8]
    docs: NDArray[np.int32]
    doc_count: int
    priors: Scores
    days: NDArray[np.int32]
    labels: dict[str, Labels]
    lengths: dict[str, Scores]
    names: frozenset[str]
    words: list[str]
    word_counts: NDArray[np.int32]

    def beginning(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words of titles that begin so, with how many rows hold each."""
        at = bisect_left(self.words, prefix)
        while at < len(self.words) and self.words[at].startswith(prefix):
            yield self.words[at], int(self.word_counts[at])
            at += 1


def read_tables(leaf: Any) -> LeafTables:
    """Read the segment's tables: once in a process, however often the index is committed."""
    size = leaf.doc_count_all()
    kinds = np.zeros(size, dtype=np.int8)
    for place, kind in enumerate(Kind):
        kinds[find_rows(leaf, "kind", kind.value.encode())] = place
    docs = np.zeros(size, dtype=np.int32)
    doc_count = 0
    for doc_count, term in enumerate(list(leaf.lexicon("doc")), 1):
        docs[find_rows(leaf, "doc", term)] = doc_count - 1
    counted = [(term, info.doc_frequency()) for term, info in leaf.iter_field("start")]
    # By letters, not by bytes as Whoosh has them, so that `bisect` finds them.
    words = sorted((term.decode("utf-8"), count) for term, count in counted)
    return LeafTables(
        kinds=kinds,
        docs=docs,
        doc_count=doc_count,
        priors=_column(leaf, "prior", "f", size, 1.0),
        days=_column(leaf, "day", "i", size, 0).astype(np.int32),
        labels={name: _labels(leaf, name, size) for name in FACETS},
        lengths={name: _lengths(leaf, name, size) for name in FIELDS},
        names=frozenset(term.decode("utf-8") for term in leaf.lexicon("alias")),
        words=[word for word, _count in words],
        word_counts=np.array([count for _word, count in words], dtype=np.int32),
    )


def find_rows(leaf: Any, field: str, term: bytes) -> Numbers:
    """The segment's rows with the term."""
    found = [rows for rows, _times in read_blocks(leaf, field, term)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _labels(leaf: Any, field: str, size: int) -> Labels:
    codes = np.zeros(size, dtype=np.int16)
    values = [""]
    for term in list(leaf.lexicon(field)):
        codes[find_rows(leaf, field, term)] = len(values)
        values.append(term.decode("utf-8"))
    return Labels(codes, tuple(values))


def _lengths(leaf: Any, field: str, size: int) -> Scores:
    return _LENGTHS[_column(leaf, f"_{field}_len", "B", size, 0).astype(np.uint8)]


def _column(leaf: Any, name: str, code: str, size: int, default: float) -> Scores:
    """A column's values; Whoosh leaves out those at the end that are the default."""
    values = np.full(size, default, dtype=np.float32)
    perdoc = leaf._perdoc
    if perdoc.has_column(name):
        column = perdoc.column_reader(name, NumericColumn(code, default=default))
        count = min(column._count, size)
        raw = column._dbfile.get(column._basepos, count * column._fixedlen)
        values[:count] = np.frombuffer(bytes(raw), dtype=f">{code}".replace("B", "u1"))
    return values


def read_blocks(leaf: Any, field: str, term: bytes) -> Iterator[tuple[Numbers, Scores]]:
    """Each block of the term's postings: the rows, and how often the term stands there."""
    try:
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    except (TermNotFound, KeyError):
        return
    if not isinstance(matcher, W3LeafMatcher):  # a term of one row lies in the dictionary itself
        rows = np.array(matcher._ids, dtype=np.int64)
        yield rows, np.array(matcher._weights, dtype=np.float32)
        return
    while True:
        matcher._read_data()
        gaps, weights = matcher._data[0], matcher._data[1]
        rows = np.cumsum(np.array(gaps, dtype=np.int64))
        if weights is None or isinstance(weights, float):
            times = np.full(len(rows), 1.0 if weights is None else weights, dtype=np.float32)
        else:
            times = np.array(weights, dtype=np.float32)
        yield rows, times
        if matcher._lastblock:
            return
        matcher._next_block()
