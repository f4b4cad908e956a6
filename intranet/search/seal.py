"""Proves that the index's files are those that we wrote, before anything in them is read; pure
file work.

Whoosh reads its files with pickle, so a foreign file would run as code. The seal holds each file's
digest under a key that only the application has; it also finds flipped bits and cut files.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path

SEAL_NAME = "seal.json"


class BrokenSeal(Exception):
    """A file is missing, changed, foreign or of another format."""


class Sealer:
    """Writes and checks seals; remembers digests of files that have not changed since."""

    def __init__(self, key: bytes, form: str) -> None:
        self._key = hashlib.blake2b(key, person=b"search-index").digest()
        self._form = form
        self._known: dict[str, tuple[tuple[int, int, int], str]] = {}

    def write(self, folder: Path, renamed: dict[str, str] | None = None) -> None:
        """Seal every file in the folder as it is now; `renamed` gives files the name they get
        next.
        """
        renamed = renamed or {}
        digests = {
            renamed.get(path.name, path.name): self._digest(path)
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name != SEAL_NAME and not path.name.endswith("LOCK")
        }
        content = json.dumps({"form": self._form, "files": digests}, sort_keys=True)
        unfinished = folder / f"{SEAL_NAME}.{os.getpid()}"
        unfinished.write_text(f"{self._mac(content)}\n{content}", encoding="utf-8")
        os.replace(unfinished, folder / SEAL_NAME)

    def read(self, folder: Path) -> dict[str, str]:
        """The digests by file name. Raises `BrokenSeal`."""
        try:
            mac, _, content = (folder / SEAL_NAME).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BrokenSeal("no seal") from error
        if not hmac.compare_digest(mac.encode(), self._mac(content).encode()):
            raise BrokenSeal("not our seal")
        sealed = json.loads(content)
        if sealed["form"] != self._form:
            raise BrokenSeal(f"another format: {sealed['form']}")
        files: dict[str, str] = sealed["files"]
        return files

    def check(self, folder: Path, names: list[str], digests: dict[str, str]) -> None:
        """Raise `BrokenSeal` unless each of these files is there and is the one that was sealed."""
        for name in names:
            try:
                digest = self._digest(folder / name)
            except OSError as error:
                raise BrokenSeal(f"{name} is missing") from error
            if digests.get(name) != digest:
                raise BrokenSeal(f"{name} is not what was written")

    def _mac(self, content: str) -> str:
        return hmac.new(self._key, content.encode(), hashlib.sha256).hexdigest()

    def _digest(self, path: Path) -> str:
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns, status.st_ino)
        known = self._known.get(str(path))
        if known and known[0] == state:
            return known[1]
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "blake2b").hexdigest()
        if len(self._known) > 500:
            self._known.clear()
        self._known[str(path)] = (state, digest)
        return digest
