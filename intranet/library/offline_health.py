"""Tells how old the copy of the library is: for `/helse` and the administrator's page."""

from __future__ import annotations

from datetime import timedelta

from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.jobs.registry import ProbeResult
from intranet.library.offline_copy import OfflineCopy, find_copy

# It is written each night: one that failed is told of before the second.
OLDEST = timedelta(hours=36)


def last_copy() -> OfflineCopy | None:
    """Return the copy in the folder that is set, or None."""
    folder = get_settings().offline_copy_dir
    return find_copy(folder) if folder else None


def probe_offline_copy() -> ProbeResult:
    """Bad when a copy is to be written each night and the last one is older than that."""
    is_on, copy = get_settings().offline_copy_dir is not None, last_copy()
    is_fresh = copy is not None and now() - copy.written_at < OLDEST
    return ProbeResult(
        "offline_copy",
        is_fresh or not is_on,
        {"is_on": is_on, "written_at": copy.written_at.isoformat() if copy else None},
    )
