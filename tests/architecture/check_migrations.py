"""One head, and the migrations make exactly what the models say, on both databases. A command."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from intranet import create_app
from intranet.config import Settings
from intranet.extensions import db
from tests.servers import postgresql

ROOT = Path(__file__).resolve().parents[2]


def differences(url: str, folder: Path) -> list[str]:
    """Return what differs between the migrated database at `url` and the models."""
    app = create_app(
        Settings(
            instance_dir=folder,
            secret_key="s" * 32,
            audit_key="a" * 32,
            database_url=url,
            environment="test",
        )
    )
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            found = [str(item) for item in compare_metadata(context, db.metadata)]
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return found


def main() -> int:
    """Check both databases; return the exit status."""
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    found = [] if len(heads) == 1 else [f"heads: {heads}"]
    with tempfile.TemporaryDirectory() as folder:
        found += differences(f"sqlite:///{folder}/check.sqlite3", Path(folder))
    with tempfile.TemporaryDirectory() as folder, postgresql.running() as server:
        found += differences(server.url, Path(folder))
    print("\n".join(found) or "migrations: match the models")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
