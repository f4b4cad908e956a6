"""Column types and tables that belong to no domain."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    String,
    TypeDecorator,
    bindparam,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.writes import table_of, write
from intranet.extensions import Model, db


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with zone in Python, stored as UTC; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the moment as naive UTC for the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the stored moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Created:
    """Mixin: when the row was made."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Counter(Model):
    """The last number given out in a named series."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)


_COUNTERS = table_of(Counter)
_RAISE = (
    update(_COUNTERS)
    .where(_COUNTERS.c.name == bindparam("series"))
    .values(value=_COUNTERS.c.value + 1)
    .returning(_COUNTERS.c.value)
)

_LOWER = (
    update(_COUNTERS)
    .where(_COUNTERS.c.name == bindparam("series"))
    .values(value=_COUNTERS.c.value - 1)
)


def next_number(name: str) -> int:
    """Return the series' next number, from 1. The row is locked until the transaction ends."""
    value = write(_RAISE, {"series": name}).scalar()
    if value is not None:
        return int(value)
    try:
        with db.session.begin_nested():
            db.session.add(Counter(name=name, value=1))
    except IntegrityError:
        # Two first ones at once: the other one's row is there now.
        return int(write(_RAISE, {"series": name}).scalar_one())
    return 1


def give_back_number(name: str) -> None:
    """Give back the number that this same transaction took, so that the series has no gap."""
    write(_LOWER, {"series": name})


class ScanState(StrEnum):
    """What the virus scanner said of a file."""

    # Received while no scanner was in use; says nothing about the file.
    NOT_ASKED = ""
    # The scanner was away: the file is held until it has answered.
    WAITING = "waiting"
    CLEAN = "clean"
    # Held and then found harmful: the bytes are gone.
    HARMFUL = "harmful"


class StoredFile(Model, Created):
    """One uploaded file. The bytes lie under `Settings.files_dir` by `token`, never by name."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    scan: Mapped[ScanState] = mapped_column(
        String(10), default=ScanState.NOT_ASKED, server_default="", index=True
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


def exists(statement: Any) -> bool:
    """Whether the select gives at least one row."""
    return bool(db.session.execute(select(statement.exists())).scalar_one())
