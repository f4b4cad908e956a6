"""Files that lie together in an archive or a folder, one at a time; unpacks nothing beside them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from intranet.core.errors import InvalidInput
from intranet.core.file_store import TooLarge, copy_in, make_temporary, settle
from intranet.core.file_types import clean_name, extension_of
from intranet.core.file_words import say_reason
from intranet.core.files import ReceivedFile
from intranet.core.sandbox import FileRefused, run_task
from intranet.core.settings import get_settings
from intranet.core.text import _

WORKER = Path(__file__).with_name("sandbox_archive.py")
MAX_FILES = 5_000


@dataclass(frozen=True)
class Member:
    """One file of a bundle. `names` are what it may be called, the likeliest first."""

    names: tuple[str, ...]
    size: int
    place: int

    @property
    def name(self) -> str:
        """What people call it."""
        return self.names[0]


class Bundle(Protocol):
    """Files that came together."""

    def members(self) -> Sequence[Member]:
        """Every file, in a fixed order. Raises InvalidInput for what is hostile as a whole."""

    def opened(self, member: Member) -> AbstractContextManager[Path]:
        """Where the file's bytes are while the block runs."""


@dataclass(frozen=True)
class ZipBundle:
    """A zip that somebody sent; only the limited child opens it."""

    path: Path

    def members(self) -> Sequence[Member]:
        """See `Bundle`. Raises InvalidInput(field="archive")."""
        result = _ask("list-zip", self.path)
        return [
            Member(tuple(map(clean_path, one["names"])), int(one["size"]), int(one["place"]))
            for one in json.loads(result)
        ]

    @contextmanager
    def opened(self, member: Member) -> Iterator[Path]:
        """See `Bundle`."""
        target = make_temporary()
        try:
            with self.path.open("rb") as source, target.open("wb") as made:
                _run(f"member-zip:{member.place}", source, made)
            yield target
        finally:
            target.unlink(missing_ok=True)


class FolderBundle:
    """A folder on the server. What a link leads to is not in the folder."""

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()
        self._files = sorted(
            found
            for found in self._root.rglob("*")
            if not found.is_symlink()
            and found.is_file()
            and found.resolve().is_relative_to(self._root)
        )

    def members(self) -> Sequence[Member]:
        """See `Bundle`."""
        if len(self._files) > MAX_FILES:
            raise InvalidInput(say_reason("many_files"), field="archive")
        return [
            Member((clean_path(str(path.relative_to(self._root))),), path.stat().st_size, place)
            for place, path in enumerate(self._files)
        ]

    @contextmanager
    def opened(self, member: Member) -> Iterator[Path]:
        """See `Bundle`."""
        yield self._files[member.place]


def receive_archive(stream: IO[bytes], filename: str | None) -> ReceivedFile:
    """Keep a zip that was sent, once the child has found nothing hostile in it as a whole.

    Its files are looked through one at a time when they are taken out. Raises
    InvalidInput(field="archive").
    """
    name = clean_name(filename)
    path = make_temporary()
    try:
        receive_temporary(stream, path, field="archive")
        if extension_of(name) != "zip":
            raise InvalidInput(_("Pakk dokumentene i en zip-fil."), field="archive")
        if not ZipBundle(path).members():
            raise InvalidInput(_("Det er ingen filer i zip-filen."), field="archive")
        token, size, sha256 = settle(path)
    finally:
        path.unlink(missing_ok=True)
    return ReceivedFile(token, name, "application/zip", size, sha256)


def receive_temporary(stream: IO[bytes], path: Path, *, field: str) -> None:
    """Write an upload to the file. Raises InvalidInput at the field for one too large or empty."""
    try:
        size = copy_in(stream, path)
    except TooLarge as error:
        most = get_settings().max_upload_bytes // 1024**2
        raise InvalidInput(
            _("Filen er for stor. Den kan være på høyst %(size)s MB.", size=most), field=field
        ) from error
    if size == 0:
        raise InvalidInput(_("Filen er tom. Velg en annen fil."), field=field)


def read_sheet(path: Path) -> list[list[str]]:
    """Return the rows of the first sheet of an XLSX as text. Raises InvalidInput(field="list")."""
    try:
        rows = json.loads(_ask("rows-xlsx", path))
    except InvalidInput as error:
        raise InvalidInput(error.message, field="list") from error
    return [[str(cell) for cell in row] for row in rows]


def clean_path(name: str) -> str:
    """Return a name with its folders as lists name it: forward strokes, composed letters."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").replace("\x00", "")


def _ask(task: str, path: Path) -> str:
    result = make_temporary()
    try:
        with path.open("rb") as source, result.open("wb") as target:
            _run(task, source, target)
        return result.read_text(encoding="ascii")
    finally:
        result.unlink(missing_ok=True)


def _run(task: str, source: BinaryIO, target: BinaryIO) -> None:
    try:
        run_task(task, source, target, worker=WORKER)
    except FileRefused as refused:
        raise InvalidInput(say_reason(refused.reason), field="archive") from refused
