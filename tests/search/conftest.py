"""An application whose only source is the test's own, and whose index is empty at first.

On PostgreSQL the index is PostgreSQL's too, so that both engines must answer alike.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from intranet.extensions import db
from tests.search.fake_source import FakeSource


@pytest.fixture
def source(app: Flask, database: str) -> Iterator[FakeSource]:
    """The only source of the application; no index is there yet."""
    before = dict(app.extensions)
    fake = FakeSource()
    app.extensions["search_sources"] = (fake,)
    if database == "postgresql":
        settings = replace(before["intranet_settings"], search_engine="postgres")
        app.extensions["intranet_settings"] = settings
    _forget_index(app, database)
    yield fake
    app.extensions.update(before)
    _forget_index(app, database)


def _forget_index(app: Flask, database: str) -> None:
    shutil.rmtree(app.extensions["intranet_settings"].index_dir, ignore_errors=True)
    if database == "postgresql":
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS portal_search CASCADE"))
