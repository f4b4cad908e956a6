"""Files that somebody might send, made for real: pictures, PDFs, office files and their traps."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib

import docx
import pikepdf
from PIL import Image

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    "{}</Types>"
)


def jpeg(size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """A picture with the place it was taken and its camera, lying on its side."""
    picture = Image.new("RGB", size, (30, 90, 120))
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "KAMERA-SPOR"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 30.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"KOMMENTAR-SPOR", **options)
    return out.getvalue()


def png(size: tuple[int, int] = (20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (1, 2, 3, 100)).save(out, "PNG")
    return out.getvalue()


def pixel_flood(width: int = 65_000, height: int = 65_000) -> bytes:
    """A PNG of a few bytes that says it is 4 gigapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def animated_webp() -> bytes:
    frames = [Image.new("RGB", (8, 8), (n, n, n)) for n in range(0, 250, 25)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=10)
    return out.getvalue()


def pdf(text: str = "Slik gjør du det", *, signed: bool = False, active: bool = False) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    page = document.pages[0]
    page.Contents = document.make_stream(f"BT /F1 12 Tf 20 20 Td ({text}) Tj ET".encode("latin-1"))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    document.docinfo["/Author"] = "FORFATTER-SPOR"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["XMP-SPOR"]
    if active:
        script = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('SKRIPT-SPOR')")
        )
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("LAUNCH-SPOR.exe"))
        document.Root.OpenAction = document.make_indirect(script)
        page.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch
                )
            ]
        )
        document.attachments["skjult.exe"] = b"MZ VEDLEGG-SPOR"
    if signed:
        document.Root.AcroForm = pikepdf.Dictionary(SigFlags=3, Fields=[])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(user="hemmelig", owner="eier"))
    return out.getvalue()


def word(text: str = "Vask hendene først") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def office(kind: str = "docx", types: str = "", **more: bytes) -> bytes:
    """A small office file, with more parts put in."""
    if kind in ("odt", "ods"):
        name = {"odt": "text", "ods": "spreadsheet"}[kind]
        parts = {
            "mimetype": f"application/vnd.oasis.opendocument.{name}".encode(),
            "content.xml": "<c xmlns='urn:x'><p>Innhold på åpent format</p></c>".encode(),
        }
    else:
        main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}.get(
            kind, "ppt/presentation.xml"
        )
        parts = {"[Content_Types].xml": CONTENT_TYPES.format(types).encode(), main: b"<x/>"}
    return zipped(parts | more)


def zip_bomb(megabytes: int) -> bytes:
    """A DOCX whose one part unpacks to so many megabytes of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format(""))
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _number in range(megabytes):
                part.write(b"\x00" * 1024 * 1024)
    return out.getvalue()


def overlapping_zip() -> bytes:
    """A DOCX whose directory names the same compressed bytes many times (Fifield's bomb)."""
    data = bytearray(office(**{"word/a.xml": b"0" * 5000}))
    end = data.rfind(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", data, end + 10)
    directory = bytes(data[offset : offset + size])
    record = directory[: _record_length(directory)]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"word/a.xml", f"word/{n}.xml".encode()) for n in "bcdefghij")
    assert record
    data[offset:end] = directory + copies
    tail = bytearray(data[-22:])
    struct.pack_into("<HHII", tail, 8, count + 9, count + 9, size + len(copies), offset)
    data[-22:] = tail
    return bytes(data)


def _record_length(directory: bytes) -> int:
    name, extra, comment = struct.unpack_from("<HHH", directory, 28)
    return 46 + int(name) + int(extra) + int(comment)


def lying_zip() -> bytes:
    """A DOCX whose part is longer than both its headers say."""
    real = office(**{"word/media.xml": b"A" * 100_000})
    return real.replace(struct.pack("<I", 100_000), struct.pack("<I", 10))


# 64 x 32 points, blue to the left and red to the right, with "HemmeligTelefon" as its camera:
# nothing among the product's packages can write the format.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAH8AAgAAAAACYQABAAAAAAAAAE4AAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADd"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAAAAAAAv///+AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA1W1kYXQA"
    "AAB7KAGvCeA5IyS///ypT97/djv//PGtwTj+Ue3//jw0t/7ZOrXDvc0bgkiG9vYOY/FGl7O6tz+6zPKq4zw4d7A3QB5T"
    "i4IWZSI1g2LGvuWdoDhAH6sZBeigIyYN9W3ErU8AaqGgNMJbVwb+taUOytEAVpOrLS9rCsD9WL8XAAAABkV4aWYAAE1N"
    "ACoAAAAIAAIBDgACAAAADgAAACYBEAACAAAAEAAAADQAAAAAUG9zaXNqb24gNTkuOQBIZW1tZWxpZ1RlbGVmb24A"
)
