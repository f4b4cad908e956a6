"""A backup that does not become whole: told of, and nothing else is touched."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intranet.backup import status
from intranet.config import ConfigurationError, load_settings
from intranet.core.clock import now
from tests.backup.conftest import Place
from tests.browser import Browser
from tests.faults.conftest import filled, small_disk


def events(place: Place) -> list[tuple[object, ...]]:
    """Return what the audit has of backups."""
    return place.ask(
        "SELECT event, details FROM audit_entry WHERE subject = 'backup' ORDER BY sequence"
    )


def probe(place: Place) -> tuple[bool, object]:
    """Return whether `/helse` is well, and which fault it names."""
    with place.app.app_context():
        found = status.probe_backup()
    return found.is_good, found.values["failed"]


@pytest.mark.mounts
def test_backup_finds_no_room(place: Place, at: Callable[..., None], tmp_path: Path) -> None:
    """BR-05: a full disk; the old backup stays, the fault is told, kept in the audit, and over."""
    start = now()
    at(start)
    with small_disk(tmp_path / "small", 4) as disk:
        place.flask("backup", "take", "--to", str(disk))
        old = {each: each.read_bytes() for each in disk.iterdir()}
        assert len(old) == 3
        at(start + timedelta(days=1))
        with filled(disk):
            said = place.flask("backup", "take", "--to", str(disk), status=1)
            assert "ble ikke tatt: det er ikke plass på disken" in said
        assert {each: each.read_bytes() for each in disk.iterdir()} == old
        assert probe(place) == (False, "disk_full")
        assert events(place)[-1] == ("backup.failed", '{"fault": "disk_full"}')
        at(start + timedelta(days=2))
        place.flask("backup", "take", "--to", str(disk))
        assert probe(place) == (True, "")


@pytest.mark.mounts
def test_backup_finds_no_room_beside_the_database(
    make_place: Callable[..., Place], place: Place, tmp_path: Path
) -> None:
    """BR-05: where the database's own copy is made; the portal's folder is as it was."""
    with small_disk(tmp_path / "small", 8) as disk:
        (disk / "work").mkdir()
        before = {each.name for each in place.folder.iterdir()}
        settings = place.app.extensions["intranet_settings"]
        place.app.extensions["intranet_settings"] = replace(settings, instance_dir=disk / "work")
        with filled(disk):
            said = place.flask("backup", "take", "--to", str(tmp_path / "backups"), status=1)
        place.app.extensions["intranet_settings"] = settings
        assert "Sikkerhetskopien ble ikke tatt" in said
    assert list((tmp_path / "backups").iterdir()) == []
    assert {each.name for each in place.folder.iterdir()} == before


def test_backup_never_overwrites_one_that_is_there(
    place: Place, at: Callable[..., None], tmp_path: Path
) -> None:
    """BR-04: also when the clock stands still; the second one fails and leaves the first."""
    at(now())
    place.flask("backup", "take")
    backups = tmp_path / "backups"
    old = {each: each.read_bytes() for each in backups.iterdir()}
    said = place.flask("backup", "take", status=1)
    assert "finnes fra før" in said
    assert {each: each.read_bytes() for each in backups.iterdir()} == old
    # Only the sealed file is there: what lies beside it is made anew and taken away again.
    for each in old:
        if not each.name.endswith(".age"):
            each.unlink()
    place.flask("backup", "take", status=1)
    assert {each: each.read_bytes() for each in backups.iterdir()} == {
        each: data for each, data in old.items() if each.name.endswith(".age")
    }


def test_database_that_is_damaged_gives_no_backup(place: Place, tmp_path: Path) -> None:
    """BR-05: rows that point at nothing; a whole backup of a broken database helps nobody."""
    with sqlite3.connect(place.folder / "intranet.sqlite3") as connection:
        connection.execute("UPDATE article SET author_id = 99999")
    connection.close()
    said = place.flask("backup", "take", status=1)
    assert "rader i article som peker på noe som ikke finnes" in said
    assert list((tmp_path / "backups").iterdir()) == []
    assert probe(place) == (False, "database")


def test_health_turns_red_when_the_last_backup_is_old(
    place: Place, at: Callable[..., None]
) -> None:
    assert probe(place) == (False, "")
    place.flask("backup", "take")
    assert probe(place) == (True, "")
    at(now() + timedelta(hours=37))
    assert probe(place) == (False, "")
    settings = place.app.extensions["intranet_settings"]
    place.app.extensions["intranet_settings"] = replace(settings, backup_dir=None)
    assert probe(place) == (True, "")


def test_administrator_sees_when_the_last_backup_was_and_that_one_failed(
    place: Place, tmp_path: Path
) -> None:
    """BR-05: status visible."""
    [(admin,)] = place.ask("SELECT id FROM person WHERE username = 'adam'")
    page = Browser(place.app).logged_in_as(int(str(admin))).get("/administrasjon").text
    assert "Ikke tatt ennå" in page
    place.flask("backup", "take")
    place.flask("backup", "take", "--to", str(tmp_path / "nowhere"), status=1)
    page = Browser(place.app).logged_in_as(int(str(admin))).get("/administrasjon").text
    assert "Siste hele sikkerhetskopi" in page
    assert "Ikke tatt ennå" not in page
    assert "mappa kan ikke skrives i" in page


def test_private_key_in_the_settings_is_refused(tmp_path: Path) -> None:
    """The server must not be able to open what it has sealed."""
    secret = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"
    environment = {
        "INSTANCE_DIR": str(tmp_path),
        "ENVIRONMENT": "test",
        "BACKUP_RECIPIENTS": secret,
    }
    with pytest.raises(ConfigurationError) as told:
        load_settings(environment)
    assert "privat nøkkel" in str(told.value)
    assert secret not in str(told.value)
    keys = load_settings({**environment, "BACKUP_RECIPIENTS": "age1a, age1b"}).backup_recipients
    assert keys == ("age1a", "age1b")


def changes(folder: Path) -> list[Callable[[], object]]:
    """Return each way to spoil a folder of backups, each to be tried by itself."""
    found: list[Callable[[], object]] = [
        lambda: (folder / "new").touch(),
        lambda: folder.chmod(0o777),
    ]
    for old in sorted(folder.iterdir()):
        found += [
            lambda old=old: old.write_bytes(b"changed"),  # type: ignore[misc]
            lambda old=old: os.truncate(old, 0),  # type: ignore[misc]
            lambda old=old: old.chmod(0o666),  # type: ignore[misc]
            lambda old=old: old.rename(old.with_name("other")),  # type: ignore[misc]
            lambda old=old: old.with_name("other").unlink(),  # type: ignore[misc]
            lambda old=old: old.unlink(),  # type: ignore[misc]
        ]
    return found


def count_refused(folder: Path, user: str) -> int:
    """Return how many of the changes the account is refused; all are tried."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if not child:
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        refused = 0
        for change in changes(folder):
            try:
                change()
            except OSError:
                refused += 1
        os.write(outlet, str(refused).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(outlet)
    with os.fdopen(inlet) as said:
        return int(said.read())


def test_portals_account_cannot_touch_backups_that_were_fetched(
    place: Place, tmp_path: Path
) -> None:
    """BR-04: folder and files belong to whoever fetched them; every way to change them is refused."""
    if os.geteuid() != 0:
        pytest.skip("only root can be two accounts")
    place.flask("backup", "take")
    # Where another account can get to: the test's own folder is closed.
    with tempfile.TemporaryDirectory(prefix="fetched-") as outer:
        Path(outer).chmod(0o755)
        fetched = Path(outer) / "copies"
        shutil.copytree(tmp_path / "backups", fetched)
        fetched.chmod(0o755)
        before = {each: each.read_bytes() for each in fetched.iterdir()}
        assert len(before) == 3
        assert count_refused(fetched, "nobody") == len(changes(fetched)) == 20
        assert {each: each.read_bytes() for each in fetched.iterdir()} == before
        # The same tries do harm where the folder is the account's own.
        for each in (fetched, *fetched.iterdir()):
            shutil.chown(each, "nobody")
        assert count_refused(fetched, "nobody") < 20
        assert {each: each.read_bytes() for each in fetched.iterdir()} != before
