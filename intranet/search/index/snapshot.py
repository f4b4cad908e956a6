"""One state of the index as arrays, for the thread that opened it; reads Whoosh's postings block
by block.

Whoosh's own matchers take a Python call per posting; here a block becomes an array at once.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.columns import NumericColumn
from whoosh.query import And, Phrase
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from intranet.search.entry import Kind
from intranet.search.index.store import close_files
from intranet.search.postings import Mask, Numbers, Scores
from intranet.search.ranking import FIELDS
from intranet.search.spelling import signatures_of

_MOST_AUDIENCES = 32
_SHORTEST_WORD = 4
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)
_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))


class Snapshot:
    """A state of the index. Not to be shared between threads."""

    def __init__(self, state: str, reader: Any, files: list[IO[bytes]]) -> None:
        # Also when the thread that holds it just ends.
        self._closing = weakref.finalize(self, close_files, files)
        self._state = state
        self._reader = reader
        self._leaves = [
            (leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self._size = int(reader.doc_count_all())
        self._audiences: OrderedDict[frozenset[str], Mask] = OrderedDict()
        self._prepare()

    def _prepare(self) -> None:
        """What every question needs, read once: not in the first person's request."""
        self._kinds = np.zeros(self._size, dtype=np.int8)
        for place, kind in enumerate(Kind):
            self._kinds[self.find("kind", kind.value)[0]] = place
        self._docs = np.zeros(self._size, dtype=np.int32)
        for number, doc in enumerate(self._terms("doc")):
            self._docs[self.find("doc", doc)[0]] = number
        self._lengths = {name: self._read_lengths(name) for name in FIELDS}
        self._names = frozenset(self._terms("alias"))
        self._priors = self._read_priors()

    @property
    def size(self) -> int:
        """How many rows there are, deleted ones included."""
        return self._size

    @property
    def generation(self) -> str:
        """Differs whenever an answer may differ."""
        return self._state

    @property
    def kinds(self) -> NDArray[np.int8]:
        """Each row's kind as its place in `Kind`."""
        return self._kinds

    @property
    def docs(self) -> NDArray[np.int32]:
        """Each row's document as a number."""
        return self._docs

    @property
    def priors(self) -> Scores:
        """What each row's relevance is multiplied by."""
        return self._priors

    def lengths(self, field: str) -> Scores:
        """Each row's number of terms in the field divided by the mean."""
        return self._lengths[field]

    def is_name(self, key: str) -> bool:
        """Whether a document goes by this name."""
        return key in self._names

    @cached_property
    def _alive(self) -> Mask:
        alive = np.ones(self._size, dtype=np.bool_)
        for leaf, base in self._leaves:
            for row in leaf._perdoc.deleted_docs():
                alive[base + row] = False
        return alive

    def allowed(self, audience: frozenset[str]) -> Mask:
        """The living rows that somebody with these tokens may find."""
        known = self._audiences.get(audience)
        if known is None:
            known = np.zeros(self._size, dtype=np.bool_)
            for token in audience:
                known[self.find("aud", token)[0]] = True
            known &= self._alive
            self._audiences[audience] = known
            if len(self._audiences) > _MOST_AUDIENCES:
                self._audiences.popitem(last=False)
        self._audiences.move_to_end(audience)
        return known

    def find(self, field: str, term: str) -> tuple[Numbers, Scores]:
        """The rows with the term in the field, ascending, and how often it stands there."""
        rows: list[NDArray[Any]] = []
        times: list[NDArray[Any]] = []
        for leaf, base in self._leaves:
            for block, weights in _blocks(leaf, field, term.encode("utf-8", "replace")):
                rows.append(block + base)
                times.append(weights)
        if not rows:
            return _NOTHING
        return np.concatenate(rows), np.concatenate(times)

    def find_phrase(self, terms: Sequence[str]) -> Numbers:
        """The rows where the terms stand side by side."""
        if len(terms) == 1:
            found = [self.find(field, terms[0])[0] for field in ("title", "text")]
            return np.unique(np.concatenate(found))
        rows: list[int] = []
        searcher = Searcher(self._reader)
        for field in ("title", "text"):
            rows.extend(And([Phrase(field, list(terms))]).docs(searcher))
        return np.unique(np.array(rows, dtype=np.int64))

    def expand(self, field: str, prefix: str, most: int) -> list[str]:
        """The most frequent terms that begin so."""
        counted: dict[str, int] = {}
        for leaf, _base in self._leaves:
            for looked, term in enumerate(leaf.expand_prefix(field, prefix)):
                if looked > 3_000:
                    break
                word = term.decode("utf-8")
                counted[word] = counted.get(word, 0) + int(leaf.doc_frequency(field, term))
        return sorted(counted, key=lambda word: (-counted[word], word))[:most]

    def vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        """The words of titles and names, how many rows hold each, and how often each letter is in
        it.
        """
        return self._vocabulary

    @cached_property
    def _vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        counted: dict[str, int] = {}
        for leaf, _base in self._leaves:
            for term in leaf.lexicon("start"):
                word = term.decode("utf-8")
                if len(word) >= _SHORTEST_WORD and word.isalpha():
                    counted[word] = counted.get(word, 0) + int(leaf.doc_frequency("start", term))
        return list(counted.items()), signatures_of(list(counted))

    def keys(self, rows: Sequence[int]) -> list[str]:
        """The rows' keys."""
        return [str(self._reader.stored_fields(row)["id"]) for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self._closing()

    def _terms(self, field: str) -> list[str]:
        found = {
            term.decode("utf-8") for leaf, _base in self._leaves for term in leaf.lexicon(field)
        }
        return sorted(found)

    def _read_lengths(self, field: str) -> Scores:
        read = np.zeros(self._size, dtype=np.float32)
        for leaf, base in self._leaves:
            column = leaf._perdoc._cached_reader(f"_{field}_len", NumericColumn("B", default=0))
            if column is not None:
                values = np.frombuffer(bytes(column.load()), dtype=np.uint8)
                read[base : base + len(values)] = _LENGTHS[values]
        return (read / max(float(read.mean()), 0.01)).astype(np.float32) if self._size else read

    def _read_priors(self) -> Scores:
        read = np.ones(self._size, dtype=np.float32)
        for leaf, base in self._leaves:
            if leaf.has_column("prior"):
                column = leaf.column_reader("prior", NumericColumn("f", default=1.0))
                values = np.array(column.load(), dtype=np.float32)
                read[base : base + len(values)] = values
        return read


def _blocks(leaf: Any, field: str, term: bytes) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Each block of the term's postings as rows and weights; the last one first asked is enough."""
    try:
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    except (TermNotFound, KeyError):
        return
    if not isinstance(matcher, W3LeafMatcher):  # a term of one row lies in the dictionary itself
        yield np.array(matcher._ids, dtype=np.int64), np.array(matcher._weights, dtype=np.float32)
        return
    while True:
        matcher._read_data()
        gaps, weights = matcher._data[0], matcher._data[1]
        rows = np.cumsum(np.array(gaps, dtype=np.int64))
        if weights is None or isinstance(weights, float):
            yield rows, np.full(len(rows), 1.0 if weights is None else weights, dtype=np.float32)
        else:
            yield rows, np.array(weights, dtype=np.float32)
        if matcher._lastblock:
            return
        matcher._next_block()
