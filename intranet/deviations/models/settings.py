"""The tables that the administrator edits in place of the rows of the product."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, String, event, insert, true
from sqlalchemy.orm import Mapped, mapped_column

from intranet.deviations.escalation import DEFAULT_DAYS
from intranet.deviations.routing import DEFAULT_COPIES
from intranet.extensions import Model


class CopyRule(Model):
    """One row of the table of copies. An empty table means the rows in `routing.DEFAULT_COPIES`."""

    __tablename__ = "deviation_copy_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str | None] = mapped_column(String(16))
    least_rank: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DeadlineSetting(Model):
    """Working days for one severity, in place of `escalation.DEFAULT_DAYS`."""

    __tablename__ = "deviation_deadline"

    severity_rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    acknowledge: Mapped[int]
    decide: Mapped[int]
    close: Mapped[int]
    climb: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def insert_copy_rules(connection: Connection) -> None:
    """Put the rows of the product into an empty table."""
    for row in DEFAULT_COPIES:
        values = {"category": row.category, "least_rank": row.least_severity.rank, "role": row.role}
        connection.execute(insert(CopyRule).values(version=1, is_active=True, **values))


def insert_deadlines(connection: Connection) -> None:
    """Put the days of the product into an empty table."""
    for severity, days in DEFAULT_DAYS.items():
        values = {"severity_rank": severity.rank, "version": 1, **asdict(days)}
        connection.execute(insert(DeadlineSetting).values(**values))


@event.listens_for(CopyRule.__table__, "after_create")
def _fill_copy_rules(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_copy_rules(connection)


@event.listens_for(DeadlineSetting.__table__, "after_create")
def _fill_deadlines(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_deadlines(connection)
