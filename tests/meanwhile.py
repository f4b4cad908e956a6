"""Lets something happen in the middle of a request, as when two people are at it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event

from intranet.core.clock import now, stopped_at


class meanwhile:  # noqa: N801 - reads as a sentence where it is used.
    """Within the block: do something, once, right after this thread has read what is named."""

    def __init__(self, named: str, act: Callable[[], None]) -> None:
        self.named, self.act = named, act
        self.thread = threading.get_ident()
        self.is_done = False

    def __enter__(self) -> None:
        event.listen(Engine, "after_cursor_execute", self._note)

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "after_cursor_execute", self._note)
        assert self.is_done

    def _note(self, _c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        is_it = statement.startswith("SELECT") and self.named in statement
        if self.is_done or not is_it or threading.get_ident() != self.thread:
            return
        self.is_done = True
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self._act_at, now()).result(timeout=30)

    def _act_at(self, moment: datetime) -> None:
        # A thread has a clock of its own.
        with stopped_at(moment):
            self.act()
