"""`flask jobs run` (the process beside the web) and `flask jobs once` (for cron and tests)."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence

import click
from flask import current_app
from flask.cli import AppGroup

from intranet.config import ConfigurationError
from intranet.core.schema import check_schema
from intranet.core.transaction import drop_session
from intranet.jobs.actions import give_up_lease, run_due, take_lease
from intranet.jobs.ending import Ended, Ending
from intranet.jobs.registry import Job

commands = AppGroup("jobs", help="Do what is due by the clock.")
log = logging.getLogger("intranet.jobs")

PAUSE_SECONDS = 1.0
STANDBY_SECONDS = 5.0


@commands.command("run")
def run() -> None:
    """Run the jobs until stopped. A second process waits until the first one is gone."""
    _refuse_wrong_database()
    holder = secrets.token_hex(16)
    ending = Ending()
    ending.listen()
    jobs = current_app.extensions["jobs"]
    click.echo(f"jobber: {', '.join(job.name for job in jobs)}")
    try:
        while not ending.is_asked:
            time.sleep(PAUSE_SECONDS if _run_round(jobs, holder, ending) else STANDBY_SECONDS)
    except Ended:
        pass
    drop_session()
    give_up_lease(holder)


def _run_round(jobs: Sequence[Job], holder: str, ending: Ending) -> bool:
    """Do what is due, where this process has the lease; return whether it has."""
    try:
        has_lease = take_lease(holder)
        if has_lease:
            run_due(jobs, holder, ending=ending)
        return has_lease
    except Exception as error:  # The database may be away for a while; so are we.
        if ending.is_asked:
            raise Ended from error
        log.exception("jobs: could not run")
        return False


def _refuse_wrong_database() -> None:
    try:
        check_schema()
    except ConfigurationError as error:
        raise click.ClickException(f"Kan ikke starte: {error}") from error


@commands.command("once")
@click.option("--all", "everything", is_flag=True, help="Also what is not due yet.")
def once(everything: bool) -> None:
    """Do what is due now, once, and end."""
    _refuse_wrong_database()
    holder = secrets.token_hex(16)
    ran = run_due(current_app.extensions["jobs"], holder, everything=everything)
    give_up_lease(holder)
    click.echo(f"jobber: {', '.join(ran) or 'ingen var på tide'}")
