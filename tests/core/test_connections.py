"""A connection that PostgreSQL has ended is found out before it is used; a live one costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from intranet.extensions import db

_MINE = text("SELECT pg_backend_pid()")


@pytest.fixture
def kept(app: Flask, database: str) -> Iterator[Engine]:
    """An engine with the application's options and one connection, which is kept between uses."""
    if database != "postgresql":
        pytest.skip("a file has no connections")
    with app.app_context():
        address = db.engine.url
    engine = create_engine(address, pool_pre_ping=True, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def _as_another(kept: Engine, statement: str, **values: Any) -> Any:
    other = create_engine(kept.url, isolation_level="AUTOCOMMIT")
    try:
        with other.connect() as connection:
            return connection.execute(text(statement), values).scalar()
    finally:
        other.dispose()


def _process(kept: Engine) -> int:
    with kept.connect() as connection:
        return int(connection.execute(_MINE).scalar_one())


def test_a_connection_that_the_server_has_ended_is_replaced(kept: Engine) -> None:
    before = _process(kept)
    assert _process(kept) == before
    assert _as_another(kept, "SELECT pg_terminate_backend(:pid, 5000)", pid=before)
    assert _process(kept) != before


def test_a_live_connection_is_asked_nothing_when_it_is_taken(kept: Engine) -> None:
    before = _process(kept)
    last = "SELECT query_start FROM pg_stat_activity WHERE pid = :pid"
    asked_at = _as_another(kept, last, pid=before)
    with kept.connect():
        pass
    assert _as_another(kept, last, pid=before) == asked_at is not None


def test_a_connection_to_which_something_was_told_is_asked_and_kept(kept: Engine) -> None:
    with kept.connect() as connection:
        before = connection.execute(_MINE).scalar_one()
        connection.execute(text("LISTEN bell"))
    _as_another(kept, "SELECT pg_notify('bell', 'rings')")
    assert _process(kept) == before
