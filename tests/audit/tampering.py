"""Changes to the audit as somebody with the database password makes them."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from intranet.extensions import db


def tamper(app: Flask, statement: str) -> None:
    """Change rows as someone with the database password can, past the guard."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("audit_entry_no_update", "audit_entry_no_delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))
