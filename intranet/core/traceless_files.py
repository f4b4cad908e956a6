"""Cleans files from people who must not be known: in memory, and refused when it cannot be done.

A file on disk has a moment and a place among others, so the caller keeps the bytes elsewhere until
the moment says nothing; `receive_upload` stores them then.
"""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from intranet.core.errors import InvalidInput
from intranet.core.file_types import FILE_TYPES, PICTURES, clean_name, extension_of, has_signature
from intranet.core.file_words import REASONS, UNREADABLE
from intranet.core.sandbox import FileRefused, run_task
from intranet.core.text import _, _l

WORKER = Path(__file__).with_name("sandbox_traceless.py")
# What we can make clean. An office document remembers who wrote it in too many places.
CLEANABLE = frozenset({"pdf", *PICTURES})
LONGEST = 10 * 1024 * 1024
TRACE_REASONS: dict[str, Any] = {
    "signed": _l("PDF-en er signert, og signaturen viser hvem du er. Skriv den ut til en ny PDF."),
    "unknown_picture": _l(
        "PDF-en har bilder i seg som vi ikke får renset. Ta skjermbilde av sidene i stedet."
    ),
}


@dataclass(frozen=True)
class CleanFile:
    """The bytes of a file that holds nothing but what is seen, under a name that says nothing."""

    name: str
    data: bytes


def clean_upload(stream: IO[bytes], filename: str | None, number: int) -> CleanFile:
    """Return the upload without its traces: only pixels of pictures, a PDF without who and when.

    The file's own name is not kept: it becomes "fil-1.pdf". Raises `InvalidInput(field="files")`
    for everything that cannot be cleaned; nothing of it is kept.
    """
    kind = extension_of(clean_name(filename))
    if kind not in CLEANABLE:
        raise InvalidInput(
            _(
                "Vi kan ikke fjerne sporene i denne filtypen. Legg ved bilder (JPG, PNG, HEIC) "
                "eller PDF, eller skriv det viktigste i meldingen."
            ),
            field="files",
        )
    data = stream.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise InvalidInput(
            _("Filen er for stor. Den kan være på høyst %(size)s MB.", size=LONGEST // 1024**2),
            field="files",
        )
    if not data:
        raise InvalidInput(_("Filen er tom. Velg en annen fil."), field="files")
    if not has_signature(kind, data[:4096]):
        raise InvalidInput(
            _("Innholdet i filen er ikke %(type)s, selv om navnet sier det.", type=kind.upper()),
            field="files",
        )
    # Pictures from a phone (HEIC) are drawn anew as JPEG.
    ending = "jpg" if kind in ("jpeg", "heic", "heif") else kind
    return CleanFile(f"fil-{number}.{ending}", _clean(FILE_TYPES[kind].task, data))


def _clean(task: str, data: bytes) -> bytes:
    with ExitStack() as opened:
        source = opened.enter_context(_nowhere())
        target = opened.enter_context(_nowhere())
        source.write(data)
        source.flush()
        try:
            run_task(task, source, target, worker=WORKER)
        except FileRefused as refused:
            message = TRACE_REASONS.get(refused.reason) or REASONS.get(refused.reason, UNREADABLE)
            raise InvalidInput(str(message), field="files") from refused
        target.seek(0)
        cleaned = target.read()
    if not cleaned:
        raise InvalidInput(str(UNREADABLE), field="files")
    return cleaned


def _nowhere() -> BinaryIO:
    """Return a file in memory, which no folder knows; elsewhere than on Linux one without name."""
    if hasattr(os, "memfd_create"):
        return io.FileIO(os.memfd_create("fil"), "r+")  # type: ignore[return-value]
    return tempfile.TemporaryFile()  # type: ignore[return-value]
