"""The child process that also takes out who made a file; refuses what it cannot make clean.

Run as `python -I sandbox_traceless.py TASK` like `sandbox_worker.py`, whose limits and tasks it
uses. Fails closed: whatever it does not know how to clean is refused, not passed on.
"""

# ruff: noqa: PLC0415  Each task loads only the libraries that it needs.

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from typing import Any

_SPEC = importlib.util.spec_from_file_location(
    "sandbox_worker", Path(__file__).with_name("sandbox_worker.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
worker: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(worker)

# Who, when and with what, wherever in the document it stands.
PDF_TRACES = {
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/CreatorInfo",
    "/SpiderInfo",
    "/URIActions",
}
# Of a comment or a field: author, moments, names, and what it answers.
ANNOTATION_TRACES = {"/T", "/M", "/CreationDate", "/NM", "/Subj", "/RC", "/Popup", "/IRT"}
FIELD_TRACES = {"/M", "/CreationDate", "/NM"}
# Pictures whose inner boxes we do not read.
UNKNOWN_PICTURES = {"/JPXDecode"}
JPEG_START, JPEG_SCAN = b"\xff\xd8", 0xDA
JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
# APP0 (JFIF) and APP14 (Adobe) say how colours are meant; the rest are EXIF, XMP, comments …
JPEG_KEPT_APPS = frozenset({0xE0, 0xEE})
COMMENT = 0xFE


def clean_pdf_of_traces(data: bytes) -> bytes:
    """Return the PDF as `clean_pdf` does, and without authors, moments and hidden picture data."""
    import pikepdf

    disarmed = worker.clean_pdf(data)
    try:
        document = pikepdf.open(io.BytesIO(disarmed))
    except pikepdf.PasswordError as error:
        raise worker.Refused("encrypted") from error
    with document:
        if worker._is_signed(document):
            # Every change breaks the signature, and the signature names its owner.
            raise worker.Refused("signed")
        for thing in document.objects:
            _take_out_traces(thing)
        for key in ("/Info", "/ID"):
            if key in document.trailer:
                del document.trailer[key]
        result = io.BytesIO()
        document.save(result, encryption=False, deterministic_id=True)
    return result.getvalue()


def _take_out_traces(thing: Any, depth: int = 0) -> None:
    import pikepdf

    if depth > worker.MAX_DEPTH:
        raise worker.Refused("unreadable")
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            if not worker._is_indirect(item):
                _take_out_traces(item, depth + 1)
        return
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    doomed = PDF_TRACES & set(thing.keys())
    if "/Rect" in thing:
        # The field of a form goes by its name: there /T is not an author.
        is_field = str(thing.get("/Subtype", "")) == "/Widget"
        doomed |= (FIELD_TRACES if is_field else ANNOTATION_TRACES) & set(thing.keys())
    for key in doomed:
        del thing[key]
    for _key, value in thing.items():
        if not worker._is_indirect(value):
            _take_out_traces(value, depth + 1)
    if isinstance(thing, pikepdf.Stream):
        _clean_picture_stream(thing)


def _clean_picture_stream(stream: Any) -> None:
    """Take EXIF and the like out of a JPEG within the document, which keeps it byte for byte."""
    import pikepdf

    found = stream.get("/Filter")
    if found is None:
        return
    filters = [str(each) for each in found] if isinstance(found, pikepdf.Array) else [str(found)]
    if UNKNOWN_PICTURES & set(filters):
        raise worker.Refused("unknown_picture")
    if "/DCTDecode" not in filters:
        return
    if filters != ["/DCTDecode"]:
        raise worker.Refused("unknown_picture")
    options = stream.get("/DecodeParms")
    stream.write(
        strip_jpeg(stream.read_raw_bytes()),
        filter=pikepdf.Name("/DCTDecode"),
        decode_parms=options,
    )


def strip_jpeg(data: bytes) -> bytes:
    """Return the JPEG with its picture alone; refuse one whose segments cannot be followed."""
    if not data.startswith(JPEG_START):
        raise worker.Refused("unknown_picture")
    kept, place = [JPEG_START], 2
    while True:
        while data[place : place + 2] == b"\xff\xff":
            place += 1
        if place + 4 > len(data) or data[place] != 0xFF:
            raise worker.Refused("unknown_picture")
        kind = data[place + 1]
        if kind in JPEG_WITHOUT_LENGTH:
            kept.append(data[place : place + 2])
            place += 2
            continue
        if kind == JPEG_SCAN:
            # What follows the end mark is a second picture or a note; it goes.
            end = data.rfind(b"\xff\xd9", place)
            scan = data[place:] if end < 0 else data[place : end + 2]
            if b"Exif\x00" in scan or b"http://ns.adobe.com/xap" in scan:
                raise worker.Refused("unknown_picture")
            return b"".join([*kept, scan])
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if length < 2 or place + 2 + length > len(data):
            raise worker.Refused("unknown_picture")
        is_app = 0xE0 <= kind <= 0xEF
        if not (kind == COMMENT or (is_app and kind not in JPEG_KEPT_APPS)):
            kept.append(data[place : place + 2 + length])
        place += 2 + length


def main() -> int:
    """Do the one task as the other worker does."""
    worker.TASKS = {
        "clean-pdf": clean_pdf_of_traces,
        **{name: task for name, task in worker.TASKS.items() if name.startswith("picture-")},
    }
    return int(worker.main())


if __name__ == "__main__":
    sys.exit(main())
