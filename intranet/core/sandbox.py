"""Opens untrusted files in a child process with little memory and time; parses none itself."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

WORKER = Path(__file__).with_name("sandbox_worker.py")
REFUSED = 10
WALL_SECONDS = 30

log = logging.getLogger(__name__)


class FileRefused(Exception):
    """The child says no; `reason` is one of its words, "unreadable" when it died or hung."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def run_task(
    task: str,
    source: BinaryIO,
    target: BinaryIO | int,
    *,
    seconds: float = WALL_SECONDS,
    worker: Path | None = None,
) -> None:
    """Run the worker's task on the open file `source`, its result going straight into `target`.

    Raises `FileRefused`. Neither environment nor open files of the portal reach the child, and
    after its limits are set it can open none: no network, no disk (security.md D12).
    """
    source.seek(0)
    # A reader that was read from seeks in its buffer only; the child has the file itself.
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    child = subprocess.Popen(  # noqa: S603 - our own file; `task` is a word of ours.
        [sys.executable, "-I", str(worker or WORKER), task],
        stdin=source,
        stdout=target,
        stderr=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        _none, said = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        log.warning("file check timed out", extra={"task": task})
        raise FileRefused("unreadable") from None
    if child.returncode == 0:
        return
    reason = said.decode("ascii", "replace").strip()[-80:]
    if child.returncode == REFUSED:
        raise FileRefused(reason)
    log.info("file check failed", extra={"task": task, "status": child.returncode, "why": reason})
    raise FileRefused("unreadable")
