"""`flask laws import FILE... [--fetch] [--as-of DATE]`, `flask laws resolve --file R.jsonl`, and
`flask laws amended OLD NEW`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from intranet.core.errors import InvalidInput
from intranet.core.settings import get_settings
from intranet.laws.archive import ArchiveRefused
from intranet.laws.comparing import Fingerprint, compare_sections, read_fingerprints
from intranet.laws.fetch import ARCHIVES, fetch_archive
from intranet.laws.importing import Result, Tell, import_archive
from intranet.laws.queries.corpus import load_edition
from intranet.laws.refusal_text import refusal_text

commands = AppGroup("laws", help="Import laws and regulations from Lovdata's archives.")


@commands.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fetch", is_flag=True, help="Download the newest archives from Lovdata.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The edition's day, if the name lacks it."
)
def import_laws(files: tuple[Path, ...], fetch: bool, as_of: datetime | None) -> None:
    """Import archives of law texts. Broken or hostile ones are refused, and nothing is changed."""
    if not files and not fetch:
        raise click.UsageError("Oppgi en eller flere filer, eller bruk --fetch.")
    day = as_of.date() if as_of else None
    refused = 0
    for path in files:
        with path.open("rb") as stream:
            refused += not _import_one(stream, path.name, day)
    for name in ARCHIVES if fetch else ():
        try:
            with _fetched(name) as stream:
                refused += not _import_one(stream, name, day)
        except InvalidInput as error:
            click.echo(f"{name}: {error.message}", err=True)
            refused += 1
    if refused:
        raise SystemExit(1)


@commands.command("resolve")
@click.option(
    "--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def resolve(path: Path) -> None:
    """Write the targets of each line's text: {"id","text","context"} in, {"id","targets":[…]}
    out.
    """
    finder = load_edition().finder
    with path.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            asked = json.loads(line)
            found = finder.find(asked["text"], asked.get("context"))
            click.echo(
                json.dumps({"id": asked["id"], "targets": _targets(found)}, ensure_ascii=False)
            )


@commands.command("amended")
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def amended(old: Path, new: Path) -> None:
    """Write what differs between two archives, a paragraph a line: {"doc","section","change"}.

    The change is added, text, title or repealed. The database is neither read nor changed.
    """
    before, after = _fingerprints(old), _fingerprints(new)
    for refid in sorted(before.keys() | after.keys()):
        for one in compare_sections(before.get(refid, {}), after.get(refid, {})):
            line = {"doc": refid, "section": one.section, "change": one.change.value}
            click.echo(json.dumps(line, ensure_ascii=False))


def _fingerprints(path: Path) -> dict[str, dict[str, Fingerprint]]:
    with path.open("rb") as stream:
        try:
            return read_fingerprints(stream)
        except ArchiveRefused as refused:
            reason = refusal_text(refused.code, refused.member)
            raise click.ClickException(f"{path.name}: {reason}") from refused


def _targets(found: list[Any]) -> list[dict[str, Any]]:
    unique = dict.fromkeys(
        (reference.refid, reference.section, reference.ledd) for reference in found
    )
    return [
        {"doc": refid, "section": section} | ({"ledd": ledd} if ledd else {})
        for refid, section, ledd in unique
    ]


def _import_one(stream: BinaryIO, name: str, day: date | None) -> bool:
    with _progress(stream, name) as tell:
        try:
            result = import_archive(stream, name, as_of=day, tell=tell)
        except InvalidInput as error:
            click.echo(f"\n{name}: {error.message}", err=True)
            return False
    _report(result)
    return True


def _report(result: Result) -> None:
    counts = result.counts
    click.echo(
        f"{result.name} ({result.as_of.isoformat()}): {counts.documents} dokumenter, "
        f"{counts.added} nye, {counts.changed} endret, {counts.unchanged} uendret, "
        f"{counts.older} eldre enn våre, {counts.gone} opphevet"
    )


@contextmanager
def _progress(stream: BinaryIO, name: str) -> Iterator[Tell]:
    """One bar over both passes; its length is the packed size, twice."""
    size = os.fstat(stream.fileno()).st_size
    with click.progressbar(length=size * 2, label=name[:40], width=30) as bar:

        def tell(step: str, position: int) -> None:
            done = position + (size if step == "save" else 0)
            bar.update(max(0, done - bar.pos))

        yield tell
        bar.update(max(0, size * 2 - bar.pos))


@contextmanager
def _fetched(name: str) -> Iterator[BinaryIO]:
    with click.progressbar(length=1, label=f"Lovdata: {name}"[:40], width=30) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, done, 1)
            bar.update(max(0, done - bar.pos))

        stream = fetch_archive(get_settings().law_source_url, name, tell=tell)
    with stream:
        yield stream
