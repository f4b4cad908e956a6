"""Files that a virus scanner has not answered for: asked about again, given out only when clean.

Where no scanner is set, nothing is asked and nothing is held; no file is ever called clean that a
scanner did not look through.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from intranet.core.clock import now
from intranet.core.file_store import path_of_token
from intranet.core.models import ScanState, StoredFile
from intranet.core.rows import AnyRow
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.core.virus_scan import ScannerAway, is_harmful
from intranet.extensions import db

log = logging.getLogger(__name__)

# In the background nobody waits: large files on a slow machine get their time.
BACKGROUND_SECONDS = 120.0
BATCH = 20
LONGEST_WAIT = timedelta(hours=1)


def ask_scanner(path: Path, seconds: float | None = None) -> ScanState:
    """Return what the scanner says of the file; `WAITING` when it cannot say."""
    address = get_settings().virus_scanner
    if not address:
        return ScanState.NOT_ASKED
    try:
        more = {} if seconds is None else {"seconds": seconds}
        return ScanState.HARMFUL if is_harmful(address, path, **more) else ScanState.CLEAN
    except ScannerAway as error:
        log.warning("the virus scanner gives no answer: %s", error)
        return ScanState.WAITING


def is_held(stored: StoredFile) -> bool:
    """Whether the file may not be given out: found harmful, or not looked through yet."""
    if stored.scan == ScanState.HARMFUL:
        return True
    return stored.scan == ScanState.WAITING and bool(get_settings().virus_scanner)


def scan_waiting() -> int:
    """Ask about the files that wait, oldest first; return how many were answered for.

    Stops at the first silence: the scanner is away. What is harmful loses its bytes at once and
    keeps its row, so that the case still says that there was a file.
    """
    answered = 0
    for row in _list_waiting():
        path = path_of_token(row.token)
        state = ask_scanner(path, BACKGROUND_SECONDS) if path.exists() else ScanState.HARMFUL
        if state not in (ScanState.CLEAN, ScanState.HARMFUL):
            break
        with transaction():
            db.session.execute(update(StoredFile).where(StoredFile.id == row.id).values(scan=state))
        if state == ScanState.HARMFUL:
            path.unlink(missing_ok=True)
            log.error("stored file %s is harmful and was removed", row.id)
        answered += 1
    return answered


def count_scans() -> dict[ScanState, int]:
    """Return how many files wait, and how many were found harmful afterwards."""
    statement = (
        select(StoredFile.scan, func.count())
        .where(StoredFile.scan.in_((ScanState.WAITING, ScanState.HARMFUL)))
        .group_by(StoredFile.scan)
    )
    return {ScanState(scan): count for scan, count in db.session.execute(statement)}


def has_waited_long() -> bool:
    """Whether a file has waited for the scanner for more than an hour."""
    oldest = select(func.min(StoredFile.created_at)).where(StoredFile.scan == ScanState.WAITING)
    since = db.session.execute(oldest).scalar_one_or_none()
    return since is not None and now() - since > LONGEST_WAIT


def _list_waiting() -> list[AnyRow]:
    if not get_settings().virus_scanner:
        return []
    statement = (
        select(StoredFile.id, StoredFile.token)
        .where(StoredFile.scan == ScanState.WAITING)
        .order_by(StoredFile.id)
        .limit(BATCH)
    )
    rows = list(db.session.execute(statement))
    db.session.rollback()
    return rows
