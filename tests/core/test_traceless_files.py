"""AN-07, AN-08: what remains of a file is what is seen; what cannot be cleaned is refused."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from intranet.core.errors import InvalidInput
from intranet.core.traceless_files import LONGEST, CleanFile, clean_upload
from tests.core import hostile

TRACE = b"SPOR"


@pytest.fixture(autouse=True)
def _context(context: Flask) -> None:
    """Refusals are translated, which needs the application."""


def clean(data: bytes, name: str) -> CleanFile:
    return clean_upload(io.BytesIO(data), name, 3)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        clean(data, name)
    assert caught.value.field == "files"
    return str(caught.value.message)


def inside(data: bytes) -> bytes:
    """Everything that the PDF holds, unpacked, with every object's words."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def pdf_with(picture: bytes, **stream: object) -> bytes:
    document = pikepdf.open(io.BytesIO(hostile.pdf()))
    image = document.make_stream(
        picture,
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
        **{"Filter": pikepdf.Name.DCTDecode, **stream},
    )  # fmt: skip
    document.pages[0].Resources["/XObject"] = pikepdf.Dictionary(Im0=image)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_jpeg_keeps_its_pixels_and_nothing_else() -> None:
    sent = hostile.jpeg()
    assert TRACE in sent
    kept = clean(sent, "IMG_20261124_1432 Ola Nordmann.JPG")
    assert kept.name == "fil-3.jpg"
    assert TRACE not in kept.data
    assert b"Exif" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert picture.size == (40, 60)


def test_png_loses_text_and_moment() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "FORFATTER-SPOR")
    info.add_itxt("XML:com.adobe.xmp", "XMP-SPOR")
    info.add(b"tIME", b"\x07\xea\x0b\x18\x0e\x00\x00")
    out = io.BytesIO()
    Image.new("RGB", (9, 9), (1, 2, 3)).save(out, "PNG", pnginfo=info, dpi=(299, 299))
    sent = out.getvalue()
    assert TRACE in sent
    kept = clean(sent, "skjermbilde.png").data
    assert TRACE not in kept
    for chunk in (b"tEXt", b"iTXt", b"tIME", b"pHYs", b"eXIf", b"iCCP"):
        assert chunk not in kept


def test_webp_loses_exif_and_xmp() -> None:
    exif = Image.Exif()
    exif[0x010F] = "KAMERA-SPOR"
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "WEBP", exif=exif, xmp=b"XMP-SPOR")
    assert TRACE in out.getvalue()
    assert TRACE not in clean(out.getvalue(), "a.webp").data


def test_pdf_loses_author_moments_and_identity() -> None:
    document = pikepdf.open(io.BytesIO(hostile.pdf(active=True)))
    document.docinfo["/CreationDate"] = "D:20261124143200SPOR"
    page = document.pages[0]
    page.PieceInfo = pikepdf.Dictionary(X=pikepdf.String("PIECE-SPOR"))
    page.LastModified = pikepdf.String("D:20261124SPOR")
    comment = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9],
        Contents=pikepdf.String("Se her"), T=pikepdf.String("OLA-SPOR"),
        M=pikepdf.String("D:SPOR"), NM=pikepdf.String("NM-SPOR"), Subj=pikepdf.String("EMNE-SPOR"),
    )  # fmt: skip
    page.Annots = pikepdf.Array([document.make_indirect(comment)])
    document.trailer["/ID"] = pikepdf.Array(
        [pikepdf.String("ID-SPOR-1234567"), pikepdf.String("ID-SPOR-1234567")]
    )
    out = io.BytesIO()
    document.save(out)
    sent = out.getvalue()
    assert inside(sent).count(TRACE) >= 5
    kept = clean(sent, "Notat fra Ola.pdf")
    assert kept.name == "fil-3.pdf"
    found = inside(kept.data)
    assert TRACE not in found
    # What is written on the page, and the comment's own words, are still there.
    assert b"Slik gj" in found
    assert b"Se her" in found


def test_same_pdf_sent_by_two_has_nothing_that_tells_them_apart() -> None:
    assert clean(hostile.pdf(), "a.pdf").data == clean(hostile.pdf(), "b.pdf").data


def test_photograph_within_a_pdf_loses_its_place_and_keeps_its_pixels() -> None:
    picture = hostile.jpeg()
    kept = clean(pdf_with(picture), "a.pdf").data
    with pikepdf.open(io.BytesIO(kept)) as document:
        raw = document.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert TRACE not in raw
    assert b"Exif" not in raw
    assert TRACE not in kept
    with Image.open(io.BytesIO(raw)) as cleaned, Image.open(io.BytesIO(picture)) as before:
        assert cleaned.tobytes() == before.tobytes()


def test_note_behind_a_photograph_within_a_pdf_is_gone() -> None:
    kept = clean(pdf_with(hostile.jpeg() + b"BAK-SPOR"), "a.pdf").data
    assert TRACE not in kept


@pytest.mark.parametrize(
    ("picture", "stream"),
    [
        (b"\x00\x00\x00\x0cjP  SPOR", {"Filter": pikepdf.Name.JPXDecode}),
        (b"not a jpeg SPOR", {}),
        (b"\xff\xd8\xff\xe1\xff\xffSPOR", {}),
        (
            zlib.compress(hostile.jpeg()),
            {"Filter": pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])},
        ),
    ],
)
def test_pdf_with_a_picture_that_we_cannot_read_is_refused(
    picture: bytes, stream: dict[str, object]
) -> None:
    """AN-08."""
    assert "skjermbilde" in refusal(pdf_with(picture, **stream), "a.pdf").lower()


def test_signed_pdf_is_refused_with_the_reason() -> None:
    """AN-08: elsewhere it is kept to the letter; here the letter is the trace."""
    assert "signatur" in refusal(hostile.pdf(signed=True), "a.pdf")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt", "a.svg", "a.zip", "a.txt", "a", ""])
def test_what_cannot_be_cleaned_is_refused_with_an_alternative(name: str) -> None:
    """AN-08: fail closed; a Word file names its author in a dozen places."""
    assert "PDF" in refusal(hostile.jpeg(), name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.jpg"),
        (b"\xff\xd8\xff not a picture", "a.jpg"),
        (b"%PDF-1.4 broken", "a.pdf"),
        (b"GIF89a", "a.png"),
        (b"\xff\xd8\xff" + b"0" * LONGEST, "a.jpg"),
    ],
)
def test_broken_and_too_large_are_refused(data: bytes, name: str) -> None:
    assert refusal(data, name)


def test_nothing_of_it_comes_near_the_disk(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AN-04: no file, no folder's moment; also when it is refused."""
    folder = context.extensions["intranet_settings"].files_dir
    folder.mkdir(exist_ok=True)
    os.utime(folder, (1, 1))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    os.utime(tmp_path, (1, 1))
    before = set(folder.rglob("*"))
    clean(hostile.jpeg(), "a.jpg")
    refusal(hostile.pdf(signed=True), "a.pdf")
    assert set(folder.rglob("*")) == before
    assert (folder.stat().st_mtime, tmp_path.stat().st_mtime) == (1, 1)


@pytest.mark.parametrize("name", ["IMG_0042.HEIC", "bilde.heif"])
def test_a_phones_picture_becomes_a_jpeg_without_traces(name: str) -> None:
    """AN-07: what an iPhone takes unless told otherwise."""
    made = clean_upload(io.BytesIO(hostile.HEIC), name, 1)
    assert made.name == "fil-1.jpg"
    with Image.open(io.BytesIO(made.data)) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert not set(picture.info) & {"exif", "xmp", "comment", "icc_profile"}
