"""`make bench`: builds scratch instances, measures, prints one table. `--full` takes minutes more.

With `--full` also the archives of laws, the index over them, 20,000 persons, PostgreSQL, and how
pages grow from a small municipality's rows to a large one's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import crowd, growth, instance, pages, whole, wire
from benchmarks.measure import Row, table
from tests.servers import postgresql


def main() -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory(prefix="intranet-bench-") as name:
        folder = Path(name)
        bare = pages.measure_floor(folder)
        rows = [*_quick(folder), *(_slow(folder) if "--full" in sys.argv else []), *bare]
        print(table(rows, bare[0].measured))


def _quick(folder: Path) -> list[Row]:
    app = instance.seeded(folder / "demo")
    instance.fill(app)
    return [
        *pages.measure(app),
        *growth.measure_desk(app, "SQLite"),
        *wire.measure(app),
        *crowd.measure(app, "SQLite"),
        *whole.measure_start(folder / "demo"),
        *whole.measure_sync(folder / "thousand", 1_000, 2),
    ]


def _slow(folder: Path) -> list[Row]:
    rows = whole.measure_sync(folder / "many", 20_000, 40)
    laws = whole.measure_laws(folder / "laws")
    if laws:
        rows += [*laws, *whole.measure_search(folder / "laws")]
    with postgresql.running() as server:
        app = instance.seeded(folder / "postgresql", server.url)
        instance.fill(app)
        # This process alone: the server's own time is not in it.
        rows += pages.measure(app, times=1.6, database="PostgreSQL")
        rows += growth.measure_desk(app, "PostgreSQL")
        rows += crowd.measure(app, "PostgreSQL")
    return [*rows, *growth.measure(folder)]


if __name__ == "__main__":
    main()
