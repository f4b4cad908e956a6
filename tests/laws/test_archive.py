"""Archives are read as a stream, and hostile ones are refused as a whole (XT-01 to XT-04)."""

from __future__ import annotations

import io
import os
import tarfile
import time
import tracemalloc
from pathlib import Path

import pytest

from intranet.laws.archive import ArchiveRefused, Limits, Refusal, read_members
from intranet.laws.lovdata import parse_law
from intranet.laws.safe_xml import parse_xml
from tests.laws.builders import archive, law, member, name_of, paragraph, tar

GOOD = law("lov/2001-01-05-1")
GOOD_NAME = name_of("lov/2001-01-05-1")


def refusal_of(stream: io.BytesIO, limits: Limits | None = None) -> Refusal:
    with pytest.raises(ArchiveRefused) as refused:
        for read in read_members(stream, limits):
            parse_law(read.data, read.name)
    return refused.value.code


@pytest.mark.parametrize("packed", ["bz2", "gz", ""])
def test_reader_yields_documents_of_each_packing(packed: str) -> None:
    found = list(read_members(archive(GOOD, law("lov/2001-01-05-2"), packed=packed)))
    assert [read.name for read in found] == [GOOD_NAME, "nl/nl-20010105-002.xml"]
    assert found[0].data == GOOD


def test_reader_passes_over_folders_and_other_harmless_files() -> None:
    picture = b"\x89PNG"
    stream = tar(
        (member("nl/", kind=tarfile.DIRTYPE), b""),
        (member("nl/README.txt", b"hei"), b"hei"),
        (member("static/bilde-01.png", picture), picture),
        (member(GOOD_NAME, GOOD), GOOD),
    )
    assert [read.name for read in read_members(stream)] == [GOOD_NAME]


@pytest.mark.parametrize(
    ("name", "kind", "link", "code"),
    [
        ("../nl-20010105-001.xml", tarfile.REGTYPE, "", Refusal.UNSAFE_NAME),
        ("/etc/nl-20010105-001.xml", tarfile.REGTYPE, "", Refusal.UNSAFE_NAME),
        ("nl/../../nl-20010105-001.xml", tarfile.REGTYPE, "", Refusal.UNSAFE_NAME),
        ("nl\\..\\nl-20010105-001.xml", tarfile.REGTYPE, "", Refusal.UNSAFE_NAME),
        ("nl/nl-2001\n0105.xml", tarfile.REGTYPE, "", Refusal.UNSAFE_NAME),
        ("nl/nl-20010105-009.xml", tarfile.SYMTYPE, "/etc/passwd", Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.LNKTYPE, GOOD_NAME, Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.CHRTYPE, "", Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.BLKTYPE, "", Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.FIFOTYPE, "", Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.CONTTYPE, "", Refusal.NOT_A_FILE),
        ("nl/nl-20010105-009.xml", tarfile.GNUTYPE_SPARSE, "", Refusal.NOT_A_FILE),
        (GOOD_NAME, tarfile.REGTYPE, "", Refusal.DUPLICATE_NAME),
    ],
)
def test_reader_refuses_hostile_member_behind_a_good_one(
    name: str, kind: bytes, link: str, code: Refusal
) -> None:
    """XT-03"""
    evil = member(name, kind=kind)
    evil.linkname = link
    assert refusal_of(tar((member(GOOD_NAME, GOOD), GOOD), (evil, b""))) is code


def test_reader_refuses_setuid_file() -> None:
    """XT-03"""
    evil = member("nl/nl-20010105-009.xml", GOOD)
    evil.mode = 0o4755
    assert refusal_of(tar((evil, GOOD))) is Refusal.NOT_A_FILE


@pytest.mark.parametrize(
    "headers",
    [
        {"path": "../../etc/passwd"},
        {"size": "999999999999"},
        {"linkpath": "/etc/passwd"},
        {"GNU.sparse.realsize": "1099511627776"},
    ],
)
def test_reader_refuses_extended_header_that_changes_name_or_size(headers: dict[str, str]) -> None:
    """XT-03: PAX records"""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as made:
        info = member(GOOD_NAME, GOOD)
        info.pax_headers = headers
        made.addfile(info, io.BytesIO(GOOD))
    raw.seek(0)
    assert refusal_of(raw) is Refusal.UNSAFE_NAME


def test_reader_accepts_extended_header_with_times_only() -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as made:
        info = member(GOOD_NAME, GOOD)
        info.mtime = 1780000000.25  # type: ignore[assignment]
        made.addfile(info, io.BytesIO(GOOD))
    raw.seek(0)
    assert len(list(read_members(raw))) == 1


def test_reader_refuses_long_gnu_name() -> None:
    """XT-03"""
    assert refusal_of(tar((member("a" * 5000 + ".xml"), b""))) in (
        Refusal.UNSAFE_NAME,
        Refusal.NOT_A_FILE,
    )


def test_reader_refuses_member_larger_than_allowed_before_reading_it() -> None:
    """XT-03: a header that claims a terabyte"""
    huge = member("nl/nl-20010105-009.xml")
    huge.size = 2**40
    block = huge.tobuf(tarfile.GNU_FORMAT)
    assert refusal_of(io.BytesIO(block)) is Refusal.MEMBER_TOO_LARGE


def test_reader_refuses_too_many_members() -> None:
    """XT-03"""
    many = [(member(f"nl/a{number}.txt"), b"") for number in range(60)]
    assert refusal_of(tar(*many), Limits(members=50)) is Refusal.TOO_MANY


@pytest.mark.parametrize("packed", ["bz2", "gz"])
def test_reader_stops_a_bomb_at_its_limit_with_little_memory(packed: str) -> None:
    """XT-04"""
    zeros = bytes(15_000_000)
    bomb = tar(*((member(f"nl/a{n}.txt", zeros), zeros) for n in range(4)), packed=packed)
    assert len(bomb.getvalue()) < 100_000
    tracemalloc.start()
    assert refusal_of(bomb, Limits(total_bytes=20_000_000)) is Refusal.TOO_LARGE
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Neither unpacked whole nor read to its end.
    assert peak < 40_000_000


@pytest.mark.parametrize("cut", [700, 30, 5])
def test_reader_refuses_archive_that_was_cut_off(cut: int) -> None:
    whole = archive(GOOD, packed="bz2").getvalue()
    code = refusal_of(io.BytesIO(whole[: max(len(whole) - cut, 3)]))
    assert code in (Refusal.BROKEN, Refusal.UNKNOWN_FORMAT)


def test_reader_refuses_plain_archive_without_its_end() -> None:
    whole = archive(GOOD, packed="").getvalue()
    at_header = (len(GOOD) + 511) // 512 * 512 + 512
    assert refusal_of(io.BytesIO(whole[:at_header])) is Refusal.BROKEN


@pytest.mark.parametrize("data", [b"", b"hei", b"PK\x03\x04" + bytes(600), os.urandom(2048)])
def test_reader_refuses_what_is_no_archive(data: bytes) -> None:
    assert refusal_of(io.BytesIO(data)) in (Refusal.UNKNOWN_FORMAT, Refusal.BROKEN)


ENTITY = '<!DOCTYPE html [<!ENTITY x "{}">]><html>&x;</html>'


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html>&x;</html>',
        '<!DOCTYPE html [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]><html>&x;</html>',
        '<!DOCTYPE html [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><html/>',
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><html/>',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD" "x.dtd"><html/>',
        ENTITY.format("ha" * 100_000),
        "<!DOCTYPE html>" + ENTITY.format("x"),
    ],
)
def test_parser_refuses_document_types_and_entities(text: str) -> None:
    """XT-01"""
    with pytest.raises(ArchiveRefused) as refused:
        parse_xml(text.encode())
    assert refused.value.code is Refusal.UNSAFE_XML


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7"])
def test_parser_refuses_encodings_that_hide_markup(encoding: str) -> None:
    """XT-01"""
    text = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html>&x;</html>'
    with pytest.raises(ArchiveRefused):
        parse_xml(text.encode(encoding))


def test_parser_leaves_xinclude_unread() -> None:
    """XT-01"""
    text = (
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/hostname"/></html>'
    )
    root = parse_xml(text.encode())
    assert "".join(root.itertext()).strip() == ""


@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<a>" * 200_000 + "</a>" * 200_000 + "</html>",
        "<html>" + "<a>" * 100 + "</a>" * 100 + "</html>",
        '<html a="' + "x" * 12_000_000 + '"/>',
        '<!DOCTYPE lolz [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><lolz>&b;</lolz>',
    ],
)
def test_parser_refuses_depth_and_size_before_it_has_read_it_all(text: str) -> None:
    """XT-02: the processor's time, and far more of it than a refusal takes; a bomb takes hours."""
    data = text.encode()
    started = time.thread_time()
    with pytest.raises(ArchiveRefused):
        parse_xml(data)
    assert time.thread_time() - started < 20


def test_parser_reads_other_spellings_as_normal_text() -> None:
    """XT-09: latin-1 marked UTF-8, BOM, CRLF, NFD, soft hyphens, HTML's named characters"""
    body = paragraph("1", "Formål", "Sjøvær")
    plain = law("lov/2001-01-05-1", body)
    latin = b'<?xml version="1.0" encoding="UTF-8"?>' + plain.decode().encode("cp1252")
    nfd = law("lov/2001-01-05-1", body.replace("å", "a\u030a").replace("Sjø", "Sjø\u00ad"))
    named = law("lov/2001-01-05-1", body.replace("Sjøvær", "Sj&oslash;v&aelig;r"))
    bom = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    wanted = [(node.title, node.text) for node in parse_law(plain).nodes]
    for variant in (latin, nfd, named, bom):
        assert [(node.title, node.text) for node in parse_law(variant).nodes] == wanted


def test_nothing_is_written_to_disk_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XT-03"""
    monkeypatch.chdir(tmp_path)
    list(read_members(archive(GOOD)))
    assert list(tmp_path.iterdir()) == []
