"""The names that documents go by, and the numbers of their paragraphs; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from intranet.search import norwegian


def name_key(text: str) -> str:
    """The form under which a name is kept: "Vass- og avløpsanleggslova" and -loven are one."""
    return " ".join(
        norwegian.stem(word) for word in norwegian.bare_words([norwegian.normalise(text)])
    )


def names_in(alias: str) -> Iterator[str]:
    """The names in what a source gives as one: "Byggteknisk forskrift (TEK17)" is two."""
    for name in re.split(r"[()\[\]]|\s[–-]\s", alias):
        key = name_key(name)
        if key:
            yield key


def paragraph_key(paragraph: str) -> str:
    """A paragraph's number as it is kept in the index ("2a-1", "artikkel33")."""
    return norwegian.section_number(norwegian.normalise(paragraph))


@cache
def law_names() -> dict[str, tuple[str, ...]]:
    """Abbreviations and nicknames to the names that the sources give, all as `name_key`."""
    table: dict[str, tuple[str, ...]] = {}
    for line in norwegian.read_lines("law_names.txt"):
        nicknames, _, proper = line.partition("=")
        for nickname in nicknames.split(","):
            key = name_key(nickname)
            table[key] = (*table.get(key, ()), name_key(proper))
    return table
