"""One state of the index, as all threads of a process share it; knows no rule of ranking."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intranet.search.postgres import reading
from intranet.search.postgres.reading import State
from intranet.search.postgres.vectors import (
    AUDIENCE,
    LABELS,
    SIGNS,
    is_possible,
    lexemes_of,
    phrase_of,
    quoted,
)
from intranet.search.postgres.vocabulary import Vocabulary
from intranet.search.postings import Labels, Mask, Numbers, Scores
from intranet.search.term_cache import FIELDS

_MOST_AUDIENCES = 32
_MOST_GATHERED = 200
_MOST_EXACT = 1_000_000  # rows together, of eight bytes
_LAST_FIELD = list(FIELDS)[-1]
_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
_Found = tuple[Numbers, Scores]


@dataclass(frozen=True)
class Facts:
    """What is known of each row, by its number; a row that is gone or never was is not alive."""

    alive: Mask
    kinds: NDArray[np.int8]
    docs: NDArray[np.int32]
    priors: Scores
    days: NDArray[np.int32]
    lengths: dict[str, NDArray[np.float32]]
    labels: dict[str, NDArray[Any]]
    values: dict[str, tuple[str, ...]]
    words: Vocabulary
    names: Vocabulary


_NO_FACTS = Facts(
    alive=np.zeros(0, dtype=np.bool_),
    kinds=np.zeros(0, dtype=np.int8),
    docs=np.zeros(0, dtype=np.int32),
    priors=np.zeros(0, dtype=np.float32),
    days=np.zeros(0, dtype=np.int32),
    lengths={name: np.zeros(0, dtype=np.float32) for name in FIELDS},
    labels={
        label: np.zeros(0, dtype=np.int32 if label == AUDIENCE else np.int16) for label in LABELS
    },
    values={},
    words=Vocabulary({}),
    names=Vocabulary({}),
)


def read_facts(state: State, before: tuple[State, Facts] | None) -> Facts:
    """The facts of that state: what is new since those before, when they are of the same index."""
    if before is not None and before[0].name == state.name:
        known, (first, after) = before[1], (before[0].next_row, before[0].generation)
    else:
        known, first, after = _NO_FACTS, 0, -1
    new = reading.read_facts(state.name, first, state.next_row)
    # A row may be gone before it was ever read: its number stays empty.
    at = new["row"] - first
    size = state.next_row - first

    def longer(old: NDArray[Any], column: str) -> NDArray[Any]:
        added = np.zeros(size, dtype=old.dtype)
        added[at] = new[column]
        return np.concatenate([old, added])

    living = np.zeros(size, dtype=np.bool_)
    living[at] = True
    alive = np.concatenate([known.alive, living])
    gone = reading.read_gone(state.name, after)
    alive[gone[gone < len(alive)]] = False
    terms = reading.read_terms(state.name, after)
    counted = {
        sign: [(row.term, row.holding) for row in terms if row.sign == sign]
        for sign in (SIGNS["start"], SIGNS["alias"])
    }
    return Facts(
        alive=alive,
        kinds=longer(known.kinds, "kind"),
        docs=longer(known.docs, "doc"),
        priors=longer(known.priors, "prior"),
        days=longer(known.days, "day"),
        lengths={name: longer(known.lengths[name], f"{name}_length") for name in FIELDS},
        labels={label: longer(known.labels[label], label) for label in LABELS},
        values=reading.read_values(state.name),
        words=known.words.with_counts(counted[SIGNS["start"]]),
        names=known.names.with_counts(counted[SIGNS["alias"]]),
    )


class Snapshot:
    """A state of the index; may be shared between threads."""

    def __init__(self, state: State, facts: Facts) -> None:
        self.state = state
        self.facts = facts
        self._audiences: OrderedDict[frozenset[str], Mask] = OrderedDict()
        self._exact: dict[str, Numbers] = {}
        self._gathered: OrderedDict[str, dict[str, _Found]] = OrderedDict()
        self._lengths = {}
        for name, lengths in facts.lengths.items():
            mean = max(float(lengths[facts.alive].mean()), 0.01) if facts.alive.any() else 1.0
            self._lengths[name] = (lengths / mean).astype(np.float32)

    @property
    def size(self) -> int:
        """How many rows there are, deleted ones included."""
        return len(self.facts.alive)

    @property
    def generation(self) -> str:
        """Differs whenever an answer may differ."""
        return f"{self.state.name}.{self.state.generation}"

    @property
    def kinds(self) -> NDArray[np.int8]:
        """Each row's kind as its place in `Kind`."""
        return self.facts.kinds

    @property
    def docs(self) -> NDArray[np.int32]:
        """Each row's document as a number."""
        return self.facts.docs

    @property
    def priors(self) -> Scores:
        """What each row's relevance is multiplied by."""
        return self.facts.priors

    @property
    def days(self) -> NDArray[np.int32]:
        """The day on which each row was published, 0 where none is known."""
        return self.facts.days

    def labels(self, facet: str) -> Labels:
        """Each row's value in the facet."""
        return Labels(self.facts.labels[facet], self.facts.values[facet])

    def lengths(self, field: str) -> Scores:
        """Each row's number of terms in the field divided by the mean."""
        return self._lengths[field]

    def is_name(self, key: str) -> bool:
        """Whether a document goes by this name."""
        return self.facts.names.is_held(key)

    def allowed(self, audience: frozenset[str]) -> Mask:
        """The living rows that somebody with these tokens may find."""
        known = self._audiences.get(audience)
        if known is None:
            facts = self.facts
            meets = [not audience.isdisjoint(one.split()) for one in facts.values[AUDIENCE]]
            known = np.array(meets, dtype=np.bool_)[facts.labels[AUDIENCE]] & facts.alive
            self._audiences[audience] = known
            if len(self._audiences) > _MOST_AUDIENCES:
                self._audiences.popitem(last=False)
        return known

    def gather(self, terms: Sequence[str]) -> None:
        """Read these terms' rows together, to be found one by one afterwards."""
        asked = [
            (term, field, times, query)
            for term in terms
            if is_possible(term)
            for field, times, query in lexemes_of(term)
        ]
        found = self._read([query for *_rest, query in asked])
        gathered: dict[str, dict[str, _Found]] = {term: {} for term in terms}
        for place, (term, field, times, _query) in enumerate(asked):
            rows = found.get(place)
            if rows is None:
                continue
            if times == 1:
                gathered[term][field] = rows, np.ones(len(rows), dtype=np.float32)
            else:
                all_rows, counts = gathered[term].get(field, _NOTHING)
                at = np.searchsorted(all_rows, rows)
                inside = at < len(all_rows)  # A commit in between may have added some.
                counts[at[inside]] = times
        self._gathered.update(gathered)
        while len(self._gathered) > _MOST_GATHERED:
            self._gathered.popitem(last=False)

    def find(self, field: str, term: str) -> tuple[Numbers, Scores]:
        """The rows with the term in the field, ascending, and how often it stands there."""
        if field in FIELDS:
            return self._take(field, term)
        rows = self.find_any(field, [term])
        return rows, np.ones(len(rows), dtype=np.float32)

    def _take(self, field: str, term: str) -> _Found:
        """What was gathered; once the last field is taken it is remembered no longer."""
        if term not in self._gathered:
            self.gather([term])
        found = self._gathered.get(term, {}).get(field, _NOTHING)
        if field == _LAST_FIELD:
            self._gathered.pop(term, None)
        return found

    def find_any(self, field: str, terms: Sequence[str]) -> Numbers:
        """The rows with one of the whole terms, each once, ascending; remembered."""
        query = " | ".join(quoted(SIGNS[field] + term) for term in terms if is_possible(term))
        if not query:
            return _NOTHING[0]
        known = self._exact.get(query)
        if known is None:
            known = self._read([query]).get(0, _NOTHING[0])
            if sum(map(len, list(self._exact.values()))) > _MOST_EXACT:
                self._exact = {}
            self._exact[query] = known
        return known

    def find_phrase(self, terms: Sequence[str]) -> Numbers:
        """The rows where the terms stand side by side."""
        if not all(map(is_possible, terms)):
            return _NOTHING[0]
        return self._read([phrase_of(terms)]).get(0, _NOTHING[0])

    def _read(self, queries: Sequence[str]) -> dict[int, Numbers]:
        found = reading.find_rows(self.state.name, queries) if queries else {}
        # What was committed since is no part of this state.
        return {place: rows[: np.searchsorted(rows, self.size)] for place, rows in found.items()}

    def expand(self, prefix: str, most: int) -> list[str]:
        """The most frequent words of titles and names that begin so."""
        return self.facts.words.beginning(prefix, most)

    def vocabulary(self) -> tuple[list[tuple[str, int]], NDArray[np.int8]]:
        """The words of titles and names, how many rows hold each, and each one's letters."""
        return self.facts.words.measured

    def keys(self, rows: Sequence[int]) -> list[str]:
        """The rows' keys; empty for one that was taken out just now."""
        if not rows:
            return []
        known = reading.read_keys(self.state.name, rows)
        return [known.get(row, "") for row in rows]
