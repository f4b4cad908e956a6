"""The archive inside a backup: written as a stream, read with nothing believed.

It is a plain tar, so that any tool can open it. Reading takes only plain files with the names that
writing gives: no links, no folders, no other paths, none of them twice.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 256 * 1024
MANIFEST, SEAL = "manifest.json", "manifest.hmac"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
SETTINGS = "settings.toml"
_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{6,62})")
_FIXED = {MANIFEST, SEAL, SETTINGS, *DATABASES.values()}


class BadArchive(Exception):
    """The archive holds what none of ours does."""


@dataclass(frozen=True)
class Part:
    """What is known of one file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Member:
    """One file on its way in: exactly `size` bytes."""

    name: str
    size: int
    chunks: Iterable[bytes]


def name_of_token(token: str) -> str:
    """Return the name of an uploaded file."""
    return f"files/{token[:2]}/{token}"


def write_blocks(members: Iterable[Member]) -> Iterator[bytes]:
    """Return the archive piece by piece. Raises `BadArchive` when a member has another size."""
    for member in members:
        if not is_ours(member.name):
            raise BadArchive(f"{member.name} har et navn som ikke er vårt")
        header = tarfile.TarInfo(member.name)
        header.size, header.mode = member.size, 0o600
        yield header.tobuf(tarfile.GNU_FORMAT)
        written = 0
        for chunk in member.chunks:
            written += len(chunk)
            yield chunk
        if written != member.size:
            raise BadArchive(f"{member.name} ble endret mens den ble lest")
        yield b"\0" * (-written % tarfile.BLOCKSIZE)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def is_ours(name: str) -> bool:
    """Whether a backup may hold a file of this name."""
    return name in _FIXED or _FILE.fullmatch(name) is not None


def unpack(stream: IO[bytes], folder: Path) -> dict[str, Part]:
    """Write the archive's files into the empty folder; return what they were."""
    return _read(stream, folder, keep=None)


def look_through(stream: IO[bytes], folder: Path) -> dict[str, Part]:
    """Read the whole archive; into the folder go only the manifest and its seal."""
    return _read(stream, folder, keep={MANIFEST, SEAL})


def _read(stream: IO[bytes], folder: Path, keep: set[str] | None) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for info in archive:
                _check(info, parts)
                content = archive.extractfile(info)
                if content is None:
                    raise BadArchive(f"{info.name!r} er ikke en fil")
                path = folder / info.name if keep is None or info.name in keep else None
                parts[info.name] = _take(content, path)
    except tarfile.TarError as error:
        raise BadArchive("arkivet kan ikke leses") from error
    return parts


def _check(info: tarfile.TarInfo, parts: dict[str, Part]) -> None:
    if info.type != tarfile.REGTYPE or info.pax_headers or info.sparse:
        raise BadArchive(f"{info.name!r} er ikke en vanlig fil")
    if not is_ours(info.name):
        raise BadArchive(f"{info.name!r} hører ikke hjemme i en sikkerhetskopi")
    if info.name in parts:
        raise BadArchive(f"{info.name!r} er der to ganger")


def _take(content: IO[bytes], path: Path | None) -> Part:
    """Read one file, and write it where it is to be kept: only where nothing is."""
    digest, size = hashlib.sha256(), 0
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") if path is not None else open("/dev/null", "wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    if path is not None:
        path.chmod(0o600)
    return Part(size, digest.hexdigest())


class BlockSource:
    """Pieces of any length as a stream that is read from."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = block
        size = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
