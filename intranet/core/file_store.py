"""The bytes of uploaded files on disk; knows neither their types nor their owners."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.models import StoredFile
from intranet.core.settings import get_settings
from intranet.extensions import db

CHUNK = 256 * 1024
ORPHAN_GRACE = timedelta(hours=24)
BATCH = 500

log = logging.getLogger(__name__)


class TooLarge(Exception):
    """The stream is longer than the settings allow."""


def path_of_token(token: str) -> Path:
    """Return where the bytes of the token are. No part of it comes from a person."""
    return get_settings().files_dir / token[:2] / token


def make_temporary() -> Path:
    """Make an empty file that only the application can read, on the same disk as the rest."""
    folder = get_settings().files_dir / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(24)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def copy_in(stream: IO[bytes], path: Path) -> int:
    """Write the stream to the file; return its length. Raises `TooLarge` at a byte too many."""
    most = get_settings().max_upload_bytes
    size = 0
    with path.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise TooLarge
            file.write(chunk)
    return size


def settle(path: Path) -> tuple[str, int, str]:
    """Give the file its last name; return its token, size and SHA-256.

    Once this returns, the file survives a power loss: fsync, rename, fsync of the folder (D3).
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        size = file.tell()
        os.fsync(file.fileno())
    token = secrets.token_hex(24)
    target = path_of_token(token)
    is_new = not target.parent.exists()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.rename(target)
    _sync_folder(target.parent)
    if is_new:
        _sync_folder(target.parent.parent)
    return token, size, digest.hexdigest()


def remove_orphans() -> None:
    """Remove files older than 24 hours that no row knows (FI-11). Safe to run twice.

    The grace is longer than any request, so that a file whose row is being committed is never
    taken.
    """
    limit = (now() - ORPHAN_GRACE).timestamp()
    for folder in sorted(get_settings().files_dir.glob("*")):
        old = [path for path in folder.iterdir() if _is_older(path, limit)]
        for start in range(0, len(old), BATCH):
            _remove_unknown(old[start : start + BATCH])
    db.session.rollback()


def _is_older(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime <= limit
    except FileNotFoundError:
        return False


def _remove_unknown(paths: list[Path]) -> None:
    tokens = [path.name for path in paths]
    statement = select(StoredFile.token).where(StoredFile.token.in_(tokens))
    known = set(db.session.execute(statement).scalars())
    for path in paths:
        if path.name not in known:
            path.unlink(missing_ok=True)
            log.info("removed a file without a row")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
