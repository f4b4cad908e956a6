"""Uploaded files: names, types, hostile contents, storage (security.md FI)."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from intranet.core import clock, file_store, files, sandbox
from intranet.core.actor import SYSTEM
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.file_types import clean_name, extension_of
from intranet.core.files import receive_upload, store_upload, text_of
from intranet.core.models import StoredFile
from intranet.extensions import db
from tests.core import hostile


def receive(data: bytes, name: str) -> files.ReceivedFile:
    return receive_upload(io.BytesIO(data), name)


def kept(received: files.ReceivedFile) -> bytes:
    return file_store.path_of_token(received.token).read_bytes()


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        receive(data, name)
    assert caught.value.field == "file"
    return str(caught.value.message)


_MEASURE = """
import importlib.util, resource, subprocess, sys
spec = importlib.util.spec_from_file_location("sandbox", sys.argv[1])
sandbox = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sandbox)
try:
    with open(sys.argv[3], "rb") as source:
        sandbox.run_task(sys.argv[2], source, subprocess.DEVNULL)
except sandbox.FileRefused as refused:
    print(refused.reason)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def memory_mb(task: str, data: bytes, folder: Path) -> float:
    """Return the most memory that the refusing child used.

    Measured from a small process of its own: a child counts what its parent held when it was
    started, and this one holds a whole application and its tests.
    """
    file = folder / "hostile"
    file.write_bytes(data)
    command = [sys.executable, "-c", _MEASURE, str(sandbox.__file__), task, str(file)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert len(said) == 2, "it was not refused"
    return int(said[1]) / 1024


def everything_on_disk(app: Flask) -> list[Path]:
    folder = app.extensions["intranet_settings"].files_dir
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def _clean(context: Flask) -> None:
    for path in everything_on_disk(context):
        path.unlink()


# Names (FI-01)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/absolutt/sti/fil.pdf", "fil.pdf"),
        ("C:\\Users\\kari\\Skrivebord\\fil.pdf", "fil.pdf"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("CON.pdf", "fil_CON.pdf"),
        ("lpt1.old.pdf", "fil_lpt1.old.pdf"),
        (".htaccess.txt", "htaccess.txt"),
        ("faktura\u202efdp.exe.pdf", "fakturafdp.exe.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("linje\r\nskift.pdf", "linjeskift.pdf"),
        ("øøø.pdf", "øøø.pdf"),
        ("Ærlig.PDF", "Ærlig.PDF"),
        ("a\u030ar.pdf", "år.pdf"),
        ('sitat"<tegn>.pdf', "sitat__tegn_.pdf"),
        ("  mange   blanke  .pdf", "mange blanke.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("...pdf", "pdf"),
        ("", "fil"),
        (None, "fil"),
    ],
)
def test_the_shown_name_is_safe_and_keeps_norwegian_letters(sent: str | None, shown: str) -> None:
    """FI-01."""
    assert clean_name(sent) == shown


def test_a_name_of_300_letters_is_cut_and_keeps_its_extension() -> None:
    """FI-01."""
    name = clean_name("ø" * 300 + ".docx")
    assert len(name) == 120
    assert extension_of(name) == "docx"


@pytest.mark.usefixtures("_clean")
def test_a_file_lies_under_a_random_name_that_only_the_application_reads(context: Flask) -> None:
    """FI-01, FI-19."""
    received = receive(b"hei", "../../passwd.txt")
    (path,) = everything_on_disk(context)
    assert path.name == received.token
    assert "passwd" not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    static = Path(context.static_folder or "").resolve()
    assert static not in path.resolve().parents


# Types (FI-03, FI-10, FI-14)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", hostile.pdf()),
        ("a.docx", hostile.word()),
        ("a.xlsx", hostile.office("xlsx")),
        ("a.pptx", hostile.office("pptx")),
        ("a.odt", hostile.office("odt")),
        ("a.ods", hostile.office("ods")),
        ("a.jpg", hostile.jpeg()),
        ("a.JPEG", hostile.jpeg()),
        ("a.png", hostile.png()),
        ("a.txt", "Ren tekst med æøå".encode()),
        ("a.csv", "navn;år\nKåre;2026\n".encode("cp1252")),
    ],
)
@pytest.mark.usefixtures("context")
def test_an_allowed_file_is_received(name: str, data: bytes) -> None:
    received = receive(data, name)
    assert received.size > 0
    assert received.name == name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", hostile.png()),
        ("a.png", hostile.pdf()),
        ("a.jpg", hostile.png()),
        ("a.docx", hostile.office("xlsx")),
        ("a.xlsx", hostile.word()),
        ("a.odt", hostile.office("ods")),
        ("a.docx", hostile.zipped({"a.txt": b"x"})),
        ("a.docx", b"PK\x03\x04 nothing"),
        ("a.pdf", b"MZ\x90\x00" + hostile.pdf()),
        ("a.jpg", b"GIF89a/*" + hostile.jpeg() + b"*/=1;alert(1)"),
        ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a.txt", b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.txt", b"MZ\x90\x00\x03"),
        ("a.csv", b"a;b\n\x00;1"),
        ("a.txt", b"L\x00\x00\x00\x01\x14\x02\x00"),
    ],
)
@pytest.mark.usefixtures("context")
def test_content_that_disagrees_with_the_extension_is_refused(name: str, data: bytes) -> None:
    """FI-03."""
    assert refusal(data, name)


@pytest.mark.parametrize(
    "name",
    ["a.svg", "a.html", "a.xhtml", "a.xml", "a.zip", "a.7z", "a.exe", "a.docm", "a.xlsm", "a.doc",
     "a.lnk", "a.iso", "a.hta", "a.gif", "a", "a.", "pdf", "a.pdf.js"],
)  # fmt: skip
@pytest.mark.usefixtures("context")
def test_a_type_that_is_not_on_the_list_is_refused_with_the_list(name: str) -> None:
    """FI-02, FI-14."""
    assert "PDF" in refusal(b"data", name)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("name", ["bilde.HEIC", "bilde.heif"])
def test_an_iphones_picture_is_kept_as_a_jpeg_without_its_traces(name: str) -> None:
    """FI-06, AN-07."""
    assert b"HemmeligTelefon" in hostile.HEIC
    received = receive(hostile.HEIC, name)
    data = kept(received)
    assert (received.name, received.media_type) == ("bilde.jpg", "image/jpeg")
    assert b"HemmeligTelefon" not in data
    assert b"Exif" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 32))
        red, _green, blue = picture.convert("RGB").getpixel((60, 16))  # type: ignore[misc]
        assert red > 150 > blue


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x18ftypheic",
        hostile.HEIC[:300],
        hostile.HEIC[:-40] + b"\xff" * 8,
        hostile.jpeg(),
        hostile.HEIC.replace(b"ftypheic", b"ftyphevc"),
    ],
)
def test_what_is_no_heic_picture_is_refused(data: bytes) -> None:
    assert refusal(data, "bilde.heic")


@pytest.mark.usefixtures("context")
def test_only_the_types_that_the_caller_allows_are_received() -> None:
    with pytest.raises(InvalidInput):
        receive_upload(io.BytesIO(hostile.pdf()), "a.pdf", allowed={"jpg", "png"})


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (hostile.office(**{"word/vbaProject.bin": b"x"}), "makroer"),
        (hostile.office(types="<Override ContentType='application/vnd.ms-word.macroEnabled'/>"),
         "makroer"),
        (hostile.office(**{"word/activeX/activeX1.xml": b"x"}), "makroer"),
        (hostile.office(**{"word/embeddings/oleObject1.bin": b"x"}), "andre filer"),
        (hostile.office(**{"word/media/setup.exe": b"MZ"}), "andre filer"),
        (hostile.office(**{"word/media/inne.zip": b"PK"}), "andre filer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "passord"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("context")
def test_macros_embedded_programs_and_passwords_are_refused_with_the_reason(
    data: bytes, word: str
) -> None:
    """FI-14."""
    assert word in refusal(data, "a.docx")


@pytest.mark.usefixtures("context")
def test_an_open_document_with_macros_is_refused() -> None:
    """FI-14."""
    assert "makroer" in refusal(hostile.office("odt", **{"Basic/Standard/m.xml": b"x"}), "a.odt")


@pytest.mark.usefixtures("context")
def test_a_pdf_with_a_password_is_refused_with_the_reason() -> None:
    """FI-14."""
    assert "passord" in refusal(hostile.encrypted_pdf(), "a.pdf")


# Bombs (FI-04, FI-07)


@pytest.mark.usefixtures("context")
def test_a_zip_bomb_is_refused_by_its_declared_size_within_the_memory_limit(
    tmp_path: Path,
) -> None:
    """FI-04: 200 MB declared, refused before unpacking."""
    bomb = hostile.zip_bomb(200)
    assert len(bomb) < 1_000_000
    started = time.monotonic()
    assert "pakker seg ut" in refusal(bomb, "a.docx")
    assert time.monotonic() - started < 5
    assert memory_mb("check-docx", bomb, tmp_path) < 300


@pytest.mark.parametrize("data", [hostile.overlapping_zip(), hostile.lying_zip()])
@pytest.mark.usefixtures("context")
def test_an_archive_that_lies_about_its_parts_is_refused(data: bytes) -> None:
    """FI-04: overlapping entries; a part longer than declared."""
    assert zipfile.is_zipfile(io.BytesIO(data))
    assert refusal(data, "a.docx")


@pytest.mark.usefixtures("context")
def test_too_many_entries_are_refused() -> None:
    """FI-04."""
    many = {f"word/{n}.xml": b"" for n in range(5_001)}
    assert "pakker seg ut" in refusal(hostile.office(**many), "a.docx")


@pytest.mark.usefixtures("context")
def test_a_pixel_flood_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """FI-07."""
    assert "for stort" in refusal(hostile.pixel_flood(), "a.png")
    assert memory_mb("picture-png", hostile.pixel_flood(), tmp_path) < 300


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", hostile.jpeg()[:400]),
        ("a.png", hostile.png()[:60]),
        ("a.webp", hostile.animated_webp()),
        ("a.pdf", b"%PDF-1.7\n garbage"),
    ],
)
@pytest.mark.usefixtures("context")
def test_a_broken_or_moving_picture_and_a_broken_pdf_are_refused(name: str, data: bytes) -> None:
    """FI-07."""
    assert refusal(data, name)


# Traces (AN-07) and active content (FI-15)


@pytest.mark.usefixtures("context")
def test_a_picture_is_drawn_anew_upright_without_place_and_camera() -> None:
    data = kept(receive(hostile.jpeg(), "a.jpg"))
    assert b"SPOR" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert picture.size == (40, 60)


@pytest.mark.usefixtures("context")
def test_what_hides_behind_a_picture_is_gone() -> None:
    """FI-03: JPEG with HTML behind it."""
    data = kept(receive(hostile.jpeg() + b"<script>alert('SPOR')</script>", "a.jpg"))
    assert b"SPOR" not in data


@pytest.mark.usefixtures("context")
def test_a_large_photograph_is_made_smaller() -> None:
    with Image.open(io.BytesIO(kept(receive(hostile.jpeg((5000, 2500)), "a.jpg")))) as picture:
        assert max(picture.size) == 4096


@pytest.mark.usefixtures("context")
def test_a_pdf_loses_author_scripts_launches_and_hidden_files() -> None:
    """FI-15, AN-07."""
    received = receive(hostile.pdf(active=True), "a.pdf")
    import pikepdf

    with pikepdf.open(io.BytesIO(kept(received))) as document:
        text = "".join(repr(thing) for thing in document.objects)
        assert len(document.attachments) == 0
        assert "/Info" not in document.trailer
    for word in ("SPOR", "JavaScript", "Launch", "EmbeddedFile"):
        assert word not in text, word


@pytest.mark.usefixtures("context")
def test_a_signed_pdf_is_kept_to_the_letter_and_refused_when_it_acts() -> None:
    """A rewritten signature proves nothing."""
    signed = hostile.pdf(signed=True)
    assert kept(receive(signed, "a.pdf")) == signed
    assert "signerte" in refusal(hostile.pdf(signed=True, active=True), "a.pdf")


# Size, space, storage (FI-06, FI-11, FI-13, CF-04)


@pytest.mark.usefixtures("_clean")
def test_one_byte_over_the_limit_is_refused_and_leaves_nothing(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FI-06."""
    most = context.extensions["intranet_settings"].max_upload_bytes

    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"a" * size

    endless = Endless()
    with pytest.raises(InvalidInput, match="for stor"):
        receive_upload(endless, "a.txt")
    assert endless.read_bytes < most + 1024 * 1024
    assert everything_on_disk(context) == []
    assert receive(b"a" * 1000, "a.txt").size == 1000


@pytest.mark.usefixtures("_clean")
def test_an_empty_file_is_refused_and_leaves_nothing(context: Flask) -> None:
    """FI-13."""
    assert "tom" in refusal(b"", "a.txt")
    assert everything_on_disk(context) == []


@pytest.mark.usefixtures("context")
def test_the_same_file_twice_becomes_two_files_with_one_sum() -> None:
    """FI-13, FI-17: nothing replaces a stored file."""
    first, second = receive(b"likt", "a.txt"), receive(b"likt", "a.txt")
    assert first.token != second.token
    assert first.sha256 == second.sha256


@pytest.mark.usefixtures("context")
def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    """CF-04, on a real device without space."""

    class Full(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            with open("/dev/full", "wb", buffering=0) as device:
                device.write(b"x")
            return b""

    with pytest.raises(NotPossibleNow, match="ikke plass"):
        receive_upload(Full(), "a.txt")


@pytest.mark.usefixtures("_clean")
def test_an_interrupted_upload_leaves_nothing(context: Flask) -> None:
    """FI-18."""

    class Cut(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        receive_upload(Cut(), "a.txt")
    assert everything_on_disk(context) == []


@pytest.mark.usefixtures("_clean")
def test_a_stored_file_has_its_row_and_an_orphan_goes_after_a_day(context: Flask) -> None:
    """FI-11: a file whose row was never committed is removed, but not before the grace is over."""
    stored = store_upload(io.BytesIO(b"beholdes"), "a.txt", actor=SYSTEM)
    db.session.commit()
    orphan = receive(b"uten rad", "b.txt")
    half = file_store.make_temporary()
    file_store.remove_orphans()
    assert len(everything_on_disk(context)) == 3
    with clock.stopped_at(clock.now() + timedelta(hours=25)):
        file_store.remove_orphans()
        file_store.remove_orphans()
    assert [path.name for path in everything_on_disk(context)] == [stored.token]
    assert not file_store.path_of_token(orphan.token).exists()
    assert not half.exists()
    found = db.session.execute(select(StoredFile)).scalar_one()
    assert (found.name, found.media_type, found.size) == ("a.txt", "text/plain", 8)


@pytest.mark.usefixtures("_clean")
def test_killed_between_file_and_commit_there_is_no_row_without_its_file(context: Flask) -> None:
    """FI-11: a real process is killed after the file is kept and before the commit."""
    instance = context.extensions["intranet_settings"].instance_dir
    script = (
        "import io, os, signal, sys, types\n"
        "from pathlib import Path\n"
        "from flask import Flask\n"
        "from flask_babel import Babel\n"
        "from intranet.config import Settings\n"
        "from intranet.core.files import receive_upload\n"
        "app = Flask('x'); Babel(app)\n"
        f"app.extensions['intranet_settings'] = Settings(instance_dir=Path({str(instance)!r}),"
        " secret_key='s'*32, audit_key='a'*32, database_url='sqlite://')\n"
        "with app.test_request_context():\n"
        "    receive_upload(io.BytesIO(b'hei'), 'a.txt')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(everything_on_disk(context)) == 1
    assert db.session.execute(select(StoredFile.id)).all() == []
    with clock.stopped_at(clock.now() + timedelta(hours=25)):
        file_store.remove_orphans()
    assert everything_on_disk(context) == []


# The child (FI-05, FI-16, D12)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", hostile.pdf("Slik melder du brann"), "Slik melder du brann"),
        ("a.docx", hostile.word("Vask hendene først"), "Vask hendene først"),
        ("a.odt", hostile.office("odt"), "Innhold på åpent format"),
        ("a.txt", "Ren tekst på norsk".encode(), "Ren tekst på norsk"),
        ("a.csv", "Kåre;1".encode("cp1252"), "Kåre"),
        ("a.png", hostile.png(), ""),
    ],
)
@pytest.mark.usefixtures("context")
def test_the_text_of_a_file_is_read_for_search(name: str, data: bytes, words: str) -> None:
    stored = store_upload(io.BytesIO(data), name, actor=SYSTEM)
    assert words in text_of(stored)


@pytest.mark.usefixtures("context")
def test_a_document_whose_text_cannot_be_read_is_kept_without_it() -> None:
    """FI-05, XT-01: an entity that would read a file is refused by the reader; the upload stays."""
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<d><p>&x;</p></d>"
    )
    parts = {"[Content_Types].xml": hostile.CONTENT_TYPES.format("").encode()}
    data = hostile.zipped(parts | {"word/document.xml": evil})
    stored = store_upload(io.BytesIO(data), "a.docx", actor=SYSTEM)
    assert text_of(stored) == ""
    assert stored.size == len(data)


def test_a_child_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CF-19, FI-05: with a worker that never ends."""
    worker = tmp_path / "sleeper.py"
    worker.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(sandbox, "WORKER", worker)
    started = time.monotonic()
    with (tmp_path / "in").open("wb+") as source, pytest.raises(sandbox.FileRefused):
        sandbox.run_task("clean-pdf", source, subprocess.DEVNULL, seconds=0.5)
    assert time.monotonic() - started < 10


def test_the_child_can_open_neither_file_nor_socket_nor_much_memory() -> None:
    """D12, FI-16: tried from inside, after the door is closed."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import sandbox_worker as w, socket, errno\n"
        "w.limit_resources(); w.close_the_door()\n"
        "for attempt in (lambda: open('/etc/hostname'), lambda: socket.socket()):\n"
        "    try: attempt()\n"
        "    except OSError as e: assert e.errno == errno.EMFILE, e\n"
        "    else: sys.exit('opened')\n"
        "try: bytearray(2 * 1024**3)\n"
        "except MemoryError: pass\n"
        "else: sys.exit('took the memory')\n"
    )
    folder = str(sandbox.WORKER.parent)
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_child_sees_no_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D12."""
    worker = tmp_path / "teller.py"
    worker.write_text("import os, sys\nsys.stdout.write(repr(dict(os.environ)))\n")
    monkeypatch.setattr(sandbox, "WORKER", worker)
    monkeypatch.setenv("SECRET_KEY", "HEMMELIG-SPOR")
    with (tmp_path / "in").open("wb+") as source, (tmp_path / "out").open("wb+") as target:
        sandbox.run_task("x", source, target)
    assert "SPOR" not in (tmp_path / "out").read_text()
    assert os.environ["SECRET_KEY"] == "HEMMELIG-SPOR"
