"""Narrows what was found and counts it by kind, unit, type and year; pure, knows no engine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from intranet.search.entry import FACETS, Kind
from intranet.search.postings import Labels, Mask, Numbers, Postings

KIND = "kind"
# One document by its key: a law whose paragraphs are shown one by one. It is not counted by.
DOC = "doc"
COUNTED = (KIND, *FACETS)
_KINDS = tuple(str(kind) for kind in Kind)

# The wanted values by facet; a row must have one of them in each.
Filters = Mapping[str, frozenset[str]]
Counts = dict[str, dict[str, int]]


def narrow(postings: Postings, rows: Numbers, filters: Filters) -> tuple[Mask, Counts]:
    """Which of the rows have the wanted values, and how many have which value.

    Each facet counts what the filters of the others leave, so that its other values can be chosen.
    """
    within = {
        name: _having(postings, rows, name, wanted) for name, wanted in filters.items() if wanted
    }
    counts = {
        name: _counted(
            labels_of(postings, name),
            rows,
            _all_of([mask for other, mask in within.items() if other != name], len(rows)),
        )
        for name in COUNTED
    }
    return _all_of(list(within.values()), len(rows)), counts


def labels_of(postings: Postings, name: str) -> Labels:
    """Each row's value in one of `COUNTED`."""
    if name == KIND:
        return Labels(postings.kinds.astype(np.int16, copy=False), _KINDS)
    return postings.labels(name)


def _having(postings: Postings, rows: Numbers, name: str, wanted: frozenset[str]) -> Mask:
    mask: Mask
    if name == DOC:
        of_doc = np.zeros(postings.size, dtype=np.bool_)
        for value in wanted:
            of_doc[postings.find(DOC, value)[0]] = True
        mask = of_doc[rows]
        return mask
    labels = labels_of(postings, name)
    has_it = np.array([value != "" and value in wanted for value in labels.values], dtype=np.bool_)
    mask = has_it[labels.codes[rows]]
    return mask


def _all_of(masks: list[Mask], size: int) -> Mask:
    mask: Mask = np.ones(size, dtype=np.bool_)
    for one in masks:
        mask = mask & one
    return mask


def _counted(labels: Labels, rows: Numbers, mask: Mask) -> dict[str, int]:
    counts = np.bincount(labels.codes[rows[mask]], minlength=1)
    held = np.flatnonzero(counts).tolist()
    return {labels.values[code]: int(counts[code]) for code in held if labels.values[code]}
