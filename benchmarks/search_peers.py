"""The search with its index in PostgreSQL, and SQLite's FTS5 beside it, over the same texts."""

from __future__ import annotations

import multiprocessing
import re
import resource
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, select, text

from benchmarks import floor, instance, pages, search_bench
from benchmarks.measure import Call, Row, own_time, time_with_server
from intranet import create_app
from intranet.extensions import db
from intranet.search import indexing, sources
from tests.servers import postgresql

ROWS_AT_ONCE = 2_000
WEIGHTS = "4.0, 1.5, 1.0"
Asked = Callable[[str], object]


def measure_postgresql(folder: Path) -> list[Row]:
    """Return the search's rows with the index in PostgreSQL, from a process of its own. Minutes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_postgresql, (folder,))


def _postgresql(folder: Path) -> list[Row]:
    bare = pages.article_of(floor.make(folder).test_client())
    with postgresql.running() as server:
        timer = time_with_server(server.folder)
        app = _copied(folder, server.url)
        with app.app_context():
            building = _building(timer, bare, "PostgreSQL")
            rows = search_bench.measure(bare, timer=timer, engine="PostgreSQL")
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        return [*building, *rows]


def _building(timer: Callable[[Call], float], bare: Call, engine: str) -> list[Row]:
    slow = [own_time(bare) * 1000 for _n in range(20)]
    taken = timer(indexing.rebuild)
    room = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slow += [own_time(bare) * 1000 for _n in range(20)]
    name = f"bygge indeksen over alt, {engine}"
    return [
        Row(name, 210, taken, "s CPU", floor=statistics.median(slow)),
        Row(f"{name}, minne", 1000, room, "MB"),
    ]


def _copied(folder: Path, url: str) -> Flask:
    """Return an application on PostgreSQL with every row of the instance in the folder."""
    there = folder / "postgresql"
    there.mkdir(exist_ok=True)
    shutil.copy(folder / "directory.json", there)
    instance.empty(there, url)
    app = create_app(replace(instance.settings_of(there, url), search_engine="postgres"))
    source = create_engine(f"sqlite:///{folder / 'intranet.sqlite3'}")
    with app.app_context(), source.connect() as old, db.engine.begin() as new:
        new.execute(text("SET LOCAL session_replication_role = replica"))
        for table in db.metadata.sorted_tables:
            new.execute(table.delete())
            found = old.execute(select(table)).mappings()
            while rows := found.fetchmany(ROWS_AT_ONCE):
                new.execute(table.insert(), [dict(row) for row in rows])
    source.dispose()
    return app


def measure_fts5(folder: Path) -> list[Row]:
    """Return what SQLite's own full text takes for the same: no stems, no law references."""
    bare = pages.article_of(floor.make(folder).test_client())
    file = folder / "fts5.sqlite3"
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as connection:
        with create_app(instance.settings_of(folder)).app_context():
            started = time.process_time()
            _fill_fts5(connection)
            built = time.process_time() - started
        taken = search_bench.time_questions(
            lambda question: _ask_fts5(connection, question), bare, own_time
        )
    name = "søk, SQLite FTS5 til sammenligning"
    return [
        Row(f"{name}: bygge", None, built, "s CPU", floor=taken.floor),
        *search_bench.rows_of(name, taken, budgets=False),
    ]


def _fill_fts5(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE VIRTUAL TABLE entry USING fts5(title, name, text, kind UNINDEXED)")
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?)",
        ((each.title, each.name, each.text, each.kind.value) for each in sources.all_entries()),
    )
    connection.commit()


def _ask_fts5(connection: sqlite3.Connection, question: str) -> object:
    """Ten hits with snippets and the counts by kind: all the words, or any where none has all."""
    words = [f'"{word}"' for word in re.findall(r"[^\W_]+", question)][:16]
    for joined in (" AND ".join(words), " OR ".join(words)):
        if not words:
            return ()
        counts = connection.execute(
            "SELECT kind, count(*) FROM entry WHERE entry MATCH ? GROUP BY kind", (joined,)
        ).fetchall()
        if counts:
            hits = connection.execute(
                "SELECT title, snippet(entry, 2, '[', ']', '…', 32) FROM entry WHERE entry MATCH ?"
                f" ORDER BY bm25(entry, {WEIGHTS}) LIMIT 10",
                (joined,),
            ).fetchall()
            return counts, hits
    return ()
