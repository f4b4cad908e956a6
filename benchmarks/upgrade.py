"""An upgrade over a million lines of audit: how long it takes, and so for how long nobody can write."""

from __future__ import annotations

import time
from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from benchmarks.measure import Row
from intranet import create_app
from intranet.config import ROOT, Settings
from intranet.extensions import db
from tests.servers import postgresql

LINES = 1_000_000
# Sixteen migrations back; one of them gives the audit more columns and other triggers.
BEFORE = "0024"
_MIGRATIONS = str(ROOT / "migrations")
_FILL = f"""
INSERT INTO audit_entry (sequence, happened_at, event, actor_id, actor_name, subject, subject_id, details, digest)
WITH RECURSIVE line(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < {LINES})
SELECT n, '2026-01-01 00:00:00', 'login.succeeded', 1, 'Ingrid Solheim', 'person', '1',
       '{{"after": "some words of detail, about as long as usual"}}', '{"0" * 64}' FROM line
"""


def measure(folder: Path) -> list[Row]:
    """Return how long the upgrade takes on both databases."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_timed(f"sqlite:///{folder / 'upgrade.sqlite3'}", folder, "SQLite")]
    with postgresql.running(is_durable=True) as server:
        rows.append(_timed(server.url, folder, "PostgreSQL"))
    return rows


def _timed(url: str, folder: Path, database: str) -> Row:
    app = create_app(
        Settings(
            instance_dir=folder, secret_key="s" * 32, audit_key="a" * 32, database_url=url,
            environment="test", directory_file=folder / "directory.json",
        )
    )  # fmt: skip
    with app.app_context():
        upgrade(directory=_MIGRATIONS)
        downgrade(directory=_MIGRATIONS, revision=BEFORE)
        with db.engine.begin() as connection:
            connection.execute(text(_FILL))
        started = time.monotonic()
        upgrade(directory=_MIGRATIONS)
        seconds = time.monotonic() - started
        with db.engine.connect() as connection:
            kept = connection.scalar(text("SELECT count(*) FROM audit_entry"))
        if kept != LINES:
            raise RuntimeError(f"{LINES - int(kept or 0)} lines are gone")
        for engine in db.engines.values():
            engine.dispose()
    return Row(
        f"oppgradering fra {BEFORE} med en million linjer revisjonslogg, {database}",
        None,
        seconds,
        "s",
    )
