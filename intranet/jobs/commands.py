"""`flask jobs run` (the process beside the web) and `flask jobs once` (for cron and tests)."""

from __future__ import annotations

import logging
import secrets
import signal
import time
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from intranet.config import ConfigurationError
from intranet.core.schema import check_schema
from intranet.jobs.actions import give_up_lease, run_due, take_lease

commands = AppGroup("jobs", help="Do what is due by the clock.")
log = logging.getLogger("intranet.jobs")

PAUSE_SECONDS = 1.0
STANDBY_SECONDS = 5.0


class Stopped(BaseException):
    """The process was asked to end. No job may take it for a failure of its own and go on."""


@commands.command("run")
def run() -> None:
    """Run the jobs until stopped. A second process waits until the first one is gone."""
    _refuse_wrong_database()
    holder = secrets.token_hex(16)
    is_stopping = False

    def stop(_signal: int, _frame: Any) -> None:
        # Raised so that what runs ends now. Where Python drops what is raised, in a finaliser for
        # one, the loop below sees the flag.
        nonlocal is_stopping
        is_stopping = True
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    jobs = current_app.extensions["jobs"]
    click.echo(f"jobber: {', '.join(job.name for job in jobs)}")
    try:
        while not is_stopping:
            try:
                has_lease = take_lease(holder)
                if has_lease:
                    run_due(jobs, holder)
            except Exception:  # The database may be away for a while; so are we.
                log.exception("jobs: could not run")
                has_lease = False
            time.sleep(PAUSE_SECONDS if has_lease else STANDBY_SECONDS)
    except (KeyboardInterrupt, Stopped):
        pass
    give_up_lease(holder)


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
