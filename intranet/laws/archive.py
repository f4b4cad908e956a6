"""Reads law archives member by member, from the stream, without ever unpacking them to disk.

Pure: no Flask, no database. It trusts nothing: a container that is broken or holds anything but
ordinary files with sensible names is refused as a whole (ArchiveRefused), whatever else is in
it.
"""

from __future__ import annotations

import bz2
import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

_BLOCK = 512
_MAX_EXTENSION_BYTES = 64 * 1024
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)
_EXTENSIONS = (tarfile.XHDTYPE, tarfile.XGLTYPE)
_SAFE_PATH = re.compile(r"(?:\./)?(?:[\w.,+ -]{1,100}/){0,6}[\w.,+ -]{1,120}/?")
_LAW_NAME = re.compile(r"[a-z]{2,4}-\d{8}(?:-\d{1,6})?(?:-[a-z0-9]{1,12})?\.(?:xml|html)")
# Extended headers may only carry what cannot change where or how large a member is.
_HARMLESS_KEYS = frozenset(
    {"mtime", "atime", "ctime", "comment", "uid", "gid", "uname", "gname", "charset"}
)


class Refusal(StrEnum):
    """Why an archive was refused; the words that people read are found by this code."""

    UNKNOWN_FORMAT = "unknown_format"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    MEMBER_TOO_LARGE = "member_too_large"
    UNSAFE_NAME = "unsafe_name"
    NOT_A_FILE = "not_a_file"
    DUPLICATE_NAME = "duplicate_name"
    NO_LAWS = "no_laws"
    UNSAFE_XML = "unsafe_xml"
    BROKEN_XML = "broken_xml"
    TOO_DEEP = "too_deep"
    NOT_A_LAW = "not_a_law"


class ArchiveRefused(Exception):
    """The archive is refused as a whole; `member` names the file inside it, where one is to
    blame.
    """

    def __init__(self, code: Refusal, member: str = "") -> None:
        super().__init__(f"{code.value}: {member}" if member else code.value)
        self.code = code
        self.member = member


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold, in bytes and members. Lovdata's largest holds 126 MB in
    3,447 files.
    """

    total_bytes: int = 768 * 1024 * 1024
    member_bytes: int = 16 * 1024 * 1024
    members: int = 50_000


@dataclass(frozen=True)
class Member:
    """One law document as it lies in the archive; `modified_at` is in seconds since 1970, 0 if
    unknown.
    """

    name: str
    data: bytes
    modified_at: int


def read_members(
    stream: BinaryIO, limits: Limits | None = None, tell: Callable[[int], None] | None = None
) -> Iterator[Member]:
    """The law documents of an open tar, tar.gz or tar.bz2 archive, one at a time.

    `tell` hears the position in the packed stream after each member. Raises ArchiveRefused.
    """
    limits = limits or Limits()
    source = _Capped(_unpacked(stream), limits.total_bytes)
    try:
        yield from _walk(source, limits, lambda: tell(stream.tell()) if tell else None)
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveRefused(Refusal.BROKEN) from error


def is_law_name(path: str) -> bool:
    """Whether a member's path is that of a law document, such as nl/nl-20050617-062.xml."""
    return _LAW_NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None


def _unpacked(stream: BinaryIO) -> BinaryIO:
    start = stream.read(3)
    stream.seek(0)
    if start == b"BZh":
        return io.BufferedReader(bz2.BZ2File(stream))
    if start[:2] == b"\x1f\x8b":
        return io.BufferedReader(gzip.GzipFile(fileobj=stream))
    return stream


class _Capped:
    """Reads exact amounts and stops at the limit, so that a bomb never grows large in memory."""

    def __init__(self, source: BinaryIO, limit: int) -> None:
        self._source = source
        self._left = limit

    def read(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise ArchiveRefused(Refusal.TOO_LARGE)
        parts = []
        while size:
            part = self._source.read(min(size, 1 << 18))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def drain(self) -> None:
        """Read what follows the last member, so that a packed stream's own checksum is checked."""
        while self.read(1 << 16):
            pass

    def skip(self, size: int) -> None:
        while size:
            part = self.read(min(size, 1 << 18))
            if not part:
                raise ArchiveRefused(Refusal.BROKEN)
            size -= len(part)


def _walk(source: _Capped, limits: Limits, told: Callable[[], None]) -> Iterator[Member]:
    seen: set[str] = set()
    first = True
    while (header := _next_header(source, first)) is not None:
        first = False
        if header.type in _EXTENSIONS:
            _check_extension(source, header)
            continue
        name = _checked_name(header, seen)
        if len(seen) > limits.members:
            raise ArchiveRefused(Refusal.TOO_MANY)
        if header.type == tarfile.DIRTYPE:
            continue
        if header.size > limits.member_bytes:
            raise ArchiveRefused(Refusal.MEMBER_TOO_LARGE, name)
        if not is_law_name(name):
            source.skip(_padded(header.size))
            continue
        data = source.read(header.size)
        if len(data) != header.size:
            raise ArchiveRefused(Refusal.BROKEN, name)
        source.skip(_padded(header.size) - header.size)
        yield Member(name, data, int(header.mtime))
        told()
    source.drain()


def _next_header(source: _Capped, first: bool) -> tarfile.TarInfo | None:
    block = source.read(_BLOCK)
    if block.count(b"\0") == _BLOCK and not first:
        return None
    if len(block) != _BLOCK:
        # An archive that just stops was cut off: a whole one ends with empty blocks.
        raise ArchiveRefused(Refusal.UNKNOWN_FORMAT if first else Refusal.BROKEN)
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        code = Refusal.UNKNOWN_FORMAT if first else Refusal.BROKEN
        raise ArchiveRefused(code) from error


def _checked_name(header: tarfile.TarInfo, seen: set[str]) -> str:
    name = header.name
    shown = name.encode("ascii", "backslashreplace").decode()[:120]
    if not _SAFE_PATH.fullmatch(name) or ".." in name.split("/"):
        raise ArchiveRefused(Refusal.UNSAFE_NAME, shown)
    if header.type not in (*_REGULAR, tarfile.DIRTYPE) or header.size < 0 or header.linkname:
        raise ArchiveRefused(Refusal.NOT_A_FILE, shown)
    if header.mode & 0o7000:
        raise ArchiveRefused(Refusal.NOT_A_FILE, shown)
    if name in seen:
        raise ArchiveRefused(Refusal.DUPLICATE_NAME, shown)
    seen.add(name)
    return name


def _check_extension(source: _Capped, header: tarfile.TarInfo) -> None:
    """Pass over a PAX header that carries only times and owners; refuse one that says more."""
    if not 0 <= header.size <= _MAX_EXTENSION_BYTES:
        raise ArchiveRefused(Refusal.UNSAFE_NAME)
    body = source.read(_padded(header.size))[: header.size]
    for record in body.split(b"\n"):
        key = record.partition(b" ")[2].partition(b"=")[0].decode("ascii", "replace")
        if record and key not in _HARMLESS_KEYS:
            raise ArchiveRefused(Refusal.UNSAFE_NAME)


def _padded(size: int) -> int:
    return (size + _BLOCK - 1) // _BLOCK * _BLOCK
