"""The child process that opens archives and spreadsheets of lists; stands beside sandbox_worker.

Run as `python -I sandbox_archive.py TASK`: `list-zip` answers with the names and sizes of the files
in the archive on standard input, `member-zip:N` with the bytes of the file at that place, and
`rows-xlsx` with the first sheet as rows of text. What would be hostile to unpack is refused whole.
"""

from __future__ import annotations

import codecs
import importlib.util
import io
import json
import stat
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

_SPEC = importlib.util.spec_from_file_location(
    "sandbox_worker", Path(__file__).with_name("sandbox_worker.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
worker: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(worker)

MAX_FILES = 5_000
MAX_NAME = 400
MAX_MEMBER = 100 * worker.MEGABYTE
MAX_TOTAL = 4_000 * worker.MEGABYTE
MAX_RATIO = 200
MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_CELL = 2_000
# Also as UTF-16 writes them, in whichever order.
ENTITY_MARKS = tuple(
    mark
    for word in ("<!DOCTYPE", "<!ENTITY")
    for mark in (word.encode("ascii"), word.encode("utf-16-le")[:-1])
)
# What macOS and Windows leave in archives, and nobody put there.
RUBBISH = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def list_zip(source: Any) -> bytes:
    """Return names and size of each file, in the archive's order, or refuse the archive."""
    codecs.lookup("cp850")
    worker.close_the_door()
    with _opened(source) as archive:
        entries = archive.infolist()
        _check_archive(entries)
        found = [
            {"place": place, "names": _names(entry), "size": entry.file_size}
            for place, entry in enumerate(entries)
            if not entry.is_dir() and not _is_rubbish(entry.filename)
        ]
    return json.dumps(found, ensure_ascii=True).encode("ascii")


def read_member(source: Any, place: int) -> bytes:
    """Return the bytes of one file of the archive, never more than it says."""
    worker.close_the_door()
    with _opened(source) as archive:
        entries = archive.infolist()
        _check_archive(entries)
        with archive.open(entries[place]) as part:
            data: bytes = part.read(MAX_MEMBER + 1)
    if len(data) > MAX_MEMBER:
        raise worker.Refused("bomb")
    return data


def read_rows(source: Any) -> bytes:
    """Return the rows of the first sheet as text: days as 2026-12-31, numbers without decimals."""
    import openpyxl  # noqa: PLC0415
    import openpyxl.reader.excel  # noqa: PLC0415
    import openpyxl.worksheet._read_only  # noqa: PLC0415

    data = source.read()
    worker.check_office("xlsx", data)
    _refuse_entities(data)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    rows: list[list[str]] = []
    # The sheet's own word about its size is not believed.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        if len(rows) > MAX_ROWS:
            raise worker.Refused("too_long")
        rows.append([_cell(value) for value in row[:MAX_COLUMNS]])
    return json.dumps(rows, ensure_ascii=True).encode("ascii")


def _names(entry: zipfile.ZipInfo) -> list[str]:
    """Return what the file may be called: some archives say not in which letters they write."""
    names = [entry.filename]
    if not entry.flag_bits & 0x800 and not entry.filename.isascii():
        for letters in ("utf-8", "cp850"):
            try:
                names.insert(0, entry.filename.encode("cp437").decode(letters))
            except UnicodeError:
                continue
    return names


def _opened(source: Any) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise worker.Refused("wrong_type") from error


def _is_rubbish(name: str) -> bool:
    low = name.lower()
    return low.startswith(RUBBISH[0]) or low.rpartition("/")[2] in RUBBISH[1:]


def _check_archive(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the archive says of itself, before anything is unpacked."""
    if len(entries) > MAX_FILES:
        raise worker.Refused("many_files")
    total = 0
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        parts = name.split("/")
        is_outside = name.startswith("/") or ".." in parts or (parts[0][1:2] == ":")
        if is_outside or len(name) > MAX_NAME or "\x00" in entry.orig_filename:
            raise worker.Refused("path")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise worker.Refused("link")
        if entry.flag_bits & 1:
            raise worker.Refused("encrypted")
        total += entry.file_size
        packed = max(entry.compress_size, 1)
        is_dense = entry.file_size > 10 * worker.MEGABYTE and entry.file_size > packed * MAX_RATIO
        if is_dense or total > MAX_TOTAL or entry.file_size > MAX_MEMBER:
            raise worker.Refused("bomb")
    _check_overlap(entries)


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise worker.Refused("bomb")
        end = entry.header_offset + 30 + entry.compress_size
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise worker.Refused("twice")


def _refuse_entities(data: bytes) -> None:
    """Refuse a document type, which only brings entities: what they name, or what they swell to."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    before = b""
                    while piece := part.read(worker.MEGABYTE):
                        if any(mark in before + piece for mark in ENTITY_MARKS):
                            raise worker.Refused("entities")
                        before = piece[-32:]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL]


def main() -> int:
    """Do the one task as the other worker does; the archive is read where it lies."""
    task, _colon, place = sys.argv[1].partition(":")
    source = sys.stdin.buffer
    tasks = {
        "member-zip": lambda: read_member(source, int(place)),
        "list-zip": lambda: list_zip(source),
        "rows-xlsx": lambda: read_rows(source),
    }

    def do() -> bytes:
        # Within the limits: also what names no task ends as what cannot be read.
        return tasks[task]()

    return int(worker.answer(do))


if __name__ == "__main__":
    sys.exit(main())
