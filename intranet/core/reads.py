"""Runs selects of columns past the ORM's session, which costs more than a small select itself.

Outside of a transaction each of them stands alone, on a connection that begins and ends none: that
saves two questions to the server, and PostgreSQL's driver keeps what it has prepared.
"""

from __future__ import annotations

from typing import Any

from flask import g
from sqlalchemy import Connection, CursorResult, Executable, func, select
from sqlalchemy.exc import SQLAlchemyError

from intranet.config import READS
from intranet.extensions import db

_KEPT = "intranet_reading"


def read(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Run a select of columns; `values` fill its bind parameters.

    Give it a statement made once for the module: then nothing is built or compiled at the call.
    Take many rows with `.all()`: a loop over the result goes to the driver for each of them. Within
    a transaction it sees what the transaction has done; what waits in the session is flushed first,
    as before the session's own queries.
    """
    sessions = db.session.registry
    session = sessions() if sessions.has() else None
    if session is not None and session.in_transaction():
        if session.autoflush:
            session.flush()
        return session.connection().execute(statement, values)
    try:
        return reading_connection().execute(statement, values)
    except SQLAlchemyError:
        stop_reading()
        raise


def count_rows(*tables: type[Any]) -> int:
    """Return how many rows the models' tables have together."""
    return sum(read(select(func.count()).select_from(one)).scalar_one() for one in tables)


def stop_reading() -> None:
    """Give the connection for reading back; the next read takes another."""
    connection: Connection | None = g.pop(_KEPT, None)
    if connection is not None:
        connection.close()


def reading_connection() -> Connection:
    """Return the connection for reading that belongs to this request; it begins no transaction."""
    connection: Connection | None = g.get(_KEPT)
    if connection is None:
        connection = db.engines[READS].connect()
        setattr(g, _KEPT, connection)
    return connection
