"""Mends misspelt words from the words of what this person may find; pure, knows no engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from intranet.search import norwegian
from intranet.search.postings import Postings
from intranet.search.query import Question, Slot
from intranet.search.term_cache import TermCache

_SHORTEST = 5
_LONGEST = 40
_MOST_LOOKED_AT = 60
_MOST_MENDED = 3
_RARE = 5
_FAR_MORE = 10
_WORD = re.compile(r"[^\W_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"


def mend(question: Question, postings: Postings, audience: frozenset[str], cache: TermCache) -> str:
    """What was typed with words that stand nowhere replaced by the nearest that do; empty if none
    is.

    Only words that stand in something this person may find are offered.
    """
    replaced: dict[str, str] = {}
    cache.gather(postings, question)
    for slot in question.slots[:8]:
        holding = _count_rows(slot, postings, cache)
        if len(replaced) >= _MOST_MENDED or holding > _RARE:
            continue
        # The nearest known word that this person may find something by. A word that others have
        # misspelt before stands somewhere too: it is mended when the right one is far more common.
        better = next(_nearest(slot.text, postings, audience, cache, rarer=holding), "")
        if better:
            replaced[slot.text] = better
    if not replaced:
        return ""
    return _WORD.sub(
        lambda found: replaced.get(found.group().lower(), found.group()), question.text
    )


def _count_rows(slot: Slot, postings: Postings, cache: TermCache) -> int:
    """How many rows hold the typed word or what else it is searched as; many for what no spelling
    can mend.
    """
    if not slot.text.isalpha() or not _SHORTEST <= len(slot.text) <= _LONGEST:
        return _RARE + 1
    return max(
        min(len(cache.get(postings, term)[0]) for term in alternative.terms)
        for alternative in slot.alternatives
    )


def _nearest(
    word: str, postings: Postings, audience: frozenset[str], cache: TermCache, *, rarer: int
) -> Iterator[str]:
    """Known words within reach of the typed one, nearest and most common first.

    `rarer`: how many rows hold the typed one; others must hold very many more.
    """
    allowed = postings.allowed(audience)
    reach = 1 if len(word) < 6 or rarer else 2
    signature = _signature(word)
    words, signatures = postings.vocabulary()
    distance = np.abs(signatures - signature).sum(axis=1)
    near = np.flatnonzero(distance <= 2 * reach)
    candidates = []
    for at in near[np.argsort(distance[near], kind="stable")][:_MOST_LOOKED_AT].tolist():
        known, holding = words[at]
        steps = edit_distance(word, known, reach)
        if 0 < steps <= reach and holding > rarer * _FAR_MORE:
            candidates.append((steps, known[0] != word[0], -holding, known))
    for _steps, _first, _holding, known in sorted(candidates):
        if allowed[cache.get(postings, norwegian.stem(known))[0]].any():
            yield known


def _signature(word: str) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    counts = [min(word.count(letter), _LONGEST) for letter in _LETTERS]
    return np.array(counts, dtype=np.int8)


def signatures_of(words: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """How often each letter stands in each word: two changes make a difference of four."""
    table = np.zeros((len(words), len(_LETTERS)), dtype=np.int8)
    places = {letter: place for place, letter in enumerate(_LETTERS)}
    for row, word in enumerate(words):
        for letter in word:
            place = places.get(letter)
            if place is not None and table[row, place] < _LONGEST:
                table[row, place] += 1
    return table


def edit_distance(first: str, second: str, most: int) -> int:
    """Letters to add, drop, change or swap with the neighbour; `most` + 1 when it is further."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != other))
            if earlier and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
