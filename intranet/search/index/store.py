"""The index's files: opened, checked, updated, built anew; holds no rule of ranking.

The folder is owner-only and disposable. `CURRENT` names the folder in use; a rebuild fills a new
one
and swaps. Files are checked against their seal before Whoosh reads them. One reader per thread.
"""

from __future__ import annotations

import fcntl
import logging
import os
import pickle
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.index import IndexError as IndexError_
from whoosh.query import Term
from whoosh.reading import ReaderClosed
from whoosh.writing import SegmentWriter

from intranet.search import norwegian
from intranet.search.entry import SearchEntry
from intranet.search.errors import IndexBusy, IndexUnavailable
from intranet.search.index.schema import document, make_schema
from intranet.search.seal import BrokenSeal, Sealer

log = logging.getLogger(__name__)

FORMAT = f"3/{norwegian.ANALYSIS_VERSION}"
_NAME = "MAIN"
_CURRENT = "CURRENT"
_DAMAGED = "DAMAGED"
# How often a reader tries while nothing changes, and how long while something does.
_ATTEMPTS = 5
_PATIENCE_SECONDS = 3.0


# Files that cannot be read, or that go away while they are read.
UNREADABLE = (OSError, EOFError, struct.error, zlib.error, pickle.UnpicklingError, ReaderClosed)
# What else Whoosh makes of files that are not what it wrote; a fault of ours may look the same.
DAMAGE = (
    *UNREADABLE,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    IndexError_,
)


class _Files(FileStorage):  # type: ignore[misc]
    """Whoosh leaves its files to be closed by chance; this remembers them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.opened: list[IO[bytes]] = []

    def open_file(self, name: str, **kwargs: Any) -> Any:
        opened = super().open_file(name, **kwargs)
        self.opened.append(opened.file)
        return opened


class _SealedFiles(_Files):
    """Seals the folder just before a commit becomes visible: a crash leaves no gap between."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        super().__init__(folder)
        self._sealer = sealer

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        if newname.endswith(".toc"):
            self._sealer.write(Path(self.folder), {oldname: newname})
        super().rename_file(oldname, newname, safe=safe)


@contextmanager
def closing_files(files: list[IO[bytes]]) -> Iterator[None]:
    """Close what was opened meanwhile, also after a fault."""
    try:
        yield
    finally:
        close_files(files)


def close_files(files: list[IO[bytes]]) -> None:
    """Close what a reader or a writer opened."""
    for file in files:
        file.close()
    files.clear()


class SearchIndex:
    """The index in one folder, for one process."""

    def __init__(self, root: Path, key: bytes) -> None:
        self.root = root
        self._sealer = Sealer(key, FORMAT)
        self._sealing = threading.Lock()

    def current_folder(self) -> Path:
        """The folder in use. Raises `IndexUnavailable`."""
        try:
            name = (self.root / _CURRENT).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailable("no index") from error
        if not name.isalnum():
            raise IndexUnavailable("CURRENT is damaged")
        return self.root / name

    def state(self) -> str:
        """Changes with every commit; cheap. Raises `IndexUnavailable`."""
        folder = self.current_folder()
        generation = TOC._latest_generation(FileStorage(str(folder)), _NAME)
        if generation < 0 or (folder / _DAMAGED).exists():
            raise IndexUnavailable("the index is damaged")
        return f"{folder.name}.{generation}"

    def open(self) -> tuple[str, Any, list[IO[bytes]]]:
        """The state, a Whoosh reader of it with every file checked, and the files to close after.

        Raises `IndexUnavailable`.
        """
        patience = time.monotonic() + _PATIENCE_SECONDS
        unchanged = 0
        while True:
            before = self._newest()
            try:
                return self._open_once()
            except (BrokenSeal, OSError) as error:
                # A commit or a swap in between removes files that we were about to open. Only
                # what fails although nothing changes is damage.
                unchanged += self._newest() == before
                if unchanged >= _ATTEMPTS or time.monotonic() > patience:
                    raise IndexUnavailable(str(error)) from error
                time.sleep(0.02 * unchanged)
            except DAMAGE as error:
                raise IndexUnavailable(str(error)) from error

    def _newest(self) -> tuple[str, int]:
        """The folder's name and the generation that is there now, whether readable or not."""
        folder = self.current_folder()
        try:
            return folder.name, TOC._latest_generation(FileStorage(str(folder)), _NAME)
        except OSError:
            return folder.name, -1  # Just swapped away.

    def _open_once(self) -> tuple[str, Any, list[IO[bytes]]]:
        folder = self.current_folder()
        storage = _Files(folder)
        try:
            with self._sealing:
                # Asked for under the lock: waiting for it, the generation would grow old.
                generation = TOC._latest_generation(storage, _NAME)
                if generation < 0:
                    raise BrokenSeal("no table of contents")
                self._check(folder, generation)
            toc = TOC.read(storage, _NAME, gen=generation)
            reader = FileIndex._reader(storage, toc.schema, toc.segments, generation)
        except BaseException:
            close_files(storage.opened)
            raise
        return f"{folder.name}.{generation}", reader, storage.opened

    def _check(self, folder: Path, generation: int) -> None:
        digests = self._sealer.read(folder)
        toc_name = TOC._filename(_NAME, generation)
        self._sealer.check(folder, [toc_name], digests)
        storage = _Files(folder)
        with closing_files(storage.opened):
            segments = TOC.read(storage, _NAME, gen=generation).segments
        for segment in segments:
            names = [name for name in digests if name.startswith(f"{segment.segment_id()}.")]
            if not names:
                raise BrokenSeal("a segment is missing")
            self._sealer.check(folder, names, digests)

    def is_usable(self) -> bool:
        """Whether every file is there and is ours. Reads only changed files."""
        try:
            self.state()
            folder = self.current_folder()
            with self._sealing:
                self._check(folder, TOC._latest_generation(FileStorage(str(folder)), _NAME))
        except (IndexUnavailable, BrokenSeal, *DAMAGE) as error:
            log.info("search index: %s", error)
            return False
        return True

    def report_damage(self) -> None:
        """A reader met something unreadable: the jobs process is to build anew."""
        try:
            (self.current_folder() / _DAMAGED).touch(mode=0o600)
        except (IndexUnavailable, OSError):
            log.warning("search index: damage could not be noted")

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[None]:
        """Hold the one writer's lock, which dies with the process. Raises `IndexBusy`."""
        make_private(self.root)
        with (self.root / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise IndexBusy from error
            yield

    def rebuild(
        self, entries: Iterable[SearchEntry], progress: Callable[[], object] = lambda: None
    ) -> int:
        """Build a new index from these and put it in the old one's place; the lock must be held."""
        folder = self.root / f"i{os.urandom(6).hex()}"
        make_private(folder)
        try:
            count = self._fill(folder, entries, progress)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        unfinished = self.root / f"{_CURRENT}.{os.getpid()}"
        unfinished.write_text(folder.name, encoding="ascii")
        os.replace(unfinished, self.root / _CURRENT)
        self._remove_others(folder)
        return count

    def _fill(
        self, folder: Path, entries: Iterable[SearchEntry], progress: Callable[[], object]
    ) -> int:
        storage = _SealedFiles(folder, self._sealer)
        count = 0
        with _private_files(), closing_files(storage.opened):
            index = storage.create_index(make_schema(), indexname=_NAME)
            writer = _writer(index, memory_mb=192)
            try:
                for entry in entries:
                    writer.add_document(**document(entry))
                    count += 1
                    progress()
            except BaseException:
                writer.cancel()
                raise
            writer.commit(merge=False)
        return count

    def update(self, doc_keys: Sequence[str], entries: Iterable[SearchEntry]) -> None:
        """Replace these documents' rows by the entries; the lock must be held."""
        folder = self.current_folder()
        storage = _SealedFiles(folder, self._sealer)
        with self._sealing:
            self._check(folder, TOC._latest_generation(storage, _NAME))
        with _private_files(), closing_files(storage.opened):
            writer = _writer(FileIndex(storage, indexname=_NAME), memory_mb=32)
            try:
                with writer.searcher() as searcher:
                    for key in doc_keys:
                        writer.delete_by_query(Term("doc", key), searcher=searcher)
                for entry in entries:
                    writer.add_document(**document(entry))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()

    def _remove_others(self, kept: Path) -> None:
        # Readers that have the old files open keep them; others open anew and find CURRENT.
        for path in self.root.iterdir():
            if path.is_dir() and path != kept:
                shutil.rmtree(path, ignore_errors=True)


def _writer(index: FileIndex, *, memory_mb: int) -> SegmentWriter:
    # compound=False: a compound segment is copied into memory by every reader. Blocks of 1,024 rows
    # instead of 128 are read whole by our scorer in an eighth of the calls.
    return SegmentWriter(index, compound=False, limitmb=memory_mb, codec=W3Codec(blocklimit=1024))


def make_private(folder: Path) -> None:
    """Make the folder, or make an existing one, its owner's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def _private_files() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
