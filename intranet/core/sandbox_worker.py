"""The child process that opens untrusted files; stands alone and may open nothing else.

Run as `python -I sandbox_worker.py TASK`, with the file on standard input and the result on
standard output. Ends with 0 when all is well, with REFUSED and a reason on standard error when the
file is not acceptable; every other end means that the file could not be read.
"""

# ruff: noqa: PLC0415  Each task loads only the libraries that it needs.

from __future__ import annotations

import codecs
import contextlib
import importlib
import io
import pkgutil
import re
import resource
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

REFUSED = 10
MEGABYTE = 1024 * 1024
MEMORY = 640 * MEGABYTE
CPU_SECONDS = 20
RESULT_BYTES = 80 * MEGABYTE

# A picture of 60 megapixels is 180 MB when decoded; larger ones are an attack or a poster.
MAX_PIXELS = 60_000_000
MAX_SIDE = 4096
PICTURE_FORMATS = {"jpeg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "heic": ("HEIF",)}

PDF_AUTHOR = {"/Metadata", "/PieceInfo"}
PDF_ACTIVE = {"/AA", "/AF", "/EmbeddedFiles", "/JavaScript", "/XFA"}
PDF_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"}
PDF_PLAYERS = {"/FileAttachment", "/RichMedia", "/Movie", "/Screen"}
MAX_DEPTH = 80

MAX_ENTRIES = 5_000
MAX_UNPACKED = 150 * MEGABYTE
MAX_RATIO = 120
MAX_TEXT = 400_000
MAX_PAGES = 400
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
OFFICE_PARTS |= {"pptx": "ppt/presentation.xml", "odt": "content.xml", "ods": "content.xml"}
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
ODF_TYPES = {"odt": OPEN_DOCUMENT + b"text", "ods": OPEN_DOCUMENT + b"spreadsheet"}
MACRO_PARTS = ("/vbaproject", "/vbadata", "/macrosheets/", "/activex/")
MACRO_FOLDERS = ("basic/", "scripts/")
EXECUTABLE = re.compile(
    r"\.(exe|dll|scr|com|bat|cmd|ps1|vb[se]|jse?|wsf|hta|lnk|msi|jar|iso|img|reg"
    r"|zip|7z|rar|cab|do[ct]m|xl[ts]m|xlam|p[po]tm|ppsm)$"
)


class Refused(Exception):
    """The file is not acceptable; the text is a reason that the parent knows."""


def limit_resources() -> None:
    """Bound memory, time and output. Called before anything untrusted is touched."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (RESULT_BYTES, RESULT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_the_door() -> None:
    """From here on no file and no socket can be opened: the standard streams are all."""
    # Python fetches these from disk at first use; old zip names are in the first one.
    for encoding in ("cp437", "utf-16-be", "utf-16-le", "utf-8-sig", "latin-1", "cp1252", "ascii"):
        codecs.lookup(encoding)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def clean_picture(kind: str, data: bytes) -> bytes:
    """Return the picture drawn anew: turned upright, without EXIF, place, thumbnail or comment."""
    from PIL import Image, ImageOps

    Image.preinit()
    Image.init()
    if kind == "heic":
        import pi_heif

        # One thread: each more takes its stack of the little memory there is.
        pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = None  # Our own check below says why.
    close_the_door()
    # A phone may put a second picture behind the first (MPO); the first one is what the person
    # took.
    formats = ("JPEG", "MPO") if kind == "jpeg" else PICTURE_FORMATS[kind]
    with Image.open(io.BytesIO(data), formats=formats) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused("too_many_pixels")
        if kind not in ("jpeg", "heic") and getattr(picture, "n_frames", 1) > 1:
            raise Refused("animated")
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(picture)
    kind = "jpeg" if kind == "heic" else kind
    plain = upright.convert("RGB" if kind == "jpeg" or not _has_alpha(upright) else "RGBA")
    result = io.BytesIO()
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    options = {"jpeg": {"quality": 88}, "png": {"compress_level": 6}, "webp": {"quality": 85}}[kind]
    fresh.save(result, PICTURE_FORMATS[kind][0], **options)
    return result.getvalue()


def _has_alpha(picture: Any) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def clean_pdf(data: bytes) -> bytes:
    """Return the PDF without author data, scripts, launch actions and attachments.

    A signed one is returned as it is, since every change breaks the signature; then it must be
    inert.
    """
    import pikepdf

    close_the_door()
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    with document:
        if not len(document.pages):
            raise Refused("unreadable")
        found = sum(_disarm(thing) for thing in document.objects)
        if _is_signed(document):
            if found:
                raise Refused("active_content")
            return data
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        result = io.BytesIO()
        document.save(result, encryption=False)
    return result.getvalue()


def _disarm(thing: Any, depth: int = 0) -> int:
    """Remove what acts, hides files or names authors below an object; count what acted."""
    import pikepdf

    if depth > MAX_DEPTH:
        raise Refused("unreadable")
    if isinstance(thing, pikepdf.Array):
        return sum(_disarm(item, depth + 1) for item in thing if not _is_indirect(item))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return 0
    for key in PDF_AUTHOR & set(thing.keys()):
        del thing[key]
    doomed = PDF_ACTIVE & set(thing.keys())
    if str(thing.get("/S", "")) in PDF_ACTIONS or str(thing.get("/Subtype", "")) in PDF_PLAYERS:
        doomed |= {"/S", "/JS", "/F", "/FS", "/Win", "/RichMediaContent", "/Movie"} & set(
            thing.keys()
        )
    for key in doomed:
        del thing[key]
    below = [value for _key, value in thing.items() if not _is_indirect(value)]
    return len(doomed) + sum(_disarm(value, depth + 1) for value in below)


def _is_indirect(item: Any) -> bool:
    return bool(getattr(item, "is_indirect", False))  # The walk meets it by itself.


def _is_signed(document: Any) -> bool:
    form = document.Root.get("/AcroForm")
    return form is not None and bool(int(form.get("/SigFlags", 0)) & 1)


def check_office(kind: str, data: bytes) -> bytes:
    """Return the office file unchanged if its parts are what they say and hold no macro."""
    close_the_door()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _check_declared(entries)
        names = [entry.filename for entry in entries]
        if len(set(names)) != len(names) or OFFICE_PARTS[kind] not in names:
            raise Refused("wrong_type")
        _check_parts(names)
        if kind in ODF_TYPES:
            if "mimetype" not in names or archive.read("mimetype").strip() != ODF_TYPES[kind]:
                raise Refused("wrong_type")
        elif "[Content_Types].xml" not in names:
            raise Refused("wrong_type")
        else:
            types = archive.read("[Content_Types].xml").lower()
            if b"macroenabled" in types or b"vbaproject" in types:
                raise Refused("macros")
        # Reading every part through proves that no part is larger or other than it says.
        for entry in entries:
            with archive.open(entry) as part:
                while part.read(MEGABYTE):
                    pass
    return b""


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by the sizes that the archive itself declares, before anything is unpacked."""
    if len(entries) > MAX_ENTRIES:
        raise Refused("bomb")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 10 * MEGABYTE and unpacked > packed * MAX_RATIO):
        raise Refused("bomb")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Refused("bomb")
        end = entry.header_offset + 30 + entry.compress_size
        if entry.flag_bits & 1:
            raise Refused("encrypted")


def _check_parts(names: list[str]) -> None:
    for name in names:
        low = name.lower()
        if low.startswith(MACRO_FOLDERS) or any(part in f"/{low}" for part in MACRO_PARTS):
            raise Refused("macros")
        if EXECUTABLE.search(low) or "oleobject" in low:
            raise Refused("embedded")
        if low.startswith("/") or ".." in low.split("/"):
            raise Refused("wrong_type")


def read_pdf_text(data: bytes) -> bytes:
    """Return the plain text of a PDF for search, at most MAX_TEXT characters."""
    import pypdf

    # It loads parts of itself only when a page needs them; by then the door is closed.
    for module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
        with contextlib.suppress(ImportError):
            importlib.import_module(module.name)
    close_the_door()
    pieces: list[str] = []
    length = 0
    for page in pypdf.PdfReader(io.BytesIO(data)).pages[:MAX_PAGES]:
        pieces.append(page.extract_text())
        length += len(pieces[-1])
        if length > MAX_TEXT:
            break
    return _as_result(pieces)


def read_office_text(kind: str, data: bytes) -> bytes:
    """Return the plain text of an office file for search, at most MAX_TEXT characters."""
    from defusedxml.ElementTree import iterparse

    close_the_door()
    pieces: list[str] = []
    length = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in _text_parts(kind, archive.namelist()):
            with archive.open(name) as part:
                for _event, element in iterparse(part, forbid_dtd=True):
                    text = (element.text or "").strip("\n")
                    ends = element.tag.rpartition("}")[2] in ("p", "h", "si")
                    pieces.append(text + ("\n" if ends else ""))
                    length += len(text)
                    element.clear()
                    if length > MAX_TEXT:
                        return _as_result(pieces)
    return _as_result(pieces)


def _text_parts(kind: str, names: list[str]) -> list[str]:
    wanted = {
        "docx": "word/document.xml",
        "xlsx": "xl/sharedStrings.xml",
        "pptx": "ppt/slides/slide",
    }
    return [name for name in names if name.startswith(wanted.get(kind, "content.xml"))]


def _as_result(pieces: list[str]) -> bytes:
    return "".join(pieces)[:MAX_TEXT].encode("utf-8", "replace")


TASKS: dict[str, Callable[[bytes], bytes]] = {"clean-pdf": clean_pdf, "text-pdf": read_pdf_text}
TASKS |= {f"picture-{kind}": partial(clean_picture, kind) for kind in PICTURE_FORMATS}
TASKS |= {f"check-{kind}": partial(check_office, kind) for kind in OFFICE_PARTS}
TASKS |= {f"text-{kind}": partial(read_office_text, kind) for kind in OFFICE_PARTS}


def main() -> int:
    """Do the one task and return how it went."""
    return answer(lambda: TASKS[sys.argv[1]](sys.stdin.buffer.read()))


def answer(do: Callable[[], bytes]) -> int:
    """Do it within the limits; write what came of it, or why it is refused, and return how."""
    limit_resources()
    try:
        result = do()
    except Refused as refused:
        sys.stderr.write(str(refused))
        return REFUSED
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes ends here.
        sys.stderr.write(f"unreadable {type(error).__name__}")
        return 1
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
