"""Runs the migrations on the application's database, with what SQLite needs to alter tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our column types as the plain ones: a migration must not change with our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Make no revision when nothing has changed."""
    options = context.config.cmd_opts
    if getattr(options, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    """Upgrade or downgrade in one transaction."""
    engine: sa.Engine = database.engine
    # The read pool rolls back; migrations take the writer's lock from the first statement.
    with engine.connect().execution_options(intranet_writes=True) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite alters a table by making it anew, which its keys would forbid halfway. The
            # pragma does nothing inside a transaction, so it goes past SQLAlchemy.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            process_revision_directives=skip_empty,
            # Alembic thinks that SQLite cannot, and would commit after each migration.
            transactional_ddl=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration leaves rows that point at nothing")
        finally:
            if is_sqlite:
                connection.connection.execute("PRAGMA foreign_keys=ON")


run()
