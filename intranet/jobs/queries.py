"""Reads for the health page."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import current_app
from sqlalchemy import func, select, text

from intranet.core.clock import now
from intranet.extensions import db
from intranet.jobs.models import JobLease, JobRun
from intranet.jobs.registry import Probe, ProbeResult

HEARTBEAT = timedelta(minutes=3)


def probe_database() -> ProbeResult:
    """Bad when a select fails; the caller turns the exception into a bad answer."""
    db.session.execute(text("select 1")).scalar_one()
    return ProbeResult("database", True, {"engine": db.engine.dialect.name})


def probe_jobs() -> ProbeResult:
    """Bad when no jobs process has held the lease for three minutes, or a job keeps failing."""
    until = db.session.execute(select(JobLease.until).where(JobLease.id == 1)).scalar_one_or_none()
    failing = list(db.session.execute(select(JobRun.name).where(JobRun.failures >= 3)).scalars())
    age = (now() - until) if until is not None else None
    newest = db.session.execute(select(func.max(JobRun.finished_at))).scalar_one_or_none()
    return ProbeResult(
        "jobs",
        age is not None and age < HEARTBEAT and not failing,
        {"last_run": newest.isoformat() if newest else None, "failing": failing},
    )


def check_health() -> list[ProbeResult]:
    """Return every probe's answer; one that raises is bad and shows only the kind of error."""
    probes = (
        probe_database,
        probe_jobs,
        *cast(tuple[Probe, ...], current_app.extensions["probes"]),
    )
    results = []
    for probe in probes:
        try:
            results.append(probe())
        except Exception as error:  # noqa: BLE001  The page must answer whatever is broken.
            db.session.rollback()
            name = probe.__name__.removeprefix("probe_")
            results.append(ProbeResult(name, False, {"error": type(error).__name__}))
    return results
