"""`flask backup keys | take | verify | restore | restored | mail | erasures`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.backup import sealing, status
from intranet.backup.actions.failing import FAULTS, settle_failed, words_of
from intranet.backup.actions.restore import audit_fault, restore_backup, settle_after_restore
from intranet.backup.actions.take import ERASED_SUFFIX, take_backup
from intranet.backup.actions.verify import verify_inside, verify_outside
from intranet.backup.manifest import Manifest
from intranet.core.actor import SYSTEM
from intranet.core.clock import OSLO, now
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.notifications import holding
from intranet.notifications.queries import count_waiting, list_waiting
from intranet.people.actions.erasure import list_erased

commands = AppGroup("backup", help="Take, look through and put back backups.")

_FILE = click.Path(dir_okay=False, path_type=Path)
_OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_KEY = click.option(
    "--key", type=click.File("r"), help="The file with the private key; - for standard input."
)


@commands.command("keys")
@click.argument("path", type=_FILE)
def make_keys(path: Path) -> None:
    """Make a pair of keys. On another machine than the portal's: whoever has the file reads all."""
    private, public = sealing.make_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} finnes fra før og blir ikke overskrevet.") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# created: {now().isoformat()}\n# public key: {public}\n{private}\n")
    click.echo(f"Den private nøkkelen ligger i {path}. Den skal aldri ligge på portalens server.")
    click.echo(f"Offentlig nøkkel: {public}")


@commands.command("take")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--recipient", "recipients", multiple=True, help="A public key: age1…")
def take(folder: Path | None, recipients: tuple[str, ...]) -> None:
    """Take one sealed backup of database and files while the portal runs."""
    settings = get_settings()
    folder = folder or settings.backup_dir
    if folder is None:
        raise click.ClickException("Velg en mappe med --to eller BACKUP_DIR.")
    try:
        taken = take_backup(folder, recipients or settings.backup_recipients)
    except FAULTS as error:
        settle_failed(error)
        raise click.ClickException(f"Sikkerhetskopien ble ikke tatt: {words_of(error)}") from error
    status.note_taken(size=taken.size, files=taken.files, missing=taken.missing)
    with transaction():
        record(
            AuditEvent.BACKUP_TAKEN,
            actor=SYSTEM,
            subject="backup",
            subject_id=taken.path.name,
            details={"files": taken.files, "missing": taken.missing},
        )
    click.echo(
        f"{taken.path}: {taken.size:,} byte, {taken.rows:,} rader og {taken.files:,} filer, "
        "lest tilbake."
    )
    if taken.missing:
        raise click.ClickException(
            f"{taken.missing} filer mangler eller er skadet på disken. De står i manifestet."
        )


@commands.command("verify")
@click.argument("path", type=_OLD_FILE)
@_KEY
def verify(path: Path, key: Any) -> None:
    """Say whether a backup is whole: with the key all that is in it, without it the file alone."""
    try:
        if key is None:
            verify_outside(path)
            click.echo("Fila er uendret siden den ble tatt. Innholdet sjekkes med --key.")
            return
        manifest = verify_inside(path, key.read())
    except FAULTS as error:
        raise click.ClickException(f"{path}: {words_of(error)}") from error
    _tell(manifest)
    click.echo("Sikkerhetskopien er hel og fra denne installasjonen.")


@commands.command("restore")
@click.argument("path", type=_OLD_FILE)
@click.option("--key", type=click.File("r"), required=True, help="The private key; - for stdin.")
@click.option("--erasures", type=_OLD_FILE, help="The newest list of who was erased.")
def restore(path: Path, key: Any, erasures: Path | None) -> None:
    """Put a backup into an empty installation. Before the services are started."""
    numbers = _read_numbers(erasures or _newest_erasures(path))
    try:
        manifest = restore_backup(path, key.read(), click.echo)
    except FAULTS as error:
        raise click.ClickException(f"Ikke gjenopprettet: {words_of(error)}") from error
    _tell(manifest)
    fault = audit_fault()
    click.echo(f"revisjonslogg: {'hel' if fault is None else f'brutt ved {fault}'}")
    _settle(numbers)
    if manifest.missing:
        click.echo(f"Filer som manglet da kopien ble tatt: {len(manifest.missing)}")
    if fault is not None:
        raise SystemExit(1)


def _newest_erasures(path: Path) -> Path:
    """Return the newest list beside the backup: an older one does not know who came later."""
    found = sorted(path.parent.glob(f"*{ERASED_SUFFIX}"))
    if not found:
        raise click.ClickException(
            "Lista over slettede personer mangler ved siden av kopien. Velg den med --erasures."
        )
    click.echo(f"Slettede personer leses fra {found[-1].name}.")
    return found[-1]


def _tell(manifest: Manifest) -> None:
    rows = sum(manifest.counts.values())
    click.echo(
        f"Tatt {manifest.taken_at}, program {manifest.program}, {manifest.engine} "
        f"{manifest.server}, tabeller {manifest.migration}."
    )
    click.echo(f"{len(manifest.counts)} tabeller, {rows:,} rader, {manifest.files:,} filer.")


@commands.command("erasures")
@click.argument("path", type=_FILE)
def write_erasures(path: Path) -> None:
    """Write the numbers of all who were erased into a file that is kept beside the backups."""
    numbers = list_erased()
    path.write_text("".join(f"{number}\n" for number in numbers), encoding="utf-8")
    click.echo(f"Slettede personer: {len(numbers)}")


@commands.command("restored")
@click.option("--erasures", type=_OLD_FILE)
def restored(erasures: Path | None) -> None:
    """What `restore` does at its end, for a database that was put back in another way."""
    _settle(_read_numbers(erasures) if erasures else [])


def _settle(numbers: list[int]) -> None:
    after = settle_after_restore(numbers)
    click.echo(f"Økter avsluttet: {after.sessions}. Alle må logge inn på nytt.")
    click.echo(f"Personer slettet på nytt: {after.erased}.")
    click.echo(f"E-post som ikke var sendt da kopien ble tatt: {after.mails}.")
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
