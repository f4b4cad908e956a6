"""The end of the jobs process, asked for from outside while a job is in the middle of anything."""

from __future__ import annotations

import signal
from typing import Any


class Ended(BaseException):
    """The process was asked to end. No job may take it for a failure of its own and go on."""


class Ending:
    """Whether this process was asked to end. Asked by a signal, it raises where the program is.

    Raised in the middle of a commit or a finaliser, it comes out as another error or as none. So
    whoever catches an error in a job's name asks here whether the error is only the end.
    """

    def __init__(self) -> None:
        self.is_asked = False

    def listen(self) -> None:
        """Take SIGTERM and Ctrl+C from now on."""
        signal.signal(signal.SIGTERM, self.ask)
        signal.signal(signal.SIGINT, self.ask)

    def ask(self, _signal: int = 0, _frame: Any = None) -> None:
        """End what runs now. Asked once more, while it ends, changes nothing."""
        if not self.is_asked:
            self.is_asked = True
            raise Ended
