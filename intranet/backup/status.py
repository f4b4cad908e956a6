"""When the last backup was taken and how it went: for `/helse` and the administrator's page.

It lies with the instance: a database that was put back must not say that it has just been saved.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.jobs.registry import ProbeResult

# It is taken each night: one that failed is told of before the second.
OLDEST = timedelta(hours=36)
_NAME = "backup-status.json"


@dataclass(frozen=True)
class Status:
    """The last backup that became whole, and the last that did not."""

    taken_at: datetime | None = None
    size: int = 0
    files: int = 0
    missing: int = 0
    failed_at: datetime | None = None
    reason: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether the newest attempt became nothing."""
        return self.failed_at is not None and (
            self.taken_at is None or self.failed_at > self.taken_at
        )

    @property
    def is_fresh(self) -> bool:
        """Whether the newest whole one is from last night."""
        return self.taken_at is not None and now() - self.taken_at < OLDEST


def read_status() -> Status:
    """Return what is known; a file that cannot be read says nothing."""
    try:
        said = json.loads(_path().read_text(encoding="utf-8"))
        for name in ("taken_at", "failed_at"):
            said[name] = datetime.fromisoformat(said[name]) if said[name] else None
        return Status(**said)
    except (OSError, ValueError, KeyError, TypeError):
        return Status()


def note_taken(*, size: int, files: int, missing: int) -> None:
    """Keep that a backup became whole."""
    fresh = replace(read_status(), taken_at=now(), size=size, files=files, missing=missing)
    _write(fresh)


def note_failed(reason: str) -> None:
    """Keep that one did not; `reason` is one of the words of `FailedBackup`."""
    _write(replace(read_status(), failed_at=now(), reason=reason))


def probe_backup() -> ProbeResult:
    """Bad when backups are in use and the newest failed, lacks files or is older than 36 hours."""
    is_on, status = get_settings().backup_dir is not None, read_status()
    is_good = status.is_fresh and not status.has_failed and not status.missing
    return ProbeResult(
        "backup",
        is_good or not is_on,
        {
            "is_on": is_on,
            "taken_at": status.taken_at.isoformat() if status.taken_at else None,
            "hours": _hours_since(status.taken_at),
            "missing_files": status.missing,
            "failed": status.reason if status.has_failed else "",
        },
    )


def _hours_since(moment: datetime | None) -> int | None:
    return None if moment is None else int((now() - moment) / timedelta(hours=1))


def _write(status: Status) -> None:
    """Replace the file in one step: whoever reads sees the old or the new."""
    said = {
        **asdict(status),
        "taken_at": status.taken_at.isoformat() if status.taken_at else None,
        "failed_at": status.failed_at.isoformat() if status.failed_at else None,
    }
    path = _path()
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(said), encoding="utf-8")
    os.replace(fresh, path)


def _path() -> Path:
    return get_settings().instance_dir / _NAME
