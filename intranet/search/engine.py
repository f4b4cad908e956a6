"""This process's way to the index: one snapshot per thread, opened anew when the index has
changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from intranet.core.settings import get_settings
from intranet.search.index.snapshot import Snapshot, Tables
from intranet.search.index.store import (
    DAMAGE,
    UNREADABLE,
    IndexUnavailable,
    SearchIndex,
    close_files,
)
from intranet.search.ranking import TermCache

Answer = TypeVar("Answer")


class Engine:
    """The index with a reader and a cache for each thread."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self._mine = threading.local()
        self._known: Tables = {}

    def ask(self, question: Callable[[Snapshot, TermCache], Answer]) -> Answer:
        """Answer from the index as it is now. Raises `IndexUnavailable`; damage is reported."""
        snapshot = self._snapshot()
        try:
            return question(snapshot, self._mine.cache)
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
        self._mine.snapshot, self._mine.cache = fresh, TermCache()
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


def get_engine() -> Engine:
    """The running application's engine."""
    settings = get_settings()
    return _engine(settings.index_dir, settings.secret_key)


@lru_cache(maxsize=8)
def _engine(folder: Path, secret: str) -> Engine:
    return Engine(SearchIndex(folder, secret.encode()))
