"""Reads past the session: alone outside of a transaction, part of it within one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from intranet.core.models import Counter
from intranet.core.reads import read, stop_reading
from intranet.core.transaction import transaction
from intranet.core.writes import table_of, write
from intranet.extensions import db

_VALUE = select(Counter.value).where(Counter.name == bindparam("series"))
_ADD = insert(table_of(Counter))


def test_read_outside_of_a_transaction_begins_none_and_sees_each_commit(context: Flask) -> None:
    assert read(_VALUE, series="a").scalar() is None
    with transaction():
        write(_ADD, {"name": "a", "value": 1})
    assert read(_VALUE, series="a").scalar() == 1
    with db.engine.begin() as another:
        another.execute(text("UPDATE counter SET value = 2"))
    assert read(_VALUE, series="a").scalar() == 2
    assert not db.session().in_transaction()


def test_read_within_a_transaction_sees_what_it_has_done(context: Flask) -> None:
    assert read(_VALUE, series="a").scalar() is None
    with transaction():
        db.session.add(Counter(name="a", value=1))
        assert read(_VALUE, series="a").scalar() == 1
        write(_ADD, {"name": "b", "value": 7})
        assert read(_VALUE, series="b").scalar() == 7
    db.session.add(Counter(name="c", value=3))
    assert read(_VALUE, series="c").scalar() == 3
    db.session.rollback()
    assert read(_VALUE, series="c").scalar() is None


def test_read_after_one_that_failed_takes_a_new_connection(context: Flask) -> None:
    with pytest.raises(SQLAlchemyError):
        read(text("SELECT nothing FROM nowhere"))
    assert read(_VALUE, series="a").scalar() is None
    stop_reading()
    stop_reading()
    assert read(_VALUE, series="a").scalar() is None


def test_read_cannot_write_on_postgresql(context: Flask, database: str) -> None:
    if database == "postgresql":
        with pytest.raises(SQLAlchemyError, match="read-only"):
            read(_ADD, name="a", value=1)
    assert read(_VALUE, series="a").scalar() is None
