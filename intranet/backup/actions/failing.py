"""What is said and kept when a backup did not become whole."""

from __future__ import annotations

import errno
import logging

from sqlalchemy.exc import SQLAlchemyError

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.backup import status
from intranet.backup.actions.restore import NotRestored
from intranet.backup.actions.take import FileChanged
from intranet.backup.archive import BadArchive
from intranet.backup.manifest import BadManifest
from intranet.backup.sealing import BadKey, NotOpened
from intranet.backup.snapshot import SnapshotFailed
from intranet.core.actor import SYSTEM
from intranet.core.transaction import transaction

# All that can go wrong with a backup without being a mistake of the program.
FAULTS = (
    BadArchive,
    BadKey,
    BadManifest,
    FileChanged,
    NotOpened,
    NotRestored,
    OSError,
    SQLAlchemyError,
    SnapshotFailed,
)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

log = logging.getLogger(__name__)


def words_of(error: BaseException) -> str:
    """Return what is said to whoever runs the command; holds no text of the database."""
    if isinstance(error, SQLAlchemyError):
        return "databasen svarer ikke, eller den avviser oss"
    if isinstance(error, FileExistsError):
        return f"{error.filename or error} finnes fra før og blir ikke overskrevet"
    if isinstance(error, OSError) and error.errno in _FULL:
        return "det er ikke plass på disken"
    if isinstance(error, PermissionError):
        return f"denne brukeren får ikke skrive i {error.filename}"
    return str(error)


def reason_of(error: BaseException) -> str:
    """Return the kind of fault, as it stands in the audit and on `/helse`."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return "disk_full"
    if isinstance(error, OSError):
        return "disk"
    if isinstance(error, BadKey):
        return "key"
    if isinstance(error, SnapshotFailed | SQLAlchemyError):
        return "database"
    return "content"


def settle_failed(error: BaseException) -> None:
    """Keep that a backup failed, in the status and in the audit, as far as they can be written."""
    reason = reason_of(error)
    try:
        status.note_failed(reason)
    except OSError:
        log.warning("the status of the backup could not be written")
    try:
        with transaction():
            record(
                AuditEvent.BACKUP_FAILED,
                actor=SYSTEM,
                subject="backup",
                subject_id="failed",
                details={"fault": reason},
            )
    except SQLAlchemyError:
        log.warning("the failed backup could not be noted in the audit")
