"""Runs inserts, updates and deletes of columns past the ORM's session, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table

from intranet.extensions import Base, db

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def table_of(model: type[Base]) -> Table:
    """Return the model's table."""
    return cast(Table, model.__table__)


def write(statement: Executable, values: Values | None = None) -> CursorResult[Any]:
    """Run a statement on a table (`table_of`); many rows of values go at once.

    Give it a statement made once for the module: then nothing is built or compiled at the call.
    What waits in the session is flushed first, so that the order of writing is that of the code;
    objects that the session holds do not learn of it.
    """
    session = db.session()
    session.flush()
    return cast("CursorResult[Any]", session.connection().execute(statement, values))
