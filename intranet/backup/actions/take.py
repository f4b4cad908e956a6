"""Takes one backup: a copy of the database and all files, sealed, in a file of its own name.

Nothing that is there already is written to or removed; a backup has its name when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select

from intranet.audit.actions import audit_key
from intranet.backup import sealing
from intranet.backup.archive import (
    CHUNK,
    MANIFEST,
    SEAL,
    SETTINGS,
    BlockSource,
    Member,
    Part,
    name_of_token,
    write_blocks,
)
from intranet.backup.manifest import Manifest, seal_of
from intranet.backup.snapshot import FileRow, Snapshot, snapshot_in
from intranet.config import ROOT
from intranet.core.clock import now
from intranet.core.file_store import path_of_token
from intranet.core.models import StoredFile, exists
from intranet.core.settings import get_settings
from intranet.extensions import db
from intranet.people.actions.erasure import list_erased

SUFFIX, SUM_SUFFIX, ERASED_SUFFIX = ".tar.age", ".tar.age.sha256", ".erasures.txt"
_WORK = ".backup-"
_LEFT_OVER_SECONDS = 24 * 3600
_BETWEEN = re.compile(r"://[^/@\s\"']*@")


class FileChanged(Exception):
    """What was written is not what is read again."""


@dataclass(frozen=True)
class Taken:
    """One whole backup."""

    path: Path
    size: int
    files: int
    rows: int
    missing: int


def take_backup(folder: Path, recipients: tuple[str, ...]) -> Taken:
    """Take a backup into the folder. Raises what the disk, the database or the keys are wrong with.

    What was half made is taken away again; the folder's other files are left as they are.
    """
    sealing.recipients_of(recipients)
    name = f"ansattportalen-{now():%Y-%m-%dT%H%M%SZ}"
    erased = "".join(f"{number}\n" for number in list_erased())
    db.session.rollback()
    with _work_folder() as work, snapshot_in(work) as snapshot:
        path = folder / f"{name}{SUFFIX}"
        part = folder / f".{name}.{secrets.token_hex(4)}.part"
        writer = _Writer(snapshot)
        placed: list[Path] = []
        try:
            digest, size = _seal(writer, part, recipients)
            beside = {ERASED_SUFFIX: erased, SUM_SUFFIX: f"{digest}  {path.name}\n"}
            for suffix, text in beside.items():
                _place_text(folder / f"{name}{suffix}", text)
                placed.append(folder / f"{name}{suffix}")
            _place(part, path)
        except BaseException:
            for own in placed:
                own.unlink(missing_ok=True)
            raise
        finally:
            part.unlink(missing_ok=True)
    made = writer.made
    return Taken(path, size, made.files, sum(made.counts.values()), len(made.missing))


def _seal(writer: _Writer, path: Path, recipients: tuple[str, ...]) -> tuple[str, int]:
    """Write the sealed archive; return its digest once the disk gives the same back."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        target = _Digesting(file)
        sealing.seal(BlockSource(write_blocks(writer.members())), target, recipients)
        file.flush()
        os.fsync(file.fileno())
        # What is read back comes from the disk, not from what was just written.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    wanted = target.digest.hexdigest()
    if digest_of(path) != wanted:
        raise FileChanged("sikkerhetskopien kan ikke leses tilbake slik den ble skrevet")
    return wanted, path.stat().st_size


def digest_of(path: Path) -> str:
    """Return the SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Digesting:
    """A file that is written to, and the digest of what was."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


class _Writer:
    """The members of one archive; `made` is its manifest once all were given."""

    made: Manifest

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._parts: dict[str, Part] = {}
        self._missing: list[str] = []
        self._gone: list[str] = []

    def members(self) -> Iterator[Member]:
        """Give the database first: each of its rows then has its file, unless it was erased."""
        path = self._snapshot.path
        with path.open("rb") as database:
            yield self._member(path.name, database)
        settings = _settings_without_secrets()
        if settings:
            yield self._text(SETTINGS, settings)
        for row in self._snapshot.files:
            yield from self._file(row)
        self.made = self._manifest()
        said = self.made.as_bytes()
        yield Member(MANIFEST, len(said), [said])
        seal = seal_of(audit_key(), said).encode("ascii")
        yield Member(SEAL, len(seal), [seal])

    def _file(self, row: FileRow) -> Iterator[Member]:
        try:
            file = path_of_token(row.token).open("rb")
        except FileNotFoundError:
            is_known = exists(select(StoredFile.id).where(StoredFile.token == row.token))
            db.session.rollback()
            (self._missing if is_known else self._gone).append(row.token)
            return
        with file:
            name = name_of_token(row.token)
            yield self._member(name, file)
        if self._parts[name].sha256 != row.sha256:
            # Kept as it is: the row still tells what it should have been.
            self._missing.append(row.token)

    def _member(self, name: str, file: IO[bytes]) -> Member:
        size = os.fstat(file.fileno()).st_size
        return Member(name, size, self._chunks(name, file))

    def _chunks(self, name: str, file: IO[bytes]) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        self._parts[name] = Part(size, digest.hexdigest())

    def _text(self, name: str, text: str) -> Member:
        data = text.encode("utf-8")
        self._parts[name] = Part(len(data), hashlib.sha256(data).hexdigest())
        return Member(name, len(data), [data])

    def _manifest(self) -> Manifest:
        snapshot = self._snapshot
        return Manifest(
            taken_at=now().isoformat(),
            program=_program(),
            engine=snapshot.engine,
            server=snapshot.server,
            migration=snapshot.migration,
            counts=snapshot.counts,
            parts=self._parts,
            missing=tuple(self._missing),
            gone=tuple(self._gone),
        )


def _settings_without_secrets() -> str:
    """Return the settings' file, without what stands before an @ in an address."""
    path = get_settings().instance_dir / SETTINGS
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return _BETWEEN.sub("://", text)


def _program() -> str:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Give a folder beside the database that only the application reads; gone afterwards."""
    instance = get_settings().instance_dir
    for old in instance.glob(f"{_WORK}*"):
        # What a run that was killed has left.
        if time.time() - old.stat().st_mtime > _LEFT_OVER_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    work = instance / f"{_WORK}{secrets.token_hex(8)}"
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _place_text(path: Path, text: str) -> None:
    """Write a small file that is not there yet; one that became half is taken away."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _place(part: Path, path: Path) -> None:
    """Give the whole file its name. Raises FileExistsError: nothing is ever replaced."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # A file server that knows no second name for a file.
        if path.exists():
            raise FileExistsError(str(path)) from None
        part.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
