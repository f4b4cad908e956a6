"""Which files are welcome and what a file may be called; pure, so it opens nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MAX_NAME = 120
RESERVED = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}
FORBIDDEN_IN_NAMES = frozenset('<>:"|?*%')


@dataclass(frozen=True)
class FileType:
    """A kind of file: media type, the first bytes it must have, what the child does to it."""

    media_type: str
    signature: bytes
    task: str
    is_rewritten: bool = False
    has_text: bool = False


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_ZIP = b"PK\x03\x04"
_JPEG = FileType("image/jpeg", b"\xff\xd8\xff", "picture-jpeg", is_rewritten=True)
_HEIC = FileType("image/jpeg", b"", "picture-heic", is_rewritten=True)

FILE_TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", b"%PDF-", "clean-pdf", is_rewritten=True, has_text=True),
    "docx": FileType(f"{_OOXML}wordprocessingml.document", _ZIP, "check-docx", has_text=True),
    "xlsx": FileType(f"{_OOXML}spreadsheetml.sheet", _ZIP, "check-xlsx", has_text=True),
    "pptx": FileType(f"{_OOXML}presentationml.presentation", _ZIP, "check-pptx", has_text=True),
    "odt": FileType(f"{_ODF}text", _ZIP, "check-odt", has_text=True),
    "ods": FileType(f"{_ODF}spreadsheet", _ZIP, "check-ods", has_text=True),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": FileType("image/png", b"\x89PNG\r\n\x1a\n", "picture-png", is_rewritten=True),
    "webp": FileType("image/webp", b"RIFF", "picture-webp", is_rewritten=True),
    # What an iPhone takes; kept as the JPEG that the child makes of it.
    "heic": _HEIC,
    "heif": _HEIC,
    "txt": FileType("text/plain", b"", ""),
    "csv": FileType("text/csv", b"", ""),
}
PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "heic", "heif"})
DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods"})
ALLOWED = frozenset(FILE_TYPES)
PICTURE_MEDIA_TYPES = frozenset(FILE_TYPES[name].media_type for name in PICTURES)

# Still pictures only; the brands of films and of burst series are other ones.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<body", b"<iframe", b"<x:")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extension_of(name: str) -> str:
    """Return the extension in small letters without its dot, or nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def has_signature(kind: str, head: bytes) -> bool:
    """Whether the first bytes are those of the kind. Text must be text and no markup."""
    if kind == "webp":
        return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if kind in ("heic", "heif"):
        return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS
    if kind in ("txt", "csv"):
        return is_plain_text(head)
    return head.startswith(FILE_TYPES[kind].signature)


def is_plain_text(data: bytes) -> bool:
    """Whether the bytes are text that no browser would take for a page.

    Excel saves CSV in Windows-1252, so bytes that are not UTF-8 are accepted; control characters
    are not.
    """
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((*_MARKUP, b"<!--", b"%pdf", b"mz", b"{\\rtf", b"#!")) and not (
        start.startswith(b"mz") and b"\x00" not in data
    ):
        return False
    return not any(byte < 32 and byte not in (9, 10, 12, 13) for byte in data)


def is_old_office(head: bytes) -> bool:
    """Whether it is a .doc/.xls container, which is also what a password makes of a .docx."""
    return head.startswith(_OLE)


def kept_name(name: str) -> str:
    """Return the name under which a file is kept: a HEIC picture becomes a JPEG."""
    stem, _dot, extension = name.rpartition(".")
    return f"{stem}.jpg" if extension.lower() in ("heic", "heif") else name


def clean_name(raw: str | None) -> str:
    """Return the name that people see: no folders, no invisible or turning characters, æøå kept.

    At most 120 characters with the extension kept; never empty, hidden or a device name.
    """
    text = unicodedata.normalize("NFC", raw or "").replace("\\", "/").rpartition("/")[2]
    text = "".join(
        "_" if char in FORBIDDEN_IN_NAMES else char
        for char in text
        if char == " " or unicodedata.category(char)[0] not in "CZ"
    )
    text = " ".join(text.split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    if stem.split(".")[0].strip().lower() in RESERVED or not stem.strip("_ ."):
        stem = f"fil_{stem}".rstrip("_")
    ending = dot + extension[:10]
    return stem[: MAX_NAME - len(ending)].rstrip(". ") + ending
