"""The registered sources of what can be found; `wiring` lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import cast

from flask import current_app

from intranet.search.entry import SearchEntry, SearchSource


def get_sources() -> tuple[SearchSource, ...]:
    """The sources of the running application."""
    return cast("tuple[SearchSource, ...]", current_app.extensions["search_sources"])


def count_entries() -> int:
    """About how many entries there are, for a progress bar."""
    return sum(source.count() for source in get_sources())


def all_entries() -> Iterator[SearchEntry]:
    """Everything that can be found, one source after the other, streamed."""
    return chain.from_iterable(source.entries() for source in get_sources())


def entries_for(doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
    """The entries of these documents as they are now."""
    for source in get_sources():
        owned = [key for key in doc_keys if source.owns(key)]
        if owned:
            yield from source.entries_for(owned)


def load(keys: Sequence[str]) -> dict[str, SearchEntry]:
    """The entries with these keys as they are now; those that are gone are left out."""
    found: dict[str, SearchEntry] = {}
    for source in get_sources():
        owned = [key for key in keys if source.owns(key)]
        if owned:
            found.update(source.load(owned))
    return found
