"""This process's way to the index in PostgreSQL: one snapshot, brought up to date when asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from intranet.core.reads import stop_reading
from intranet.search.entry import SearchEntry
from intranet.search.errors import IndexUnavailable
from intranet.search.postgres import reading, writing
from intranet.search.postgres.reading import State
from intranet.search.postgres.snapshot import Facts, Snapshot, read_facts
from intranet.search.term_cache import TermCache

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# The index was swapped away between two questions; the next attempt finds the new one.
_ATTEMPTS = 3
# Tables or columns that are missing, and pages that cannot be read.
_DAMAGE = {"42P01", "42703", "3F000", "XX001", "XX002"}


class PostgresEngine:
    """The index of the running application's database."""

    def __init__(self) -> None:
        self._refreshing = threading.Lock()
        self._held: Snapshot | None = None
        self._cache = TermCache()

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        return "postgres"

    def ask(self, question: Callable[[Snapshot, TermCache], Answer]) -> Answer:
        """Answer from the index as it is now. Raises `IndexUnavailable`; damage is reported."""
        for _attempt in range(_ATTEMPTS):
            state: State | None = None
            try:
                state = reading.read_state()
                return question(self._snapshot(state), self._cache)
            except DBAPIError as error:
                stop_reading()
                if not _is_damage(error):
                    raise
                self._held = None
                if self._is_still(state):
                    writing.report_damage(state)
                    raise IndexUnavailable("the index cannot be read") from error
        raise IndexUnavailable("the index is being replaced")

    def _snapshot(self, state: State) -> Snapshot:
        held = self._held
        if held is not None and held.state == state:
            return held
        with self._refreshing:
            held = self._held
            if held is not None and held.state == state:
                return held
            before: tuple[State, Facts] | None = None
            if held is not None and held.state.generation < state.generation:
                before = held.state, held.facts
            self._held = Snapshot(state, read_facts(state, before))
            return self._held

    def _is_still(self, state: State | None) -> bool:
        """Whether the index has not been replaced under our hands, which also looks like damage."""
        try:
            return state is None or reading.read_state().name == state.name
        except (IndexUnavailable, DBAPIError):
            stop_reading()
            return state is None

    def is_usable(self) -> bool:
        """Whether there is a whole index of today's making that is not worn out by changes."""
        try:
            return writing.is_whole(reading.read_state())
        except (IndexUnavailable, DBAPIError) as error:
            stop_reading()
            if isinstance(error, DBAPIError) and not _is_damage(error):
                raise
            log.info("search index: %s", error.__class__.__name__)
            return False

    def writing(self, *, wait: bool) -> AbstractContextManager[None]:
        """Hold the one writer's lock. Raises `IndexBusy`."""
        return writing.writing(wait=wait)

    def rebuild(
        self, entries: Iterable[SearchEntry], progress: Callable[[], object] = lambda: None
    ) -> int:
        """Build a new index in the old one's place; the lock must be held."""
        return writing.rebuild(entries, progress)

    def update(self, doc_keys: Sequence[str], entries: Iterable[SearchEntry]) -> None:
        """Replace these documents' rows by the entries; the lock must be held."""
        writing.update(doc_keys, entries)


def _is_damage(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _DAMAGE
