"""`flask database check | copy`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from intranet.backup.actions.failing import words_of
from intranet.backup.actions.move import NotMoved, count_source, held_source, move_database
from intranet.backup.checking import (
    count_files,
    find_copy_fault,
    find_database_fault,
    iterate_file_faults,
)
from intranet.backup.snapshot import SnapshotFailed

commands = AppGroup("database", help="Check the database, or move it to PostgreSQL.")

_OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command("check")
@click.argument("path", type=_OLD_FILE, required=False)
def check(path: Path | None) -> None:
    """Check the portal's database, audit log and files; or a SQLite file that was copied."""
    if path is not None:
        fault = find_copy_fault(path)
        if fault is not None:
            raise click.ClickException(f"{path}: {fault}.")
        click.echo(f"{path} er hel.")
        return
    fault = find_database_fault()
    if fault is not None:
        raise click.ClickException(f"Databasen: {fault}.")
    faults = 0
    shown = tqdm(iterate_file_faults(), total=count_files(), unit="filer", disable=None)
    for token, problem in shown:
        if problem is not None:
            faults += 1
            shown.write(f"files/{token[:2]}/{token} {problem}")
    if faults:
        raise click.ClickException(f"{faults} filer mangler eller er endret.")
    click.echo("Databasen, revisjonsloggen og filene er hele.")


@commands.command("copy")
@click.argument("source", type=click.Path(dir_okay=False, path_type=Path))
def copy(source: Path) -> None:
    """Copy a SQLite file into the empty PostgreSQL of DATABASE_URL. With both services stopped."""
    try:
        with held_source(source) as held:
            rows = count_source(held)
            # Each row is written, and then read again and compared.
            bar: tqdm[Any] = tqdm(total=2 * rows, unit="rader", disable=None)
            with bar:
                moved = move_database(held, bar.update)
    except (NotMoved, OSError, SQLAlchemyError, SnapshotFailed) as error:
        raise click.ClickException(f"Ikke flyttet: {words_of(error)}.") from error
    click.echo(f"{moved:,} rader er flyttet og sammenlignet, én for én.")
