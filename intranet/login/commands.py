"""`flask login break-glass NAME` and the job that sweeps what is over."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup

from intranet.core.transaction import transaction
from intranet.jobs.registry import Job
from intranet.login import actions
from intranet.people.credentials import clean_name

commands = AppGroup("login", help="Emergency administrators.")


@commands.command("break-glass")
@click.argument("name")
def break_glass(name: str) -> None:
    """Make a local administrator for when the directory is down; prints the password once."""
    cleaned = clean_name(name)
    if cleaned is None:
        raise click.BadParameter("ikke et brukernavn", param_hint="NAME")
    with transaction():
        password = actions.make_break_glass(cleaned)
    click.echo(f"Nødadministrator: {cleaned}")
    click.echo(f"Passord (vises bare nå): {password}")


def _sweep() -> None:
    with transaction():
        actions.sweep()


JOBS = (Job("sessions", timedelta(minutes=10), _sweep),)
