"""Puts a backup into an empty installation: all of it, or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import inspect

from intranet.audit import queries as audit
from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.backup.actions.verify import unpacked
from intranet.backup.archive import SETTINGS
from intranet.backup.manifest import Manifest
from intranet.backup.snapshot import check_sqlite, count_rows, run_tool
from intranet.config import ROOT
from intranet.core.actor import SYSTEM
from intranet.core.settings import get_settings
from intranet.core.transaction import drop_session, transaction
from intranet.extensions import db
from intranet.login.actions import end_every_session
from intranet.notifications import holding
from intranet.notifications.queries import count_waiting
from intranet.people.actions.erasure import erase_again

Say = Callable[[str], None]


class NotRestored(Exception):
    """The backup does not fit here, or the place is not empty: nothing was put in."""


@dataclass(frozen=True)
class AfterRestore:
    """What a restored database must not bring back."""

    sessions: int
    erased: int
    mails: int


def restore_backup(path: Path, key: str, say: Say) -> Manifest:
    """Put database and files in place and bring the tables up to this program.

    Raises `NotRestored` where anything is already, or what `verify` raises; then nothing is there.
    The search index is none of it: it is built from the database.
    """
    check_empty()
    say("Leser og kontrollerer sikkerhetskopien …")
    with unpacked(path, key) as (folder, manifest):
        _check_fits(manifest)
        say("Legger filene og databasen på plass …")
        _place_files(folder)
        try:
            _place_database(folder / manifest.database, manifest)
            _check_counts(manifest)
        except BaseException:
            shutil.rmtree(get_settings().files_dir, ignore_errors=True)
            if manifest.engine == "sqlite":
                Path(str(db.engine.url.database)).unlink(missing_ok=True)
            raise
        settings = folder / SETTINGS
        if settings.exists():
            os.replace(settings, get_settings().instance_dir / "settings.restored.toml")
    # An index of another time would answer for what is not there.
    shutil.rmtree(get_settings().index_dir, ignore_errors=True)
    upgrade(directory=str(ROOT / "migrations"))
    return manifest


def check_empty() -> None:
    """Raise `NotRestored` unless there is neither a table nor an uploaded file."""
    tables = inspect(db.engine).get_table_names()
    _let_go()
    if tables:
        raise NotRestored("databasen er ikke tom. Gjenopprett til en ny og tom database")
    files = get_settings().files_dir
    if files.exists() and any(files.iterdir()):
        raise NotRestored(f"{files} er ikke tom. Flytt den først")


def audit_fault() -> str | None:
    """Return what is wrong with the audit chain that was put back, or None."""
    fault = audit.find_fault()
    return None if fault is None else f"linje {fault.sequence} ({fault.kind})"


def settle_after_restore(erased: Iterable[int]) -> AfterRestore:
    """End every session, hold the mail back, and erase again those who were erased since."""
    holding.hold_mail()
    with transaction():
        again = erase_again(erased)
        ended = end_every_session()
        waiting = count_waiting()
        record(
            AuditEvent.BACKUP_RESTORED,
            actor=SYSTEM,
            subject="backup",
            subject_id="restored",
            details={"sessions": ended, "mails": waiting},
        )
    return AfterRestore(ended, again, waiting)


def _check_fits(manifest: Manifest) -> None:
    engine = db.engine.dialect.name
    if manifest.engine != engine:
        raise NotRestored(
            f"sikkerhetskopien er fra {manifest.engine}, og DATABASE_URL er {engine}. Gjenopprett "
            "til samme slag database, og flytt etterpå med «flask database copy»"
        )
    known = {each.revision for each in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()}
    if not set(manifest.migration.split(",")) <= known:
        raise NotRestored(
            f"sikkerhetskopien er fra en nyere utgave av programmet (tabeller {manifest.migration})"
        )


def _place_files(folder: Path) -> None:
    files, target = folder / "files", get_settings().files_dir
    files.mkdir(mode=0o700, exist_ok=True)
    if target.exists():
        target.rmdir()
    files.rename(target)


def _place_database(path: Path, manifest: Manifest) -> None:
    if manifest.engine == "sqlite":
        check_sqlite(path)
        target = Path(str(db.engine.url.database))
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        # Across disks too: the folder of the instance need not be the database's.
        shutil.move(path, target)
        return
    run_tool(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        str(path),
    )  # fmt: skip


def _check_counts(manifest: Manifest) -> None:
    found = count_rows()
    if found != dict(manifest.counts):
        raise NotRestored("databasen har ikke de radene som sikkerhetskopien sier")
    _let_go()


def _let_go() -> None:
    drop_session()
    for engine in db.engines.values():
        engine.dispose()
