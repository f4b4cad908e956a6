"""Whether the database and the files are whole; and whether a copied SQLite file is all of it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from intranet.audit import queries as audit
from intranet.backup.snapshot import SnapshotFailed, check_sqlite
from intranet.core.file_store import path_of_token
from intranet.core.models import ScanState, StoredFile
from intranet.extensions import db

_MAGIC = b"SQLite format 3\0"
# Where the header says whether the newest changes may lie in a file beside (2) or not (1).
_WRITE_VERSION = 18
_WAL = 2


def find_copy_fault(path: Path) -> str | None:
    """Return what is wrong with a SQLite file that somebody copied, or None.

    A portal that runs keeps its newest changes in a file beside: `cp` of the one is not a copy.
    """
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(_MAGIC):
        return "fila er ikke en SQLite-database"
    wal = path.with_name(f"{path.name}-wal")
    # An empty one is made by whoever opens the copy, and says nothing of what was there.
    if header[_WRITE_VERSION] == _WAL and not (wal.exists() and wal.stat().st_size):
        return (
            f"fila er kopiert uten {wal.name}, der de siste endringene kan ligge. "
            "Ta kopien med «flask backup take»"
        )
    try:
        check_sqlite(path)
        return _audit_fault(path)
    except SnapshotFailed as error:
        return str(error)


def _audit_fault(path: Path) -> str | None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        try:
            head = copy.execute("SELECT sequence FROM audit_head WHERE id = 1").fetchone()
            newest = copy.execute("SELECT max(sequence) FROM audit_entry").fetchone()
        except sqlite3.Error:
            return "fila er ikke portalens database"
    if (head[0] if head else 0) != (newest[0] or 0):
        return "revisjonsloggen i fila er ikke hel"
    return None


def find_database_fault() -> str | None:
    """Return what is wrong with the portal's own database, or None."""
    if db.engine.dialect.name == "sqlite":
        try:
            check_sqlite(Path(str(db.engine.url.database)))
        except SnapshotFailed as error:
            return str(error)
    fault = audit.find_fault()
    return None if fault is None else f"revisjonsloggen er brutt ved linje {fault.sequence}"


def count_files() -> int:
    """Return how many uploaded files must be there."""
    there = StoredFile.scan != ScanState.HARMFUL
    statement = select(func.count()).select_from(StoredFile).where(there)
    return int(db.session.execute(statement).scalar_one())


def iterate_file_faults() -> Iterator[tuple[str, str | None]]:
    """Give each uploaded file's token, and what is wrong with its bytes."""
    columns = (StoredFile.token, StoredFile.sha256)
    there = StoredFile.scan != ScanState.HARMFUL
    rows = db.session.execute(select(*columns).where(there).order_by(StoredFile.id)).all()
    db.session.rollback()
    for token, sha256 in rows:
        try:
            with path_of_token(token).open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            yield token, "mangler"
            continue
        yield token, None if is_same else "er endret"
