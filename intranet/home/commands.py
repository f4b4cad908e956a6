"""`flask backup restored | mail | erasures`: what a backup that is put back must not undo."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.clock import OSLO
from intranet.core.transaction import transaction
from intranet.login.actions import end_every_session
from intranet.notifications import holding
from intranet.notifications.queries import count_waiting, list_waiting
from intranet.people.actions.erasure import erase_again, list_erased

commands = AppGroup("backup", help="What follows when a backup has been restored.")


_FILE = click.Path(dir_okay=False, path_type=Path)


@commands.command("erasures")
@click.argument("path", type=_FILE)
def write_erasures(path: Path) -> None:
    """Write the numbers of all who were erased into a file that is kept beside the backups."""
    numbers = list_erased()
    path.write_text("".join(f"{number}\n" for number in numbers), encoding="utf-8")
    click.echo(f"Slettede personer: {len(numbers)}")


@commands.command("restored")
@click.option("--erasures", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restored(erasures: Path | None) -> None:
    """End every session, hold the mail back, erase again. Before the services are started."""
    numbers = _read_numbers(erasures) if erasures else []
    holding.hold_mail()
    with transaction():
        erased = erase_again(numbers)
        ended = end_every_session()
        waiting = count_waiting()
        record(
            AuditEvent.BACKUP_RESTORED,
            actor=SYSTEM,
            subject="backup",
            subject_id="restored",
            details={"sessions": ended, "mails": waiting},
        )
    click.echo(f"Økter avsluttet: {ended}. Alle må logge inn på nytt.")
    click.echo(f"Personer slettet på nytt: {erased}.")
    click.echo(f"E-post som ikke var sendt da kopien ble tatt: {waiting}.")
    click.echo("All e-post holdes tilbake. Start portalen, se «flask backup mail», og velg.")


def _read_numbers(path: Path) -> list[int]:
    """Return the numbers of the file; a line that is none ends the command, with nothing done."""
    lines = path.read_text(encoding="utf-8").split()
    wrong = next((line for line in lines if not line.isdecimal()), None)
    if wrong is not None:
        raise click.ClickException(f"{path}: «{wrong}» er ikke nummeret på en person.")
    return [int(line) for line in lines]


@commands.command("mail")
@click.option("--send", "choice", flag_value="send", help="Send what waits, and all from now on.")
@click.option("--drop", "choice", flag_value="drop", help="Send only what comes from now on.")
def mail(choice: str | None) -> None:
    """Show which mail is held back after a restore, or decide what becomes of it."""
    if not holding.is_held():
        click.echo("E-post holdes ikke tilbake.")
        return
    if choice is None:
        _show_waiting()
        return
    waiting = count_waiting()
    dropped = holding.drop_waiting() if choice == "drop" else 0
    with transaction():
        record(
            AuditEvent.BACKUP_MAIL_SETTLED,
            actor=SYSTEM,
            subject="backup",
            subject_id="mail",
            details={"mails": waiting, "dropped": dropped},
        )
    holding.release_mail()
    said = f"{dropped} blir ikke sendt." if choice == "drop" else f"{waiting} sendes nå."
    click.echo(f"E-post holdes ikke tilbake lenger. {said}")


def _show_waiting() -> None:
    for row in list_waiting():
        made = row.created_at.astimezone(OSLO)
        click.echo(f"{made:%d.%m.%Y %H.%M}  {row.subject}")
    click.echo(f"E-post som holdes tilbake: {count_waiting()}. Velg --send eller --drop.")
