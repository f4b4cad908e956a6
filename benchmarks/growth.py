"""How pages grow from a small municipality's rows to a large one's, and a leader's full desk."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import instance, pages
from benchmarks.instance import Size
from benchmarks.measure import Row, cpu_ms

SMALL = Size(articles=500, deviations=1_000, persons=1_000)
LARGE = Size(articles=20_000, deviations=100_000, persons=20_000)
BUDGET = 1.2
ROUNDS = 40
WARM_UP = 8
FULL_DESK = 200


def measure(folder: Path) -> list[Row]:
    """Return how many times more each page costs on the large instance. Minutes."""
    apps = [_made(folder / name, size) for name, size in (("small", SMALL), ("large", LARGE))]
    rows = []
    paths = [_paths(app) for app in apps]
    for name in paths[0]:
        calls = [pages.getting(client, path) for client, path in (each[name] for each in paths)]
        rows.append(Row(f"vekst, {name}", BUDGET, ratio(*calls), "ganger"))
    return rows


def measure_desk(app: Flask, database: str) -> list[Row]:
    """Return the desk of a leader who handles FULL_DESK open cases, and one of the cases."""
    leader, number = instance.fill_desk(app, FULL_DESK)
    client = instance.browser_of(app, leader)
    return [
        Row(f"lederens fulle bord, {database}", None, cpu_ms(pages.getting(client, "/avvik"))),
        Row(
            f"en sak på bordet, {database}", None, cpu_ms(pages.getting(client, f"/avvik/{number}"))
        ),
        Row(f"lederens forside, {database}", None, cpu_ms(pages.getting(client, "/"))),
    ]


def ratio(small: Callable[[], object], large: Callable[[], object]) -> float:
    """Return the median CPU time of `large` to that of `small`, taken in turns.

    In turns, so that a neighbour on a shared machine slows both.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARM_UP + ROUNDS):
        for call, taken in zip((small, large), times, strict=True):
            started = time.process_time()
            call()
            if turn >= WARM_UP:
                taken.append(time.process_time() - started)
    return statistics.median(times[1]) / statistics.median(times[0])


def _made(folder: Path, size: Size) -> Flask:
    app = instance.seeded(folder)
    instance.fill(app, size)
    instance.fill_desk(app, FULL_DESK)
    return app


def _paths(app: Flask) -> dict[str, tuple[FlaskClient, str]]:
    reader = instance.browser_of(app, instance.reader_id(app))
    leader_id, number = instance.desk_of(app)
    leader = instance.browser_of(app, leader_id)
    article, deep = pages.places(app, 400)
    return {
        "forsiden": (reader, "/"),
        "en artikkel": (reader, f"/nyheter/{article}"),
        "nyheter, første side": (reader, "/nyheter"),
        "nyheter, side 20": (reader, f"/nyheter?neste={deep}"),
        "mine avvik": (reader, "/avvik/mine"),
        "prosedyrer": (reader, "/bibliotek"),
        "stillinger": (reader, "/stillinger"),
        "organisasjon": (reader, "/organisasjon"),
        "varsler": (reader, "/varsler"),
        "søk, ett ord": (reader, "/sok?q=legemidler"),
        "lederens forside": (leader, "/"),
        "lederens fulle bord": (leader, "/avvik"),
        "en sak": (leader, f"/avvik/{number}"),
    }
