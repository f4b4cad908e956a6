"""This process's way to the Whoosh index: one snapshot per thread, opened anew when the index has
changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from intranet.search.entry import SearchEntry
from intranet.search.errors import IndexUnavailable
from intranet.search.index.snapshot import Snapshot, Tables
from intranet.search.index.store import (
    DAMAGE,
    UNREADABLE,
    SearchIndex,
    close_files,
)
from intranet.search.term_cache import TermCache

Answer = TypeVar("Answer")


class WhooshEngine:
    """The index with a reader for each thread and one memory of what words bring."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self._mine = threading.local()
        self._known: Tables = {}
        # Of the same generation every thread numbers the rows alike.
        self._cache = TermCache()

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        return "whoosh"

    def is_usable(self) -> bool:
        """Whether there is a whole index of ours to answer from."""
        return self.index.is_usable()

    def writing(self, *, wait: bool) -> AbstractContextManager[None]:
        """Hold the one writer's lock. Raises `IndexBusy`."""
        return self.index.writing(wait=wait)

    def rebuild(
        self, entries: Iterable[SearchEntry], progress: Callable[[], object] = lambda: None
    ) -> int:
        """Build a new index in the old one's place; the lock must be held."""
        return self.index.rebuild(entries, progress)

    def update(self, doc_keys: Sequence[str], entries: Iterable[SearchEntry]) -> None:
        """Replace these documents' rows by the entries; the lock must be held."""
        self.index.update(doc_keys, entries)

    def ask(self, question: Callable[[Snapshot, TermCache], Answer]) -> Answer:
        """Answer from the index as it is now. Raises `IndexUnavailable`; damage is reported."""
        snapshot = self._snapshot()
        try:
            return question(snapshot, self._cache)
        except DAMAGE as error:
            self._forget()
            if not self._is_still(snapshot.generation):
                raise IndexUnavailable("the index was replaced") from error
            if isinstance(error, UNREADABLE):
                self.index.report_damage()
            elif self.index.is_usable():
                raise  # The files are as they were written: the fault is ours.
            raise IndexUnavailable("the index cannot be read") from error

    def _snapshot(self) -> Snapshot:
        try:
            state = self.index.state()
        except IndexUnavailable:
            self._forget()
            raise
        held: Snapshot | None = getattr(self._mine, "snapshot", None)
        if held is not None and held.generation == state:
            return held
        self._forget()
        opened, reader, files = self.index.open()
        try:
            fresh = Snapshot(opened, reader, files, self._known)
        except DAMAGE as error:
            close_files(files)
            if self._is_still(opened):
                self.index.report_damage()
            raise IndexUnavailable("the index cannot be read") from error
        self._mine.snapshot = fresh
        return fresh

    def _is_still(self, state: str) -> bool:
        """Whether the index has not been replaced under our hands, which also looks like damage."""
        try:
            return self.index.state() == state
        except IndexUnavailable:
            return False

    def _forget(self) -> None:
        held: Snapshot | None = getattr(self._mine, "snapshot", None)
        self._mine.snapshot = None
        if held is not None:
            held.close()
