"""What every engine can do, and which one the running application has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

from intranet.core.settings import get_settings
from intranet.search.entry import SearchEntry
from intranet.search.index.engine import WhooshEngine
from intranet.search.index.store import SearchIndex
from intranet.search.postgres.engine import PostgresEngine
from intranet.search.postings import Postings
from intranet.search.term_cache import TermCache

Answer = TypeVar("Answer")


class Engine(Protocol):
    """An index that is asked by every process and written by one."""

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        ...

    def ask(self, question: Callable[[Postings, TermCache], Answer]) -> Answer:
        """Answer from the index as it is now. Raises `IndexUnavailable`; damage is reported."""
        ...

    def is_usable(self) -> bool:
        """Whether there is a whole index of ours, made by the analysis of today."""
        ...

    def writing(self, *, wait: bool) -> AbstractContextManager[None]:
        """Hold the one writer's lock, which dies with the process. Raises `IndexBusy`."""
        ...

    def rebuild(
        self, entries: Iterable[SearchEntry], progress: Callable[[], object] = lambda: None
    ) -> int:
        """Build a new index, put it in the old one's place and return how many entries it has.

        The lock must be held. The old one answers until then.
        """
        ...

    def update(self, doc_keys: Sequence[str], entries: Iterable[SearchEntry]) -> None:
        """Replace these documents' rows by the entries; the lock must be held."""
        ...


def get_engine() -> Engine:
    """The running application's engine."""
    settings = get_settings()
    if settings.search_engine == "postgres":
        return _postgres(settings.database_url)
    return _whoosh(settings.index_dir, settings.secret_key)


@lru_cache(maxsize=8)
def _whoosh(folder: Path, secret: str) -> WhooshEngine:
    return WhooshEngine(SearchIndex(folder, secret.encode()))


@lru_cache(maxsize=8)
def _postgres(_url: str) -> PostgresEngine:
    return PostgresEngine()
