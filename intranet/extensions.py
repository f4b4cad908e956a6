"""The libraries that the application shares, unbound; imports nothing of ours."""

from __future__ import annotations

import select
import sqlite3
from typing import TYPE_CHECKING, Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import DeclarativeBase

# How long a change waits for another one's lock before the person is told, on both databases.
LOCK_SECONDS = 15
# Named constraints, so that migrations can drop them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table inherits."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()
login_manager = LoginManager()
login_manager.session_protection = None

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class PortalPostgresql(PGDialect_psycopg):
    """PostgreSQL by psycopg; whether a connection still lives is asked of the socket first.

    `pool_pre_ping` costs a question to the server at each request. A server that has ended, or has
    ended this connection, has said so: there is something to read where nothing was asked. Then,
    or when it has told something else, it is asked as before.
    """

    supports_statement_cache = True

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Return whether the connection can be used; raises what the driver raises if it broke."""
        waiting = select.poll()
        waiting.register(dbapi_connection.fileno(), select.POLLIN | select.POLLPRI)
        if not waiting.poll(0):
            return True
        return bool(super().do_ping(dbapi_connection))  # type: ignore[no-untyped-call]


# In the place of SQLAlchemy's own, so that addresses of databases stay as everybody writes them.
registry.register("postgresql.psycopg", __name__, PortalPostgresql.__name__)


@event.listens_for(Engine, "connect")
def _set_sqlite_pragmas(connection: Any, _record: Any) -> None:
    """WAL and durable commits: an acknowledged report survives a power cut."""
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own BEGIN comes too late and is deferred; see _begin_immediate.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        f"busy_timeout={LOCK_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_immediate(connection: Any) -> None:
    """Take SQLite's write lock at the start of a writing transaction, never halfway.

    Reads stay DEFERRED; `core.transaction` marks the connection that is going to write.
    """
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("intranet_reads", False):
        return
    if not options.get("intranet_writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = options.get("intranet_patience")
    if patience is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")
