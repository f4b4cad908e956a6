"""`make bench`: builds scratch instances, measures, prints one table. `--full` takes minutes more.

With `--full` also the archives of laws, the index over them, 20,000 persons, PostgreSQL, and how
pages grow from a small municipality's rows to a large one's. `--only NAME` (more than once) runs
those parts and no others; `--folder NAME` keeps the instances there, so that `search`,
`search-postgresql`, `search-fts5` and `all-laws` can be run again without `laws`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks import (
    crowd,
    floor,
    growth,
    instance,
    library,
    pages,
    search_peers,
    storm,
    upgrade,
    whole,
    wire,
)
from benchmarks.measure import Call, Row, table, time_with_server
from intranet.extensions import db
from tests.servers import postgresql

Part = Callable[[], list[Row]]


class Parts:
    """The parts by name, in the order in which they are run, on instances in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bare = floor.make(folder).test_client()

    @cached_property
    def _app(self) -> Flask:
        app = instance.seeded(self._folder / "demo")
        instance.fill(app)
        return app

    @property
    def _floor_call(self) -> Call:
        return pages.article_of(self.bare)

    def quick(self) -> dict[str, Part]:
        """Return what takes two minutes."""
        return {
            "pages": lambda: pages.measure(self._app, self._floor_call),
            "desk": lambda: growth.measure_desk(self._app, self._floor_call, "SQLite"),
            "wire": lambda: wire.measure(self._app),
            "crowd": lambda: crowd.measure(self._app, "SQLite"),
            "start": self._start,
            "sync": lambda: whole.measure_sync(self._folder / "thousand", 1_000, 2),
        }

    def slow(self) -> dict[str, Part]:
        """Return what takes minutes each; the laws' only where their archives are."""
        laws = self._folder / "laws"
        of_laws: dict[str, Part] = {
            "laws": lambda: whole.measure_laws(laws, self._floor_call),
            "search": lambda: whole.measure_search(laws),
            "search-postgresql": lambda: search_peers.measure_postgresql(laws),
            "search-fts5": lambda: search_peers.measure_fts5(laws),
            "all-laws": lambda: whole.measure_all_laws(laws, self._floor_call),
        }
        return {
            "many": lambda: whole.measure_sync(self._folder / "many", 20_000, 40),
            "postgresql": self._on_postgresql,
            "growth": lambda: growth.measure(self._folder),
            "library": lambda: self._library(""),
            "library-postgresql": self._library_on_postgresql,
            "upgrade": lambda: upgrade.measure(self._folder / "upgrade"),
            "storm": storm.measure,
            **(of_laws if whole.archives() else {}),
        }

    def _start(self) -> list[Row]:
        return whole.measure_start(Path(self._app.instance_path), self._floor_call)

    def _library(self, url: str, **measuring: Any) -> list[Row]:
        name = "documents-postgresql" if url else "documents"
        app = instance.seeded(self._folder / name, url)
        rows = library.measure(app, self._floor_call, **measuring)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        return rows

    def _library_on_postgresql(self) -> list[Row]:
        with postgresql.running() as server:
            timer = time_with_server(server.folder)
            return self._library(server.url, timer=timer, times=1.6, database="PostgreSQL")

    def _on_postgresql(self) -> list[Row]:
        with postgresql.running() as server:
            app = instance.seeded(self._folder / "postgresql", server.url)
            instance.fill(app)
            timer = time_with_server(server.folder)
            rows = pages.measure(
                app, self._floor_call, timer=timer, times=1.6, database="PostgreSQL"
            )
            rows += growth.measure_desk(app, self._floor_call, "PostgreSQL", timer=timer)
            rows += crowd.measure(app, "PostgreSQL")
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()
            return rows


def main() -> None:
    """Build, measure, print: each part on standard error when it is done, then the whole table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="intranet-bench-"))
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        parts = Parts(folder)
        every = {**parts.quick(), **parts.slow()}
        names = asked.only or (every if asked.full else parts.quick())
        if unknown := set(names) - set(every):
            parser.error(f"no part is called {', '.join(unknown)}: {', '.join(every)}")
        rows: list[Row] = []
        for name in names:
            done = every[name]()
            print(table(done), file=sys.stderr, flush=True)
            rows += done
        print(table([*rows, *pages.measure_floor(parts.bare)]))


if __name__ == "__main__":
    main()
