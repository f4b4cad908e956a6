"""Reads the list of documents from a former system, CSV or XLSX, from a file on disk."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from intranet.core.errors import InvalidInput
from intranet.core.file_store import make_temporary
from intranet.core.file_types import clean_name, extension_of, is_plain_text
from intranet.core.text import _
from intranet.core.unpacking import read_sheet, receive_temporary
from intranet.library.take_in import ListRefused, ListRow, read_csv, read_rows
from intranet.library.take_in_words import list_fault_in_words

LONGEST_CSV = 10 * 1024 * 1024
KINDS = frozenset({"csv", "xlsx"})


def read_list(path: Path, name: str) -> list[ListRow]:
    """Return the lines of the list at `path`, which is called `name`.

    Raises InvalidInput(field="list") that says what to mend.
    """
    kind = extension_of(name)
    if kind not in KINDS:
        raise InvalidInput(_("Listen må være CSV eller XLSX."), field="list")
    try:
        return read_rows(read_sheet(path) if kind == "xlsx" else read_csv(_bytes(path)))
    except ListRefused as refused:
        raise InvalidInput(
            list_fault_in_words(refused.fault, refused.about), field="list"
        ) from refused


def receive_list(stream: IO[bytes], filename: str | None) -> tuple[list[ListRow], str]:
    """Return the lines of a list that was sent, and its name; it is not kept itself."""
    name = clean_name(filename)
    path = make_temporary()
    try:
        receive_temporary(stream, path, field="list")
        return read_list(path, name), name
    finally:
        path.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes:
    data = path.read_bytes() if path.stat().st_size <= LONGEST_CSV else b""
    if not data or not is_plain_text(data):
        raise InvalidInput(
            _("Listen kan ikke leses. Lagre den på nytt som CSV eller XLSX."), field="list"
        )
    return data
