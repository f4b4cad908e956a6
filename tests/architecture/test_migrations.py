"""Migrations go up, match the models, and go down and up again with rows in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from intranet import create_app
from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.config import Settings
from intranet.core.actor import SYSTEM
from intranet.core.transaction import transaction
from intranet.extensions import db
from tests import cast
from tests.architecture.check_migrations import ROOT, differences
from tests.servers import postgresql

MIGRATIONS = str(ROOT / "migrations")


def _up_down_up(url: str, folder: Path) -> None:
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
        upgrade(directory=MIGRATIONS)
        with transaction():
            cast.make()
            record(AuditEvent.LOGIN_SUCCEEDED, actor=SYSTEM, subject="person", subject_id=1)
        with pytest.raises(Exception, match="audit"), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_entry"))
        downgrade(directory=MIGRATIONS, revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade(directory=MIGRATIONS)
        with transaction():
            cast.make()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def test_sqlite_goes_up_down_and_up_with_rows_in(tmp_path: Path) -> None:
    """UP-02, UP-06."""
    _up_down_up(f"sqlite:///{tmp_path}/m.sqlite3", tmp_path)


def test_postgresql_goes_up_down_and_up_with_rows_in(tmp_path: Path) -> None:
    """UP-02, UP-06."""
    with postgresql.running() as server:
        _up_down_up(server.url, tmp_path)


def test_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    """UP-02; `make check` asks both databases."""
    assert differences(f"sqlite:///{tmp_path}/c.sqlite3", tmp_path) == []
