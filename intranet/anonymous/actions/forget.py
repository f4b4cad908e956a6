"""Takes from the database's own books what they say of when something was written."""

from __future__ import annotations

from sqlalchemy import update

from intranet.anonymous.models import AnonymousMessage, AnonymousReport
from intranet.extensions import db


def stir() -> None:
    """Write all that waits anew in one transaction: PostgreSQL notes which one wrote each row.

    Afterwards every row bears the number of this run, whatever it bore before. Never commits.
    """
    if db.engine.dialect.name == "postgresql":
        for table in (AnonymousReport, AnonymousMessage):
            db.session.execute(update(table).values(is_ready=table.is_ready))


def forget_order() -> None:
    """Empty SQLite's log of writes, which holds the order in which everybody wrote.

    Called after the commit. Waits for nobody: when somebody reads just then, the log is emptied the
    next time.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute("PRAGMA busy_timeout=15000")
        cursor.close()
    finally:
        connection.close()
