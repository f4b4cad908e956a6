"""The real processes on the small organisation of `tests.cast`: up in seconds, for tests of faults."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import stamp
from sqlalchemy import Engine, create_engine, func, select

from intranet import create_app
from intranet.config import load_settings
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.servers import smtp
from tests.servers.client import Client, token_of
from tests.servers.postgresql import free_port
from tests.servers.site import Site


@dataclass
class SmallSite(Site):
    """A running portal with the cast in it, and a look into its database from outside."""

    people: cast.Cast = field(default_factory=lambda: cast.Cast({}))
    # Each person's signed cookie, made before the processes started.
    cookies: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Client:
        """Return the person's browser, logged in, with the token that the session's forms carry."""
        client = Client(self.url, name, "")
        client.keep_cookie("okt", self.cookies[name])
        client.token = token_of(client.get("/avvik/meld").text)
        return client

    def engine(self) -> Engine:
        """Return a way into the database that is not the portal's; the caller disposes of it."""
        return create_engine(self.database_url)

    def count(self, model: Any) -> int:
        """Return how many rows there are."""
        engine = self.engine()
        try:
            with engine.connect() as connection:
                return int(connection.execute(select(func.count()).select_from(model)).scalar_one())
        finally:
            engine.dispose()

    def values(self, column: Any) -> list[Any]:
        """Return the column's values, in no order."""
        engine = self.engine()
        try:
            with engine.connect() as connection:
                rows = connection.execute(select(column))
                return [value for (value,) in rows]
        finally:
            engine.dispose()


@contextmanager
def running(
    folder: Path, database_url: str = "", *, processes: tuple[str, ...] = ("web",), **more: str
) -> Iterator[SmallSite]:
    """Make the tables and the cast, start the processes, and stop them afterwards."""
    port = free_port()
    with smtp.running() as mailbox:
        environment = {
            **os.environ,
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": database_url,
            "ENVIRONMENT": "test",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "ansattportalen@havnsund.kommune.example",
            "SECRET_KEY": secrets.token_hex(32),
            "AUDIT_KEY": secrets.token_hex(32),
            "PYTHONUNBUFFERED": "1",
            **more,
        }
        site = SmallSite(f"http://127.0.0.1:{port}", environment, mailbox)
        app = create_app(load_settings(environment))
        _fill(app, site)
        try:
            for name in processes:
                site.start(name)
            if "web" in processes:
                site.wait_until_up()
            yield site
        finally:
            for name in list(site.processes):
                site.stop(name)


def _fill(app: Flask, site: SmallSite) -> None:
    with app.app_context():
        db.create_all()
        stamp()
        site.people = cast.make()
        db.session.commit()
        db.session.remove()
    log_everybody_in(app, site)


def log_everybody_in(app: Flask, site: SmallSite) -> None:
    """Give each person a session and keep its cookie; the application is let go afterwards."""
    for name in cast.PERSONS:
        browser = Browser(app).logged_in_as(site.people.ids[name])
        cookie = browser.client.get_cookie("okt")
        assert cookie is not None
        site.cookies[name] = cookie.value
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
