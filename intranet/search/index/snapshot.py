"""One state of the index, for the thread that opened it; knows no rule of ranking."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from whoosh.query import And, Phrase
from whoosh.searching import Searcher

from intranet.search.entry import FACETS
from intranet.search.index.leaf import LeafTables, read_blocks, read_tables
from intranet.search.index.store import close_files
from intranet.search.postings import Labels, Mask, Numbers, Scores
from intranet.search.spelling import signatures_of
from intranet.search.term_cache import FIELDS

Tables = dict[str, LeafTables]

_MOST_AUDIENCES = 32
_SHORTEST_WORD = 4
_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))


class Snapshot:
    """A state of the index. Not to be shared between threads.

    `known` holds the tables of segments already read; it is brought up to date.
    """

    def __init__(
        self, state: str, reader: Any, files: list[IO[bytes]], known: Tables | None = None
    ) -> None:
        # Also when the thread that holds it just ends.
        self._closing = weakref.finalize(self, close_files, files)
        self._state = state
        self._reader = reader
        self._leaves = [
            (leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self._size = int(reader.doc_count_all())
        self._audiences: OrderedDict[frozenset[str], Mask] = OrderedDict()
        self._tables = self._read_tables(known if known is not None else {})
        self._join_tables()

    def _read_tables(self, known: Tables) -> list[LeafTables]:
        now = {}
        for leaf, _base in self._leaves:
            name = leaf.segment().segment_id()
            now[name] = known.get(name) or read_tables(leaf)
        known.clear()
        known.update(now)
        return list(now.values())

    def _join_tables(self) -> None:
        tables = self._tables
        self._kinds = _joined([table.kinds for table in tables], np.int8)
        self._priors = _joined([table.priors for table in tables], np.float32)
        self._days = _joined([table.days for table in tables], np.int32)
        self._labels = {name: _join_labels([t.labels[name] for t in tables]) for name in FACETS}
        firsts = np.cumsum([0, *(table.doc_count for table in tables)])
        docs = [table.docs + first for table, first in zip(tables, firsts, strict=False)]
        self._docs = _joined(docs, np.int32)
        self._lengths = {}
        for name in FIELDS:
            lengths = _joined([table.lengths[name] for table in tables], np.float32)
            mean = max(float(lengths.mean()), 0.01) if self._size else 1.0
            self._lengths[name] = (lengths / mean).astype(np.float32)

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

    @property
    def days(self) -> NDArray[np.int32]:
        """The day on which each row was published, 0 where none is known."""
        return self._days

    def labels(self, facet: str) -> Labels:
        """Each row's value in the facet."""
        return self._labels[facet]

    def lengths(self, field: str) -> Scores:
        """Each row's number of terms in the field divided by the mean."""
        return self._lengths[field]

    def is_name(self, key: str) -> bool:
        """Whether a document goes by this name."""
        return any(key in table.names for table in self._tables)

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

    def gather(self, terms: Sequence[str]) -> None:
        """Nothing is gained here by reading several words together."""

    def find(self, field: str, term: str) -> tuple[Numbers, Scores]:
        """The rows with the term in the field, ascending, and how often it stands there."""
        rows: list[Numbers] = []
        times: list[Scores] = []
        for leaf, base in self._leaves:
            for block, weights in read_blocks(leaf, field, term.encode("utf-8", "replace")):
                rows.append(block + base)
                times.append(weights)
        if not rows:
            return _NOTHING
        return np.concatenate(rows), np.concatenate(times)

    def find_any(self, field: str, terms: Sequence[str]) -> Numbers:
        """The rows with one of the whole terms, in any order; a row may be there several times."""
        found = [self.find(field, term)[0] for term in terms]
        return np.concatenate(found) if found else _NOTHING[0]

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

    def expand(self, prefix: str, most: int) -> list[str]:
        """The most frequent words of titles and names that begin so."""
        counted: dict[str, int] = {}
        for table in self._tables:
            for word, count in table.beginning(prefix):
                counted[word] = counted.get(word, 0) + count
        return sorted(counted, key=lambda word: (-counted[word], word))[:most]

    def vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        """The words of titles and names, how many rows hold each, and each one's letters."""
        return self._vocabulary

    @cached_property
    def _vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        counted: dict[str, int] = {}
        for table in self._tables:
            for word, count in zip(table.words, table.word_counts.tolist(), strict=True):
                if len(word) >= _SHORTEST_WORD and word.isalpha():
                    counted[word] = counted.get(word, 0) + count
        return list(counted.items()), signatures_of(list(counted))

    def keys(self, rows: Sequence[int]) -> list[str]:
        """The rows' keys."""
        return [str(self._reader.stored_fields(row)["id"]) for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self._closing()


def _joined(parts: Sequence[NDArray[Any]], kind: Any) -> NDArray[Any]:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)


def _join_labels(parts: Sequence[Labels]) -> Labels:
    """The segments' values as one: each of them numbers its own."""
    places = {"": 0}
    codes = []
    for part in parts:
        known = [places.setdefault(value, len(places)) for value in part.values]
        codes.append(np.array(known, dtype=np.int16)[part.codes])
    return Labels(_joined(codes, np.int16), tuple(places))
