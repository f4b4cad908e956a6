"""`flask audit verify` and `flask audit anchor`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from intranet.audit import chain, queries
from intranet.core.clock import now

commands = AppGroup("audit", help="Check the chained audit log.")


@commands.command("verify")
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(anchor: Path | None) -> None:
    """Recompute the whole chain; exit 1 and name the first bad entry when it is broken."""
    fault = queries.find_fault()
    if fault is None and anchor is not None:
        fault = _missing_anchor(anchor)
    if fault is not None:
        click.echo(_words_of(fault))
        raise SystemExit(1)
    for earlier, back in queries.list_clock_steps():
        click.echo(f"revisjonslogg: klokka ble stilt tilbake {back} etter linje {earlier}")
    sequence, digest = queries.head()
    click.echo(f"revisjonslogg: hel, {sequence} linjer, siste lenke {digest}")


def _missing_anchor(path: Path) -> chain.Fault | None:
    """Return a fault when an entry that was anchored outside is not in the chain any more."""
    with path.open(encoding="utf-8") as lines:
        wanted = dict(chain.anchors_after(lines))
    newest, _digest = queries.head()
    if wanted and max(wanted) > newest:
        return chain.Fault(max(wanted), chain.OLDER)
    for sequence, digest in sorted(wanted.items()):
        if queries.find_digest(sequence) != digest:
            return chain.Fault(sequence, "anchor")
    return None


def _words_of(fault: chain.Fault) -> str:
    if fault.kind == chain.OLDER:
        return f"revisjonslogg: eldre enn siste anker, som er linje {fault.sequence}"
    return f"revisjonslogg: brutt ved linje {fault.sequence} ({fault.kind})"


@commands.command("anchor")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def write_anchor(path: Path) -> None:
    """Append the newest link to a file outside the database, best on another machine."""
    sequence, digest = queries.head()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{sequence} {digest} {now().isoformat()}\n")
    click.echo(f"revisjonslogg: linje {sequence} er notert utenfor databasen")
