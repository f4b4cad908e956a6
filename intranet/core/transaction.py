"""The one place that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from intranet.core.errors import SomeoneElseWasFirst
from intranet.core.faults import note_lost_commit
from intranet.core.reads import stop_reading
from intranet.core.text import _
from intranet.extensions import db

_COMMITTED = "intranet_committed"

_checks: list[Callable[[], None]] = []


def check_at_start(check: Callable[[], None]) -> None:
    """Let `check` run first in every transaction; what it raises ends it before anything is done.

    For what was decided before the transaction began, and must hold within it (CC-09).
    """
    if check not in _checks:
        _checks.append(check)


@contextmanager
def transaction(*, patience: float | None = None) -> Iterator[None]:
    """Commit what the block did, or roll back and raise again. Not to be nested.

    Whatever was read before is forgotten, so that the block decides on rows as they are now:
    on SQLite it also holds the write lock from its first statement. Raises `SomeoneElseWasFirst`
    when a versioned row was changed by another in the meantime. With `patience` it waits at most so
    many seconds for SQLite's lock: for what may just as well be left out.
    """
    db.session.rollback()
    options = {"intranet_writes": True, "intranet_patience": patience}
    try:
        db.session.connection(execution_options=options)
        for check in _checks:
            check()
        yield
        _commit(counts=patience is None)
    except StaleDataError as error:
        db.session.rollback()
        raise SomeoneElseWasFirst(
            _("Noen andre endret dette mens du holdt på. Se endringen før du prøver igjen.")
        ) from error
    except BaseException:
        db.session.rollback()
        raise


def drop_session() -> None:
    """Let go of the session and the connections, also when the database at their end is gone."""
    try:
        stop_reading()
        db.session.remove()
    except SQLAlchemyError:
        db.session.registry().invalidate()
        db.session.registry.clear()


def has_committed() -> bool:
    """Whether this request has kept anything that matters: then it must not be done once more."""
    return _COMMITTED in db.session.info


def _commit(*, counts: bool) -> None:
    try:
        db.session.commit()
    except Exception as error:
        note_lost_commit(error)
        raise
    if counts:
        db.session.info[_COMMITTED] = True
