"""A backup is taken while the portal runs, looked through, and put back elsewhere."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

from intranet.backup import sealing, status
from intranet.core.models import StoredFile
from tests.backup.conftest import CANARY, PASSWORD, Keys, Place, fill, newest


def take(place: Place, folder: Path | None = None) -> Path:
    """Take a backup; return its file."""
    folder = folder or place.folder.parent / "backups"
    place.flask("backup", "take", "--to", str(folder))
    return newest(folder)


def inside(path: Path, keys: Keys) -> dict[str, bytes]:
    """Return what is in the backup, by the tools that IT has too: age and tar."""
    with path.open("rb") as file, sealing.opened(file, keys.file.read_text()) as stream:
        plain = stream.read()
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]


def test_backup_holds_texts_only_sealed_and_no_keys(
    database: str, make_place: Callable[..., Place], keys: Keys
) -> None:
    """BR-03: the canary is inside, and nowhere outside; keys, passwords and index are not inside."""
    place = fill(make_place("first", database))
    path = take(place)
    parts = inside(path, keys)
    files = [name for name in parts if name.startswith("files/")]
    database = next(name for name in parts if name.startswith("database."))
    assert len(files) == 2
    assert sorted(parts) == sorted(
        [database, "settings.toml", "manifest.json", "manifest.hmac", *files]
    )
    assert all(CANARY.encode() in parts[name] for name in files)
    if database.endswith("sqlite3"):
        assert CANARY.encode() in parts[database]
    whole = b"".join(parts.values())
    private = keys.file.read_bytes().split()[-1]
    for secret in (b"s" * 32, b"a" * 32, PASSWORD.encode(), private, b"an index"):
        assert secret not in whole
    assert b"smtp://post.example:587" in parts["settings.toml"]
    for beside in path.parent.iterdir():
        for secret in (CANARY.encode(), b"s" * 32, b"a" * 32, PASSWORD.encode()):
            assert secret not in beside.read_bytes()
    # Nothing plain is left where it was made.
    assert [each for each in place.folder.iterdir() if each.name.startswith(".")] == []


def test_backup_is_restored_into_an_empty_installation(
    database: str, make_place: Callable[..., Place], keys: Keys
) -> None:
    """BR-01: every row, and every file with the bytes of its row; the audit log verifies."""
    place, elsewhere = fill(make_place("first", database)), make_place("second", database)
    path = take(place)
    said = elsewhere.flask("backup", "restore", str(path), "--key", str(keys.file))
    assert "revisjonslogg: hel" in said
    assert "2 filer" in said
    rows = "SELECT title, lead, body FROM article"
    assert elsewhere.ask(rows) == place.ask(rows) != []
    files = f"SELECT token, sha256, size FROM {StoredFile.__tablename__} ORDER BY token"
    assert elsewhere.ask(files) == place.ask(files)
    for token, _sha, _size in place.ask(files):
        assert elsewhere.file_of(str(token)).read_bytes() == place.file_of(str(token)).read_bytes()
    assert not (elsewhere.folder / "index").exists()
    assert not (elsewhere.folder / "settings.toml").exists()
    assert "Eksempelvik" in (elsewhere.folder / "settings.restored.toml").read_text()
    assert [each.name for each in elsewhere.folder.glob(".*")] == []
    elsewhere.flask("audit", "verify")
    assert "venter på deg" not in elsewhere.flask("backup", "mail")


def test_restore_into_what_is_not_empty_is_refused(place: Place, keys: Keys) -> None:
    """BR-06: what is there stays as it is."""
    path = take(place)
    before = place.ask("SELECT count(*) FROM article")
    said = place.flask("backup", "restore", str(path), "--key", str(keys.file), status=1)
    assert "databasen er ikke tom" in said
    assert place.ask("SELECT count(*) FROM article") == before


def test_restore_beside_files_of_another_time_is_refused(
    place: Place, elsewhere: Place, keys: Keys
) -> None:
    path = take(place)
    (elsewhere.folder / "files").mkdir()
    (elsewhere.folder / "files" / "old").touch()
    said = elsewhere.flask("backup", "restore", str(path), "--key", str(keys.file), status=1)
    assert "er ikke tom" in said
    assert (elsewhere.folder / "files" / "old").exists()


def test_backup_of_another_installation_is_refused(
    place: Place, other_keys: Place, keys: Keys
) -> None:
    """BR-06: everybody can seal to a public key; only the installation can make the manifest's seal."""
    path = take(place)
    said = other_keys.flask("backup", "restore", str(path), "--key", str(keys.file), status=1)
    assert "forseglingen stemmer ikke" in said
    assert not (other_keys.folder / "files").exists()
    assert other_keys.flask("backup", "verify", str(path), "--key", str(keys.file), status=1)


def test_private_key_comes_by_standard_input_and_another_one_opens_nothing(
    place: Place, keys: Keys, tmp_path: Path
) -> None:
    path = take(place)
    said = place.flask("backup", "verify", str(path), "--key", "-", said=keys.file.read_text())
    assert "hel og fra denne installasjonen" in said
    other = tmp_path / "other.txt"
    place.flask("backup", "keys", str(other))
    assert other.stat().st_mode & 0o077 == 0
    assert "passer ikke" in place.flask(
        "backup", "verify", str(path), "--key", str(other), status=1
    )
    assert "finnes fra før" in place.flask("backup", "keys", str(other), status=1)


def test_backup_that_was_cut_or_changed_is_found(
    place: Place, elsewhere: Place, keys: Keys
) -> None:
    """BR-05: by the digest beside it, and by the key without that; nothing of it is put in place."""
    path = take(place)
    data = path.read_bytes()
    half = len(data) // 2
    for wrong in (
        data[:-1],
        data[:half],
        # About where an authenticated piece ends.
        data[: 65552 + 216],
        data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :],
        data + b"x",
        b"",
    ):
        path.write_bytes(wrong)
        assert place.flask("backup", "verify", str(path), status=1)
        assert place.flask("backup", "verify", str(path), "--key", str(keys.file), status=1)
        said = elsewhere.flask("backup", "restore", str(path), "--key", str(keys.file), status=1)
        assert "Ikke gjenopprettet" in said
        assert "endret, avkortet" in said
        assert not (elsewhere.folder / "files").exists()
        assert [each.name for each in elsewhere.folder.glob(".*")] == []


def test_missing_and_damaged_files_are_counted_and_the_rest_is_saved(
    place: Place, elsewhere: Place, keys: Keys
) -> None:
    """BR-05: a backup without all of its files is kept, told of, and red on `/helse`."""
    tokens = [str(token) for (token,) in place.ask("SELECT token FROM stored_file ORDER BY token")]
    place.file_of(tokens[0]).unlink()
    place.file_of(tokens[1]).write_bytes(b"something else")
    said = place.flask("backup", "take", status=1)
    assert "2 filer mangler eller er skadet" in said
    with place.app.app_context():
        probe = status.probe_backup()
    assert (probe.is_good, probe.values["missing_files"]) == (False, 2)
    path = newest(place.folder.parent / "backups")
    restored = elsewhere.flask("backup", "restore", str(path), "--key", str(keys.file))
    assert "Filer som manglet da kopien ble tatt: 2" in restored


def test_backup_without_a_key_to_seal_to_is_not_taken(place: Place) -> None:
    settings = place.app.extensions["intranet_settings"]
    object.__setattr__(settings, "backup_recipients", ())
    assert "BACKUP_RECIPIENTS" in place.flask("backup", "take", status=1)
    said = place.flask("backup", "take", "--recipient", "age1nonsense", status=1)
    assert "ikke en age-nøkkel" in said
    assert list((place.folder.parent / "backups").iterdir()) == []
