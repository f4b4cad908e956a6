"""Tables of the jobs process: who holds the lease, and when each job ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import UtcDateTime
from intranet.extensions import Model


class JobLease(Model):
    """One row: the process that does the jobs until `until`."""

    __tablename__ = "job_lease"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(40), default="")
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRun(Model):
    """When a job last began and ended, and how often it has failed since it last succeeded."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
