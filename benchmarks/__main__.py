"""`make bench`: builds scratch instances, measures, prints one table. `--full` takes minutes more.

With `--full` also the archives of laws, the index over them, 20,000 persons, PostgreSQL, and how
pages grow from a small municipality's rows to a large one's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import crowd, floor, growth, instance, pages, whole, wire
from benchmarks.measure import Row, table, time_with_server
from intranet.extensions import db
from tests.servers import postgresql


def main() -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory(prefix="intranet-bench-") as name:
        folder = Path(name)
        bare = floor.make(folder).test_client()
        rows = [*_quick(folder, bare), *(_slow(folder, bare) if "--full" in sys.argv else [])]
        print(table([*rows, *pages.measure_floor(bare)]))


def _quick(folder: Path, bare: FlaskClient) -> list[Row]:
    app = instance.seeded(folder / "demo")
    instance.fill(app)
    return [
        *pages.measure(app, pages.article_of(bare)),
        *growth.measure_desk(app, pages.article_of(bare), "SQLite"),
        *wire.measure(app),
        *crowd.measure(app, "SQLite"),
        *whole.measure_start(folder / "demo", pages.article_of(bare)),
        *whole.measure_sync(folder / "thousand", 1_000, 2),
    ]


def _slow(folder: Path, bare: FlaskClient) -> list[Row]:
    rows = whole.measure_sync(folder / "many", 20_000, 40)
    laws = whole.measure_laws(folder / "laws")
    if laws:
        rows += [*laws, *whole.measure_search(folder / "laws")]
        rows += whole.measure_all_laws(folder / "laws", pages.article_of(bare))
    with postgresql.running() as server:
        app = instance.seeded(folder / "postgresql", server.url)
        instance.fill(app)
        timer = time_with_server(server.folder)
        floor_call = pages.article_of(bare)
        rows += pages.measure(app, floor_call, timer=timer, times=1.6, database="PostgreSQL")
        rows += growth.measure_desk(app, floor_call, "PostgreSQL", timer=timer)
        rows += crowd.measure(app, "PostgreSQL")
        with app.app_context():
            db.engine.dispose()
    return [*rows, *growth.measure(folder)]


if __name__ == "__main__":
    main()
