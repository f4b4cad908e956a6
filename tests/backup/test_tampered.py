"""An archive that somebody else made is refused before anything of it is written."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from intranet.backup import manifest, sealing
from intranet.backup.archive import BadArchive, Member, Part, unpack, write_blocks
from tests.backup.conftest import Keys, Place, newest

TOKEN = "ab" + "0" * 46
FILE = f"files/ab/{TOKEN}"
KEY = b"k" * 32


def entry(name: str, kind: bytes = tarfile.REGTYPE, **more: object) -> tarfile.TarInfo:
    """Return an entry of one byte, or of another kind."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = 1 if kind == tarfile.REGTYPE else 0
    for field, value in more.items():
        setattr(info, field, value)
    return info


def archive_of(*entries: tarfile.TarInfo) -> io.BytesIO:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info in entries:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize(
    "entries",
    [
        [entry("../outside")],
        [entry("/etc/cron.d/portal")],
        [entry("files/../../outside")],
        [entry(f"files/cd/{TOKEN}")],
        [entry(FILE.upper())],
        [entry(FILE + "\n")],
        [entry("index/MAIN_abc.pickle")],
        [entry("secret_key.txt")],
        [entry("intranet.sqlite3")],
        [entry(FILE, tarfile.SYMTYPE, linkname="/etc/passwd")],
        [entry(FILE, tarfile.LNKTYPE, linkname="manifest.json")],
        [entry("files/ab", tarfile.SYMTYPE, linkname="/tmp"), entry(FILE)],
        [entry("files/ab", tarfile.DIRTYPE)],
        [entry(FILE, tarfile.FIFOTYPE)],
        [entry(FILE, tarfile.CHRTYPE, devmajor=1, devminor=3)],
        [entry(FILE, tarfile.CONTTYPE)],
        [entry(FILE, pax_headers={"path": "../outside"})],
        [entry(FILE, pax_headers={"comment": "x"})],
        [entry(FILE), entry(FILE)],
    ],
    ids=lambda entries: f"{entries[-1].name!r}-{entries[-1].type!r}",
)
def test_archive_with_anything_but_our_own_files_is_refused(
    entries: list[tarfile.TarInfo], tmp_path: Path
) -> None:
    """BR-06: paths, links, devices, an index, keys; and a name twice."""
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(BadArchive):
        unpack(archive_of(*entries), folder)
    written = [each for each in tmp_path.rglob("*") if each.is_file() or each.is_symlink()]
    assert [each for each in written if each != folder / FILE] == []


def test_what_is_written_is_read_again_by_any_tar(tmp_path: Path) -> None:
    data = b"0123456789" * 100_000
    members = [Member(FILE, len(data), [data[:7], data[7:]]), Member("settings.toml", 0, [])]
    whole = b"".join(write_blocks(members))
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        assert [(info.name, info.size) for info in archive] == [
            (FILE, len(data)),
            ("settings.toml", 0),
        ]
    assert unpack(io.BytesIO(whole), tmp_path)[FILE].size == len(data)
    assert (tmp_path / FILE).read_bytes() == data


@pytest.mark.parametrize("chunks", [[b"ab"], [b"abc", b"d"], []])
def test_file_that_changes_while_it_is_read_ends_the_backup(chunks: list[bytes]) -> None:
    with pytest.raises(BadArchive, match="endret mens"):
        list(write_blocks([Member(FILE, 3, chunks)]))


def some_manifest(**changes: object) -> manifest.Manifest:
    return manifest.Manifest(
        **{
            "taken_at": "2026-11-27T02:00:00+00:00",
            "program": "1",
            "engine": "sqlite",
            "server": "3",
            "migration": "0001",
            "counts": {"person": 2},
            "parts": {"database.sqlite3": Part(1, "aa"), FILE: Part(2, "bb")},
            **changes,
        }  # type: ignore[arg-type]  # fmt: skip
    )


def test_manifest_is_believed_with_its_seal_only() -> None:
    """BR-06."""
    said = some_manifest().as_bytes()
    seal = manifest.seal_of(KEY, said).encode()
    assert manifest.read_manifest(KEY, said, seal) == some_manifest()
    for key, text, mark in (
        (b"o" * 32, said, seal),
        (KEY, said.replace(b'"person": 2', b'"person": 3'), seal),
        (KEY, said, b""),
        (KEY, said, b"0" * 64),
    ):
        with pytest.raises(manifest.BadManifest):
            manifest.read_manifest(key, text, mark)


def test_manifest_of_a_later_edition_is_refused() -> None:
    said = json.dumps({**json.loads(some_manifest().as_bytes()), "edition": 2}).encode()
    with pytest.raises(manifest.BadManifest, match="nyere"):
        manifest.read_manifest(KEY, said, manifest.seal_of(KEY, said).encode())


@pytest.mark.parametrize(
    "parts",
    [
        {"database.sqlite3": Part(1, "aa")},
        {FILE: Part(2, "bb")},
        {"database.sqlite3": Part(1, "aa"), FILE: Part(2, "cc")},
        {"database.sqlite3": Part(1, "aa"), FILE: Part(2, "bb"), "settings.toml": Part(0, "dd")},
    ],
    ids=["a file less", "no database", "a changed file", "a file more"],
)
def test_parts_that_the_manifest_does_not_name_are_refused(parts: dict[str, Part]) -> None:
    with pytest.raises(manifest.BadManifest):
        manifest.check_parts(some_manifest(), parts)


def test_file_that_was_exchanged_and_sealed_anew_is_refused(
    place: Place, make_place: Callable[..., Place], keys: Keys
) -> None:
    """BR-06: everybody may seal to the public key. Another file, an index or no manifest, all told."""
    place.flask("backup", "take")
    path = newest(place.folder.parent / "backups")
    with path.open("rb") as file, sealing.opened(file, keys.file.read_text()) as stream:
        plain = stream.read()
    elsewhere = make_place("second")
    for forge in (_with_another_file, _with_an_index, _without_manifest):
        with path.open("wb") as file:
            sealing.seal(io.BytesIO(forge(plain)), file, [keys.public])
        said = elsewhere.flask("backup", "restore", str(path), "--key", str(keys.file), status=1)
        assert "Ikke gjenopprettet" in said
        assert not (elsewhere.folder / "files").exists()
        assert not (elsewhere.folder / "index").exists()
        assert elsewhere.ask("SELECT count(*) FROM sqlite_master") == [(0,)]


def _members(plain: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]


def _written(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _with_another_file(plain: bytes) -> bytes:
    members = _members(plain)
    name = next(each for each in members if each.startswith("files/"))
    return _written({**members, name: b"another text"})


def _with_an_index(plain: bytes) -> bytes:
    return _written({"index/MAIN.pickle": b"cos\nsystem\n", **_members(plain)})


def _without_manifest(plain: bytes) -> bytes:
    return _written(
        {name: data for name, data in _members(plain).items() if "manifest" not in name}
    )
