"""Writes the log without ever waiting for it: whoever reads it may be full, slow or gone."""

from __future__ import annotations

import logging
import os
import select
import sys

# As much as a pipe takes at once when it says that it is ready (PIPE_BUF).
_PIECE = 4096


class UnwaitingHandler(logging.Handler):
    """Writes to standard error; what finds no room there is dropped. A request never waits."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or as much of it as there is room for."""
        try:
            text = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
            place = sys.stderr.fileno()
            for start in range(0, len(text), _PIECE):
                _readable, ready, _faulty = select.select([], [place], [], 0)
                if not ready:
                    return
                os.write(place, text[start : start + _PIECE])
        except (OSError, ValueError):
            return
