"""How pages grow from a small municipality's rows to a large one's, and a leader's full desk."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import instance, pages
from benchmarks.instance import Size
from benchmarks.measure import FLOOR, Call, Row, Timer, cpu_ms, own_time

SMALL = Size(articles=500, deviations=1_000, persons=1_000)
LARGE = Size(articles=20_000, deviations=100_000, persons=20_000)
BUDGET = 1.2
FULL_DESK = 200


def measure(folder: Path) -> list[Row]:
    """Return how many times more each page costs on the large instance. Minutes."""
    apps = [_made(folder / name, size) for name, size in (("small", SMALL), ("large", LARGE))]
    rows = []
    paths = [_paths(app) for app in apps]
    for name in paths[0]:
        calls = [pages.getting(client, path) for client, path in (each[name] for each in paths)]
        taken = cpu_ms({"small": calls[0], "large": calls[1]})
        rows.append(Row(f"vekst, {name}", BUDGET, taken["large"] / taken["small"], "ganger"))
    return rows


def measure_desk(app: Flask, bare: Call, database: str, *, timer: Timer = own_time) -> list[Row]:
    """Return the desk of a leader who handles FULL_DESK open cases, and one of the cases."""
    leader, number = instance.fill_desk(app, FULL_DESK)
    client = instance.browser_of(app, leader)
    calls = {
        FLOOR: bare,
        "lederens fulle bord": pages.getting(client, "/avvik"),
        "en sak på bordet": pages.getting(client, f"/avvik/{number}"),
        "lederens forside": pages.getting(client, "/"),
    }
    taken = cpu_ms(calls, timer=timer)
    return [
        Row(f"{name}, {database}", None, taken[name], floor=taken[FLOOR])
        for name in calls
        if name != FLOOR
    ]


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
