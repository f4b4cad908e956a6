"""What makes a row stand higher or lower beside its words: whom it is made for, its age, its title;
pure arithmetic, knows no engine.
"""

from __future__ import annotations

import numpy as np

from intranet.search.entry import Kind
from intranet.search.naming import name_key
from intranet.search.postings import Numbers, Postings, Scores
from intranet.search.term_cache import TermCache

# A procedure that is valid for one's own unit, beside one that is valid elsewhere.
NEAR = 1.3
# News lose half of what they can lose in so many days, and never more than half of their weight.
HALF_LIFE_DAYS = 120
LEAST_NEWS = 0.5
# What is called exactly as was asked for, beside the best of the others.
TITLE_LIFT = 1.2
_NEWS = list(Kind).index(Kind.NEWS)
_UNIT = "unit:"
RULES = [place for place, kind in enumerate(Kind) if kind in (Kind.LAW, Kind.REGULATION)]


def weigh(
    postings: Postings,
    rows: Numbers,
    scores: Scores,
    audience: frozenset[str],
    today: int,
    cache: TermCache,
) -> Scores:
    """The scores with what is made for the asker's units raised, and old news lowered.

    `today` is a day as `date.toordinal()`; 0 lets news keep their weight.
    """
    if not len(rows):
        return scores
    scores = scores.copy()
    scores[_places(rows, near_rows(postings, audience, cache))] *= NEAR
    if today:
        news = np.flatnonzero(postings.kinds[rows] == _NEWS)
        scores[news] *= freshness(today - postings.days[rows[news]].astype(np.float32))
    return scores


def freshness(age: Scores) -> Scores:
    """What news of so many days weigh: all on the first day, `LEAST_NEWS` in the end."""
    fading = np.exp2(-np.maximum(age, 0) / HALF_LIFE_DAYS)
    return (LEAST_NEWS + (1 - LEAST_NEWS) * fading).astype(np.float32)


def lift_titles(
    postings: Postings, rows: Numbers, scores: Scores, text: str, cache: TermCache
) -> Scores:
    """The scores with what is called exactly as was asked for before all others."""
    places = _places(rows, titled_rows(postings, text, cache))
    if len(places):
        scores = scores.copy()
        scores[places] = TITLE_LIFT * float(scores.max()) + 0.001 * scores[places]
    return scores


def near_rows(postings: Postings, audience: frozenset[str], cache: TermCache) -> Numbers:
    """The rows that are made for one of the units."""
    units = sorted(token for token in audience if token.startswith(_UNIT))
    found = [cache.rows(postings, "near", token) for token in units]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def titled_rows(postings: Postings, text: str, cache: TermCache) -> Numbers:
    """The rows whose whole title is the text.

    Rules are left out: «Formål» or «Rett til innsyn» is the heading of many paragraphs, and an act
    that is asked for by its name is a reference.
    """
    key = name_key(text)
    if not key:
        return np.zeros(0, dtype=np.int64)
    rows = cache.rows(postings, "whole", key)
    return rows[~np.isin(postings.kinds[rows], RULES)]


def _places(rows: Numbers, wanted: Numbers) -> Numbers:
    """Where those of the wanted rows stand that are among the rows; both are in order."""
    places = np.searchsorted(rows, wanted)
    there = places < len(rows)
    places, wanted = places[there], wanted[there]
    found: Numbers = places[rows[places] == wanted]
    return found
