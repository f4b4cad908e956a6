"""`flask library import FOLDER_OR_ZIP --list LIST`: documents from a former system; and
`flask library export-offline FOLDER`: the library as pages that need no server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from intranet.core.actor import SYSTEM, Viewer
from intranet.core.csv_text import csv_bytes
from intranet.core.errors import InvalidInput
from intranet.core.transaction import transaction
from intranet.core.unpacking import Bundle, FolderBundle, ZipBundle
from intranet.extensions import db
from intranet.library.actions.take_in_runs import begin_run, finish_run
from intranet.library.actions.write import ensure_document_types
from intranet.library.offline_copy import NotOurFolder, write_copy
from intranet.library.queries.take_in_runs import numbers_of
from intranet.library.take_in import FAULTS, ListRow, Outcome, count_outcomes
from intranet.library.take_in_lines import Judged, TakingIn
from intranet.library.take_in_lists import read_list
from intranet.library.take_in_models import TakeInRun
from intranet.library.take_in_words import OUTCOMES, in_words, report_headers, report_row
from intranet.people.queries.persons import get_person_by_text
from intranet.people.queries.viewer import load_viewer

commands = AppGroup("library", help="Take documents into the library, and take it out.")
_COLOURS = {Outcome.FAILED: "red", Outcome.KNOWN: "yellow"}


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


@commands.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--list",
    "list_path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV or XLSX with a line for each document.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the result as CSV."
)
@click.option("--publish", is_flag=True, help="Let the documents apply at once, as they did.")
@click.option("--approved-by", help="User name of who approves; needed with --publish.")
def import_documents(
    source: Path,
    list_path: Path,
    dry_run: bool,
    report: Path | None,
    publish: bool,
    approved_by: str | None,
) -> None:
    """Take in the DOCX and PDF files of a folder or zip that the list names, as drafts.

    Run again it takes in only what is missing. With errors on any line it ends with 1.
    """
    if publish != bool(approved_by):
        raise click.UsageError("--publish og --approved-by hører sammen.")
    try:
        rows = read_list(list_path, list_path.name)
        approver = _approver(approved_by) if approved_by else None
        bundle: Bundle = FolderBundle(source) if source.is_dir() else ZipBundle(source)
        taking = TakingIn(rows, bundle, actor=SYSTEM, approver=approver)
    except InvalidInput as error:
        raise click.ClickException(str(error.message)) from error
    judge = _dry(taking, rows) if dry_run else _real(taking, rows, list_path.name, approver)
    results = []
    for judged in judge:
        results.append(judged)
        _say(judged)
    for name in taking.unlisted:
        click.secho(f"står ikke i listen: {name}", fg="yellow")
    if report is not None:
        report.write_bytes(_report(results))
    _say_counts(results, dry_run)
    if any(one.outcome is Outcome.FAILED for one in results):
        raise SystemExit(1)


def _approver(username: str) -> Viewer:
    viewer = load_viewer(get_person_by_text(username, field="approver"))
    assert viewer is not None
    return viewer


def _dry(taking: TakingIn, rows: list[ListRow]) -> Iterator[Judged]:
    for row in rows:
        yield taking.judge(row)
        db.session.rollback()


def _real(
    taking: TakingIn, rows: list[ListRow], list_name: str, approver: Viewer | None
) -> Iterator[Judged]:
    with transaction():
        ensure_document_types()
        approver_id = None if approver is None else approver.id
        run_id = begin_run(rows, list_name, approver_id, actor=SYSTEM).id
    for row in rows:
        yield taking.take_in(row, run_id)
    with transaction():
        finish_run(db.session.get_one(TakeInRun, run_id), actor=SYSTEM)


def _say(judged: Judged) -> None:
    label = str(OUTCOMES[judged.outcome][0]).lower()
    words = " ".join(in_words(one) for one in judged.remarks)
    click.secho(
        f"linje {judged.row.line}: {label}: {judged.row.title or judged.row.file}"
        f"{'. ' if words else ''}{words}",
        fg=_COLOURS.get(judged.outcome) or ("yellow" if judged.remarks else None),
        err=any(one.say in FAULTS for one in judged.remarks),
    )


def _report(results: list[Judged]) -> bytes:
    numbers = numbers_of(one.document_id for one in results)
    lines = [
        report_row(one.row, one.outcome, numbers.get(one.document_id or 0, ""), one.remarks)
        for one in results
    ]
    return csv_bytes(report_headers(), lines)


def _say_counts(results: list[Judged], dry_run: bool) -> None:
    counts = count_outcomes(one.outcome for one in results)
    words = ", ".join(f"{str(OUTCOMES[one][0]).lower()} {count}" for one, count in counts.items())
    click.echo(f"{'Prøvekjøring, ingenting er skrevet' if dry_run else 'Ferdig'}: {words}")
