"""An application whose only source is the test's own, and whose index is empty at first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.core.settings import get_settings
from tests.search.fake_source import FakeSource


@pytest.fixture
def source(app: Flask) -> Iterator[FakeSource]:
    """The only source of the application; no index is there yet."""
    before = app.extensions["search_sources"]
    fake = FakeSource()
    app.extensions["search_sources"] = (fake,)
    with app.app_context():
        root = get_settings().index_dir
    shutil.rmtree(root, ignore_errors=True)
    yield fake
    app.extensions["search_sources"] = before
    shutil.rmtree(root, ignore_errors=True)
