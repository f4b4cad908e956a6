"""CPU time of the pages that everybody uses, beside a floor measured in the same run."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from benchmarks import floor, instance
from benchmarks.measure import Row, cpu_ms
from intranet.core.keyset import Cursor
from intranet.extensions import db
from intranet.news.models import Article

DEEP = 3_980  # the first row of page 200
PUBLISHED = 24


def measure(app: Flask, *, times: float = 1, database: str = "") -> list[Row]:
    """Return the rows of one reader's pages and of one editor's publishing.

    `times` the budgets of SQLite: PostgreSQL has 1.6 times these.
    """
    rows = _measured(app)
    if not database:
        return rows
    return [
        replace(row, name=f"{row.name}, {database}", budget=(row.budget or 0) * times)
        for row in rows
    ]


def _measured(app: Flask) -> list[Row]:
    client = instance.browser_of(app, instance.reader_id(app))
    first, deep = places(app, DEEP)
    return [
        Row("forsiden", 3, cpu_ms(getting(client, "/"))),
        Row("en artikkel", 1.5, cpu_ms(getting(client, f"/nyheter/{first}"))),
        Row("nyheter, første side", 2, cpu_ms(getting(client, "/nyheter"))),
        Row("nyheter, side 200", 2, cpu_ms(getting(client, f"/nyheter?neste={deep}"))),
        Row("søk, ett ord", 6, cpu_ms(getting(client, "/sok?q=legemidler"))),
        Row("søk, to ord", 6, cpu_ms(getting(client, "/sok?q=brudd+personopplysninger"))),
        Row("melde et avvik (POST)", 4, cpu_ms(reporting(client), rounds=30, warm_up=3)),
        Row("publisere en artikkel (POST)", 10, _publishing(app)),
    ]


def measure_floor(folder: Path) -> list[Row]:
    """Return the rows of the bare application; the first is what the ratios are to."""
    bare = floor.make(folder).test_client()
    return [
        Row("gulv: en artikkel", None, cpu_ms(lambda: bare.get("/artikkel/7").data)),
        Row("gulv: liste, side 200", None, cpu_ms(lambda: bare.get("/liste/200").data)),
    ]


def getting(client: FlaskClient, path: str) -> Callable[[], bytes]:
    """Return the call that fetches the page and makes sure that it came."""

    def call() -> bytes:
        response = client.get(path)
        _expect(response.status_code, 200, path)
        return response.data

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
        _expect(response.status_code, 302, "/avvik/meld")
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


def _publishing(app: Flask) -> float:
    warm_up = 4
    editor, ids = instance.drafts(app, PUBLISHED + warm_up)
    client = instance.browser_of(app, editor)
    page = client.get(f"/nyheter/{ids[0]}", headers={"Accept-Encoding": "identity"})
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', page.get_data(as_text=True))
    if token is None:
        raise RuntimeError("the editor's page has no form")
    waiting = iter(ids)

    def publish() -> None:
        path = f"/nyheter/{next(waiting)}/publiser"
        _expect(client.post(path, data={"csrf_token": token[1]}).status_code, 302, path)

    taken = cpu_ms(publish, rounds=PUBLISHED, warm_up=warm_up)
    with app.app_context():
        mine = select(func.count()).where(Article.id.in_(ids), Article.state == "published")
        _expect(db.session.execute(mine).scalar_one(), len(ids), "published")
        db.session.remove()
    return taken


def _expect(found: int, wanted: int, path: str) -> None:
    if found != wanted:
        raise RuntimeError(f"{path}: {found}, not {wanted}")
