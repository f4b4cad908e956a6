"""Keeps uploaded files: checks, cleans, stores and removes them; may not decide who sees them."""

from __future__ import annotations

import errno
import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from intranet.core.actor import Actor
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.file_store import (
    CHUNK,
    TooLarge,
    copy_in,
    make_temporary,
    path_of_token,
    settle,
)
from intranet.core.file_types import (
    ALLOWED,
    FILE_TYPES,
    PICTURE_MEDIA_TYPES,
    clean_name,
    extension_of,
    has_signature,
    is_old_office,
    is_plain_text,
    kept_name,
)
from intranet.core.file_words import say_reason
from intranet.core.held_files import ask_scanner
from intranet.core.models import ScanState, StoredFile
from intranet.core.sandbox import FileRefused, run_task
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.extensions import db

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceivedFile:
    """A checked file whose bytes are safe on disk, but which no row knows yet."""

    token: str
    name: str
    media_type: str
    size: int
    sha256: str
    scan: ScanState = ScanState.NOT_ASKED


def receive_upload(
    stream: IO[bytes], filename: str | None, *, allowed: Collection[str] = ALLOWED
) -> ReceivedFile:
    """Check, clean and keep the bytes of an upload; to be called before the transaction begins.

    The type is read from the content and must agree with the extension; what the browser claims is
    not asked. Pictures are drawn anew, PDFs lose author data and scripts. Without a row the bytes
    are an orphan that `file_store.remove_orphans` takes. Where a virus scanner is in use it is
    asked first; when it is away the file is kept but held. Raises `InvalidInput(field="file")`, and
    `NotPossibleNow` when the disk is full.
    """
    name = clean_name(filename)
    kind = _kind_of(name, allowed)
    try:
        (token, size, sha256), scan = _keep(stream, kind)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        log.error("no space for files")
        raise NotPossibleNow(
            _("Det er ikke plass til flere filer akkurat nå. Prøv igjen senere."), field="file"
        ) from error
    return ReceivedFile(token, kept_name(name), FILE_TYPES[kind].media_type, size, sha256, scan)


def look_through(
    stream: IO[bytes], filename: str | None, *, allowed: Collection[str] = ALLOWED
) -> str:
    """Check an upload as `receive_upload` does and return its text for search; keep nothing."""
    name = clean_name(filename)
    kind = _kind_of(name, allowed)
    received = make_temporary()
    cleaned = make_temporary()
    try:
        _check(stream, kind, received, cleaned)
        return _text_at(cleaned if FILE_TYPES[kind].is_rewritten else received, kind)
    finally:
        received.unlink(missing_ok=True)
        cleaned.unlink(missing_ok=True)


def keep_made(data: bytes, name: str, media_type: str) -> ReceivedFile:
    """Keep bytes that the product itself made, as they are; otherwise like `receive_upload`."""
    path = make_temporary()
    try:
        path.write_bytes(data)
        token, size, sha256 = settle(path)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        log.error("no space for files")
        raise NotPossibleNow(
            _("Det er ikke plass til flere filer akkurat nå. Prøv igjen senere."), field="file"
        ) from error
    finally:
        path.unlink(missing_ok=True)
    return ReceivedFile(token, name, media_type, size, sha256)


def record_file(received: ReceivedFile, *, actor: Actor) -> StoredFile:
    """Return the new row of a received file, added and flushed. The caller decides who may."""
    stored = StoredFile(
        token=received.token,
        name=received.name,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        scan=received.scan,
        created_by=actor.id,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def store_upload(
    stream: IO[bytes],
    filename: str | None,
    *,
    actor: Actor,
    allowed: Collection[str] = ALLOWED,
) -> StoredFile:
    """Do `receive_upload` and `record_file` in one. Who may upload is decided by the caller.

    Within `transaction()` it holds the write lock while the child looks at the file: what many
    people do at once calls the two apart.
    """
    return record_file(receive_upload(stream, filename, allowed=allowed), actor=actor)


def discard_file(stored: StoredFile) -> None:
    """Forget the file: nobody can fetch it after the commit; the next cleaning takes the bytes.

    The caller removes its own reference, asks its policy and writes the audit entry.
    """
    db.session.delete(stored)
    db.session.flush()


def path_of(stored: StoredFile) -> Path:
    """Return where the bytes are. The name comes from us, never from the person."""
    return path_of_token(stored.token)


def is_picture(stored: StoredFile) -> bool:
    """Whether it is a picture that we drew ourselves, safe to show in a page."""
    return stored.media_type in PICTURE_MEDIA_TYPES


def accepted_extensions(allowed: Collection[str] = ALLOWED) -> str:
    """Return the value of a file control's `accept`: ".docx,.jpg,…"."""
    return ",".join(f".{kind}" for kind in sorted(allowed))


def text_of(stored: StoredFile) -> str:
    """Return the plain text of a document for search, or nothing when it cannot be read."""
    return _read_text(stored.token, stored.name)


def text_of_received(received: ReceivedFile) -> str:
    """Return the plain text of a file that no row knows yet; see `text_of`."""
    return _read_text(received.token, received.name)


def _read_text(token: str, name: str) -> str:
    """Ask the child; one that dies or hangs costs only the text, and the file stays (FI-05)."""
    kind = extension_of(name)
    path = path_of_token(token)
    if kind not in FILE_TYPES or not path.exists():
        return ""
    return _text_at(path, kind)


def _text_at(path: Path, kind: str) -> str:
    if not FILE_TYPES[kind].task:
        data = path.read_bytes()[:CHUNK]
        return data.decode("utf-8" if _is_utf8(data) else "cp1252", "replace")
    if not FILE_TYPES[kind].has_text:
        return ""
    result = make_temporary()
    try:
        with path.open("rb") as source, result.open("wb") as target:
            run_task(f"text-{kind}", source, target)
        return result.read_text(encoding="utf-8", errors="replace").replace("\x00", "")
    except FileRefused:
        return ""
    finally:
        result.unlink(missing_ok=True)


def _kind_of(name: str, allowed: Collection[str]) -> str:
    kind = extension_of(name)
    if kind not in allowed or kind not in FILE_TYPES:
        raise InvalidInput(
            _(
                "Filtypen kan ikke brukes. Du kan legge ved: %(types)s.",
                types=", ".join(sorted(set(allowed) - {"jpeg", "heif"})).upper(),
            ),
            field="file",
        )
    return kind


def _keep(stream: IO[bytes], kind: str) -> tuple[tuple[str, int, str], ScanState]:
    """Write, check and clean the stream; return token, size and hash of what is kept."""
    received = make_temporary()
    cleaned = make_temporary()
    try:
        scan = _check(stream, kind, received, cleaned)
        return settle(cleaned if FILE_TYPES[kind].is_rewritten else received), scan
    finally:
        received.unlink(missing_ok=True)
        cleaned.unlink(missing_ok=True)


def _check(stream: IO[bytes], kind: str, received: Path, cleaned: Path) -> ScanState:
    """Write the stream to the one file and what the child makes of it to the other."""
    _receive(stream, received)
    _check_content(received, kind)
    # As it was sent: the child is not asked to open what the scanner knows.
    scan = refuse_harmful(received)
    file_type = FILE_TYPES[kind]
    if file_type.task:
        with received.open("rb") as source, cleaned.open("wb") as target:
            _ask_child(file_type.task, source, target)
    return scan


def refuse_harmful(path: Path) -> ScanState:
    """Return what the virus scanner says of a file. Raises InvalidInput for a harmful one."""
    scan = ask_scanner(path)
    if scan == ScanState.HARMFUL:
        raise InvalidInput(
            _("Virussjekken fant noe skadelig i filen. Den er ikke tatt imot."), field="file"
        )
    return scan


def _receive(stream: IO[bytes], path: Path) -> None:
    try:
        size = copy_in(stream, path)
    except TooLarge as error:
        most = get_settings().max_upload_bytes // 1024**2
        raise InvalidInput(
            _("Filen er for stor. Den kan være på høyst %(size)s MB.", size=most), field="file"
        ) from error
    if size == 0:
        raise InvalidInput(_("Filen er tom. Velg en annen fil."), field="file")


def _check_content(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        head = file.read(4096)
        if is_old_office(head):
            raise InvalidInput(
                _(
                    "Filen er beskyttet med passord eller lagret i et gammelt format. "
                    "Lagre den på nytt."
                ),
                field="file",
            )
        fits = has_signature(kind, head)
        while fits and kind in ("txt", "csv") and (chunk := file.read(CHUNK)):
            fits = is_plain_text(b"." + chunk)
    if not fits:
        raise InvalidInput(
            _("Innholdet i filen er ikke %(type)s, selv om navnet sier det.", type=kind.upper()),
            field="file",
        )


def _ask_child(task: str, source: BinaryIO, target: BinaryIO) -> None:
    try:
        run_task(task, source, target)
    except FileRefused as refused:
        raise InvalidInput(say_reason(refused.reason), field="file") from refused


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut at the end of what was read is no sign of another encoding.
        return error.start > len(data) - 4
    return True
