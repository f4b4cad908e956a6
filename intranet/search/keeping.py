"""Which questions may be kept, and in which form; pure.

What somebody looked for is kept without the one who looked, and only when it tells of nobody else
either: no number that could be a person's, no address, no name.
"""

from __future__ import annotations

import re
from functools import cache

from intranet.search import norwegian

LONGEST_KEPT = 100
_MOST_WORDS = 12
# Identity and telephone numbers, also with blanks, dots or hyphens between the digits.
_LONG_NUMBER = re.compile(r"\d(?:[ .\-/]{0,2}\d){5,}")
# Two words with a capital letter side by side are taken for a name, whoever's it is.
_TWO_CAPITALS = re.compile(r"\b[A-ZÆØÅ][^\W\d_A-ZÆØÅ]+[ \-]+[A-ZÆØÅ][^\W\d_]+")


def kept_form(text: str) -> str:
    """The question in small letters with single blanks, or nothing when it must not be kept."""
    clean = norwegian.normalise(text).strip()
    if len(clean) > LONGEST_KEPT or "@" in clean:
        return ""
    if _LONG_NUMBER.search(clean) or _TWO_CAPITALS.search(clean):
        return ""
    words = list(norwegian.bare_words([clean]))
    if not words or len(words) > _MOST_WORDS or any(word in given_names() for word in words):
        return ""
    return " ".join(words)


def words_of(kept: str) -> list[str]:
    """The words that may be a name: those of letters alone."""
    return [word for word in kept.split() if word.isalpha()]


@cache
def given_names() -> frozenset[str]:
    """Common first names; those that are words too ("dag", "liv", "stein") are left out."""
    return frozenset(
        name for line in norwegian.read_lines("given_names.txt") for name in line.split()
    )
