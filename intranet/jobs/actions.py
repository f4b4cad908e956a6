"""Runs what is due. One process at a time holds the lease; a dead one's lease runs out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.ending import Ended, Ending
from intranet.jobs.models import JobLease, JobRun
from intranet.jobs.registry import Job

log = logging.getLogger("intranet.jobs")

LEASE = timedelta(seconds=60)
LONGEST_LEASE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=1)


def take_lease(holder: str, duration: timedelta = LEASE) -> bool:
    """Take or renew the lease for `holder`; False while another process has it."""
    moment = now()
    values = {"holder": holder, "until": moment + duration}
    try:
        with transaction():
            taken = db.session.execute(
                update(JobLease)
                .where(JobLease.id == 1, or_(JobLease.holder == holder, _is_over(moment)))
                .values(**values)
                .returning(JobLease.id)
            ).first()
            if taken is None and db.session.get(JobLease, 1) is None:
                db.session.add(JobLease(id=1, **values))
                db.session.flush()
                return True
            return taken is not None
    except IntegrityError:
        return False  # Two first ones at once; the other one was faster.


def _is_over(moment: datetime) -> ColumnElement[bool]:
    """Whether the lease has run out, or is from before the clock was set back."""
    return or_(JobLease.until < moment, JobLease.until > moment + LONGEST_LEASE)


def give_up_lease(holder: str) -> None:
    """Let another process go on at once, at an orderly end."""
    with transaction():
        db.session.execute(update(JobLease).where(JobLease.holder == holder).values(until=now()))


def run_due(
    jobs: Sequence[Job], holder: str, *, everything: bool = False, ending: Ending | None = None
) -> list[str]:
    """Run the jobs that are due (or all) under the lease; return the names of those that ran."""
    ending = ending or Ending()
    ran = []
    for job in jobs:
        if ending.is_asked:
            break
        if not (everything or _is_due(job)):
            continue
        if not take_lease(holder, max(LEASE, job.longest)):
            break
        _run_one(job, ending)
        # A long job's long lease ends with it.
        take_lease(holder)
        ran.append(job.name)
    return ran


def _is_due(job: Job) -> bool:
    next_at = db.session.execute(
        select(JobRun.next_at).where(JobRun.name == job.name)
    ).scalar_one_or_none()
    db.session.rollback()
    # Nobody sets a moment that far ahead: the clock was set back since.
    longest = max(LONGEST_PAUSE, job.every) + LONGEST_LEASE
    return next_at is None or not now() < next_at <= now() + longest


def _run_one(job: Job, ending: Ending) -> None:
    """Run a job and write down how it went. A job that fails is tried again ever less often."""
    started = now()
    error = ""
    try:
        job.run()
    except Exception as failure:  # One failing job must not stop the others.
        if ending.is_asked:
            raise Ended from failure
        log.exception("job %s failed", job.name)
        error = type(failure).__name__
    db.session.rollback()
    with transaction():
        run = db.session.get(JobRun, job.name)
        if run is None:
            run = JobRun(name=job.name, next_at=started, failures=0)
            db.session.add(run)
        run.started_at, run.finished_at, run.error = started, now(), error
        run.failures = run.failures + 1 if error else 0
        pause = min(job.every * 2 ** min(run.failures, 10), max(LONGEST_PAUSE, job.every))
        run.next_at = started + (pause if error else job.every)
