"""Runs selects of columns past the ORM's session, which costs more than a small select itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Executable

from intranet.extensions import db


def read(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Run a select of columns in the session's transaction; `values` fill its bind parameters.

    Give it a statement made once for the module: then nothing is built or compiled at the call.
    Of the session's objects it sees what has been flushed.
    """
    return db.session.connection().execute(statement, values)
