"""gunicorn's own log, written as ours is: never waited for."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from intranet.core.log_stream import UnwaitingHandler


class UnwaitingLog(Logger):  # type: ignore[misc]
    """What gunicorn says of its processes."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's settings, and another way out."""
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            unwaiting = UnwaitingHandler()
            unwaiting.setFormatter(handler.formatter)
            self.error_log.removeHandler(handler)
            self.error_log.addHandler(unwaiting)
