"""`make bench`: builds scratch instances, measures, prints one table. `--full` takes minutes more.

With `--full` also the archives of laws, the index over them, 20,000 persons, PostgreSQL, and how
pages grow from a small municipality's rows to a large one's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import crowd, floor, growth, instance, pages, whole, wire
from benchmarks.measure import Call, Row, table, time_with_server
from intranet.extensions import db
from tests.servers import postgresql

Part = Callable[[], list[Row]]


def main() -> None:
    """Build, measure, print: each part on standard error when it is done, then the whole table."""
    with tempfile.TemporaryDirectory(prefix="intranet-bench-") as name:
        folder = Path(name)
        bare = floor.make(folder).test_client()
        rows: list[Row] = []
        for part in (*_quick(folder, bare), *(_slow(folder, bare) if "--full" in sys.argv else ())):
            done = part()
            print(table(done), file=sys.stderr, flush=True)
            rows += done
        print(table([*rows, *pages.measure_floor(bare)]))


def _quick(folder: Path, bare: FlaskClient) -> list[Part]:
    app = instance.seeded(folder / "demo")
    instance.fill(app)
    floor_call = pages.article_of(bare)
    return [
        lambda: pages.measure(app, floor_call),
        lambda: growth.measure_desk(app, floor_call, "SQLite"),
        lambda: wire.measure(app),
        lambda: crowd.measure(app, "SQLite"),
        lambda: whole.measure_start(folder / "demo", floor_call),
        lambda: whole.measure_sync(folder / "thousand", 1_000, 2),
    ]


def _slow(folder: Path, bare: FlaskClient) -> list[Part]:
    laws = folder / "laws"
    parts = [
        lambda: whole.measure_sync(folder / "many", 20_000, 40),
        lambda: _on_postgresql(folder / "postgresql", pages.article_of(bare)),
        lambda: growth.measure(folder),
    ]
    if not whole.archives():
        return parts
    return [
        *parts,
        lambda: whole.measure_laws(laws),
        lambda: whole.measure_search(laws),
        lambda: whole.measure_all_laws(laws, pages.article_of(bare)),
    ]


def _on_postgresql(folder: Path, floor_call: Call) -> list[Row]:
    with postgresql.running() as server:
        app = instance.seeded(folder, server.url)
        instance.fill(app)
        timer = time_with_server(server.folder)
        rows = pages.measure(app, floor_call, timer=timer, times=1.6, database="PostgreSQL")
        rows += growth.measure_desk(app, floor_call, "PostgreSQL", timer=timer)
        rows += crowd.measure(app, "PostgreSQL")
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        return rows


if __name__ == "__main__":
    main()
