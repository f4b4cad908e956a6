"""`flask library export-offline FOLDER`: the library as pages that need no server."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from intranet.library.offline_copy import NotOurFolder, write_copy

commands = AppGroup("library", help="Take the library out.")


@commands.command("export-offline")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_offline(folder: Path) -> None:
    """Write what applies, and every employee may read, as pages that open without a net."""
    try:
        made = write_copy(folder)
    except NotOurFolder as error:
        raise click.ClickException(
            f"{error} har noe annet i seg enn en kopi herfra. Velg en tom eller ny mappe."
        ) from error
    except OSError as error:
        raise click.ClickException(f"{folder} kan ikke skrives: {error.strerror}") from error
    click.echo(f"bibliotek: {made.documents:,} dokumenter og {made.files:,} filer i {folder}")
