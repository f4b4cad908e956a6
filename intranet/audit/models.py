"""The audit's tables; rows are only ever added. The law may take a name out, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.audit import guard
from intranet.core.models import UtcDateTime
from intranet.extensions import Model

# SQLite gives a rowid only to an INTEGER key; PostgreSQL needs the longer one.
LONG = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Model):
    """One event. `digest` binds it to the entry before, so that a change or a gap shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "subject_id"),
        Index("ix_audit_entry_actor_id", "actor_id", "sequence"),
    )

    # Given by us under a lock, so that the chain has no gaps.
    sequence: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=False)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None]
    # The only part that may be erased, with its salt: what is signed is the commitment to both.
    actor_name: Mapped[str] = mapped_column(String(200))
    # None: written before names could be erased; the name itself is signed.
    actor_salt: Mapped[str | None] = mapped_column(String(32))
    actor_commitment: Mapped[str | None] = mapped_column(String(64))
    on_behalf_of: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text, default="{}")
    digest: Mapped[str] = mapped_column(String(64))


class AuditHidden(Model):
    """An entry that the page leaves out: what it is about is nobody's business any more.

    The entry itself stays in the chain as it was.
    """

    __tablename__ = "audit_hidden"

    sequence: Mapped[int] = mapped_column(
        LONG, ForeignKey("audit_entry.sequence"), primary_key=True, autoincrement=False
    )


class AuditHead(Model):
    """The newest link of the chain: one row, locked by whoever appends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")


@event.listens_for(AuditEntry.__table__, "after_create")
def _add_guard(_table: Any, connection: Connection, **_options: Any) -> None:
    """Give a schema that is made from the models the guard that the migration gives."""
    for statement in guard.statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
