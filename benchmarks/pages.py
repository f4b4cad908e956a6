"""CPU time of the pages that everybody uses, beside a floor measured in the same run."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import instance
from benchmarks.measure import FLOOR, Call, Row, Timer, cpu_ms, own_time
from intranet.core.keyset import Cursor
from intranet.extensions import db
from intranet.news.models import Article

DEEP = 3_980  # the first row of page 200
PUBLISHED = 42
REPORT = "melde et avvik (POST)"
PUBLISH = "publisere en artikkel (POST)"
BUDGETS = {
    "forsiden": 3,
    "en artikkel": 1.5,
    "nyheter, første side": 2,
    "nyheter, side 200": 2,
    "søk, ett ord": 6,
    "søk, to ord": 6,
    REPORT: 4,
    PUBLISH: 10,
}


def measure(
    app: Flask, bare: Call, *, timer: Timer = own_time, times: float = 1, database: str = ""
) -> list[Row]:
    """Return the rows of one reader's pages and of one editor's publishing.

    `times` the budgets of SQLite: PostgreSQL has 1.6 times these.
    """
    client = instance.browser_of(app, instance.reader_id(app))
    first, deep = places(app, DEEP)
    reads = {
        "forsiden": getting(client, "/"),
        "en artikkel": getting(client, f"/nyheter/{first}"),
        "nyheter, første side": getting(client, "/nyheter"),
        "nyheter, side 200": getting(client, f"/nyheter?neste={deep}"),
        "søk, ett ord": getting(client, "/sok?q=legemidler"),
        "søk, to ord": getting(client, "/sok?q=brudd+personopplysninger"),
    }
    # Writing stands alone: it must not change what the pages find between two turns.
    parts = [
        cpu_ms({FLOOR: bare, **reads}, timer=timer),
        cpu_ms({FLOOR: bare, REPORT: reporting(client)}, timer=timer),
        cpu_ms({FLOOR: bare, PUBLISH: publishing(app, PUBLISHED)}, timer=timer, rounds=30),
    ]
    end = f", {database}" if database else ""
    return [
        Row(f"{name}{end}", BUDGETS[name] * times, taken[name], floor=taken[FLOOR])
        for taken in parts
        for name in taken
        if name != FLOOR
    ]


def measure_floor(bare: FlaskClient) -> list[Row]:
    """Return the rows of the bare application."""
    taken = cpu_ms({FLOOR: article_of(bare), "liste": lambda: bare.get("/liste/200").data})
    return [
        Row("gulv: en artikkel", None, taken[FLOOR], floor=taken[FLOOR]),
        Row("gulv: liste, side 200", None, taken["liste"], floor=taken[FLOOR]),
    ]


def article_of(bare: FlaskClient) -> Call:
    """Return the call that the ratios are to."""
    return lambda: bare.get("/artikkel/7").data


def getting(client: FlaskClient, path: str) -> Callable[[], bytes]:
    """Return the call that fetches the page and makes sure that it came."""

    def call() -> bytes:
        response = client.get(path)
        _expect(response.status_code, 200, path)
        return bytes(response.data)

    return call


def reporting(client: FlaskClient) -> Callable[..., str]:
    """Return the call that files a deviation where the person works; it answers with an address."""
    form = client.get("/avvik/meld", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    fields = dict(re.findall(r'name="(csrf_token|day|clock)"[^>]* value="([^"]*)"', form))
    unit = re.search(r'<option selected value="(\d+)"', form)
    if unit is None or len(fields) != 3:
        raise RuntimeError(f"the form of a deviation has changed: {sorted(fields)}")

    def call(send_key: str = "") -> str:
        data = {**fields, "what": "Målt.", "unit_id": unit[1]}
        data["send_key"] = send_key or str(uuid.uuid4())
        response = client.post("/avvik/meld", data=data)
        _expect(response.status_code, 303, "/avvik/meld")
        if not response.location.endswith("/kvittering"):
            raise RuntimeError(f"no receipt: {response.location}")
        return response.location

    return call


def places(app: Flask, depth: int) -> tuple[int, Cursor]:
    """Return an article that everybody reads, and the place of the row that lies this deep."""
    with app.app_context():
        live = select(Article.id, Article.publish_at).where(
            Article.state == "published", Article.is_for_all, Article.expire_at.is_(None)
        )
        rows = db.session.execute(
            live.order_by(Article.publish_at.desc(), Article.id.desc()).limit(depth + 1)
        ).all()
        db.session.remove()
    return rows[20].id, Cursor(rows[depth].publish_at, rows[depth].id)


def publishing(app: Flask, count: int) -> Call:
    """Return the call that publishes the next of so many drafts."""
    editor, ids = instance.drafts(app, count)
    client = instance.browser_of(app, editor)
    page = client.get(f"/nyheter/{ids[0]}", headers={"Accept-Encoding": "identity"})
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', page.get_data(as_text=True))
    if token is None:
        raise RuntimeError("the editor's page has no form")
    waiting = iter(ids)

    def publish() -> None:
        number = next(waiting)
        path = f"/nyheter/{number}/publiser"
        _expect(client.post(path, data={"csrf_token": token[1]}).status_code, 303, path)

    return publish


def _expect(found: int, wanted: int, path: str) -> None:
    if found != wanted:
        raise RuntimeError(f"{path}: {found}, not {wanted}")
