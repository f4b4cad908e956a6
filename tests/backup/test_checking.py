"""`flask database check`: a copy that is not all of it is found, and so is what is damaged."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from intranet.backup.snapshot import check_sqlite
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.models import Article
from tests.backup.conftest import Place


def test_plain_copy_of_a_running_sqlite_is_found(place: Place, tmp_path: Path) -> None:
    """BR-09: `cp` of the one file, while the newest changes lie in the one beside it."""
    file = place.folder / "intranet.sqlite3"
    copies = tmp_path / "copies"
    copies.mkdir()
    with place.app.app_context():
        with db.engine.connect() as held:
            held.exec_driver_sql("SELECT count(*) FROM article")
            with transaction():
                db.session.query(Article).update({"title": "Det siste"})
            alone, both = copies / "alone.sqlite3", copies / "both.sqlite3"
            shutil.copy(file, alone)
            shutil.copy(file, both)
            shutil.copy(f"{file}-wal", f"{both}-wal")
            # It looks whole to whoever asks only SQLite, and lacks what was written last.
            check_sqlite(alone)
            said = place.flask("database", "check", str(alone), status=1)
    assert "kopiert uten alone.sqlite3-wal" in said
    assert "flask backup take" in said
    assert "er hel" in place.flask("database", "check", str(both))
    with sqlite3.connect(both) as copied:
        assert copied.execute("SELECT title FROM article").fetchall() == [("Det siste",)]
    copied.close()


def test_copy_that_was_cut_or_is_something_else_is_found(place: Place, tmp_path: Path) -> None:
    """BR-09."""
    whole = tmp_path / "whole.sqlite3"
    with sqlite3.connect(place.folder / "intranet.sqlite3") as live:
        live.execute("VACUUM INTO ?", (str(whole),))
    live.close()
    assert "er hel" in place.flask("database", "check", str(whole))
    data = whole.read_bytes()
    page = 4096
    for wrong in (
        data[: len(data) // 2],
        data[: 20 * page] + b"\xff" * page + data[21 * page :],
        b"",
        b"not a database" * 100,
    ):
        whole.write_bytes(wrong)
        place.flask("database", "check", str(whole), status=1)
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as made:
        made.execute("CREATE TABLE something (id INTEGER)")
    made.close()
    assert "ikke portalens" in place.flask("database", "check", str(other), status=1)


def test_copy_with_an_audit_of_another_moment_is_found(place: Place, tmp_path: Path) -> None:
    whole = tmp_path / "whole.sqlite3"
    place.flask("backup", "take")
    with sqlite3.connect(place.folder / "intranet.sqlite3") as live:
        live.execute("VACUUM INTO ?", (str(whole),))
    live.close()
    with sqlite3.connect(whole) as copied:
        copied.execute("UPDATE audit_head SET sequence = sequence + 1")
    copied.close()
    said = place.flask("database", "check", str(whole), status=1)
    assert "revisjonsloggen i fila er ikke hel" in said


def test_portals_own_database_and_files_are_checked(place: Place) -> None:
    assert "filene er hele" in place.flask("database", "check")
    [(first,), (second,)] = place.ask("SELECT token FROM stored_file ORDER BY id")
    place.file_of(str(first)).unlink()
    place.file_of(str(second)).write_bytes(b"changed")
    said = place.flask("database", "check", status=1)
    assert "2 filer mangler eller er endret" in said
    assert f"{first} mangler" in said
    assert f"{second} er endret" in said
