"""The one place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

from intranet.core.errors import SomeoneElseWasFirst
from intranet.core.text import _
from intranet.extensions import db


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or roll back and raise again. Not to be nested.

    Whatever was read before is forgotten, so that the block decides on rows as they are now:
    on SQLite it also holds the write lock from its first statement. Raises `SomeoneElseWasFirst`
    when a versioned row was changed by another in the meantime.
    """
    db.session.rollback()
    db.session.connection(execution_options={"intranet_writes": True})
    try:
        yield
        db.session.commit()
    except StaleDataError as error:
        db.session.rollback()
        raise SomeoneElseWasFirst(
            _("Noen andre endret dette mens du holdt på. Se endringen før du prøver igjen.")
        ) from error
    except BaseException:
        db.session.rollback()
        raise
