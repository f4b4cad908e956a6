"""`flask search rebuild | catch-up | run`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from intranet.search import indexing, queries, sources
from intranet.search.entry import Kind
from intranet.search.errors import IndexUnavailable

commands = AppGroup("search", help="Build and try the search index.")

_EVERY = 500
# Whoever asks for laws means regulations too: both are "lover og regler".
_KINDS = {kind.value: (kind,) for kind in Kind} | {"law": (Kind.LAW, Kind.REGULATION)}


@commands.command("rebuild")
def rebuild() -> None:
    """Build the index anew; searches are answered from the old one until the new one is ready."""
    about = sources.count_entries()
    label = "Bygger søket"
    with click.progressbar(length=about, label=label, width=30, update_min_steps=_EVERY) as bar:
        count = indexing.rebuild(lambda: bar.update(1))
        bar.update(max(0, about - bar.pos))
    click.echo(f"søk: {count:,} oppføringer i indeksen")


@commands.command("catch-up")
def catch_up() -> None:
    """Index what changed since last; builds anew if there is no usable index."""
    click.echo(f"søk: {indexing.catch_up():,} oppdatert")


@commands.command("run")
@click.option(
    "--file",
    "questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
)
@click.option("--kind", "kinds", type=click.Choice(sorted(_KINDS)), multiple=True)
@click.option("--most", default=10, show_default=True, help="Results per question.")
def run(questions: Path, kinds: tuple[str, ...], most: int) -> None:
    """Answer a file of questions as the page does, for somebody with no unit and no role.

    A line {"id", "query"} in, a line {"id", "results": [keys]} out.
    """
    wanted = [kind for name in kinds for kind in _KINDS[name]]
    with questions.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            question = json.loads(line)
            try:
                keys = queries.find_keys(frozenset({"all"}), question["query"], wanted, most)
            except IndexUnavailable as error:
                raise click.ClickException(
                    "Det er ingen indeks ennå. Lag den: flask search rebuild"
                ) from error
            click.echo(json.dumps({"id": question["id"], "results": keys}, ensure_ascii=False))
