"""Which failures of the database or the disk pass by themselves; does not decide the answer."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SQLITE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    # A journal that cannot grow is told as an error of reading and writing, not as a full disk.
    sqlite3.SQLITE_IOERR: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "away",
}
# PostgreSQL's classes of SQLSTATE, the longer ones first.
_POSTGRESQL = {
    "25006": "read_only",
    "53100": "full",
    "55P03": "busy",
    "40": "undone",
    "53": "away",
    "57P": "away",
    "08": "away",
    "58": "away",
}
_LOST = "intranet_commit_was_lost"


class Fault(StrEnum):
    """Why nothing could be kept just now."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    AWAY = "away"
    # The database chose this transaction to undo, so that another could go on.
    UNDONE = "undone"
    # The line was cut while the commit was under way: nobody here knows how it ended.
    UNKNOWN = "unknown"


def find_fault(error: BaseException) -> Fault | None:
    """Return what is in the way when it passes by itself; None for our own mistakes."""
    if getattr(error, _LOST, False):
        return Fault.UNKNOWN
    if isinstance(error, PoolTimeout):
        return Fault.AWAY
    if isinstance(error, OSError):
        return Fault.FULL if error.errno in _FULL_ERRORS else None
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    return _of_postgresql(error)


def note_lost_commit(error: BaseException) -> None:
    """Mark an error that came out of a commit whose connection is gone."""
    if isinstance(error, DBAPIError) and find_fault(error) is Fault.AWAY:
        setattr(error, _LOST, True)


def _of_sqlite(error: sqlite3.Error) -> Fault | None:
    code = getattr(error, "sqlite_errorcode", None)
    found = None if code is None else _SQLITE.get(code & 0xFF)
    return Fault(found) if found else None


def _of_postgresql(error: DBAPIError) -> Fault | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # Never reached the server, or the line was cut under way.
        kind = type(error.orig).__name__
        return Fault.AWAY if error.connection_invalidated or kind == "OperationalError" else None
    found = next((kind for start, kind in _POSTGRESQL.items() if state.startswith(start)), None)
    return Fault(found) if found else None
