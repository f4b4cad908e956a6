"""A person without a name at the pages, and the clock that delivers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from intranet.anonymous import code_pages
from intranet.anonymous.jobs import follow_plan
from intranet.extensions import db
from tests.browser import Browser, Page
from tests.cast import Cast

# A Tuesday afternoon in Norway.
AFTERNOON = datetime(2026, 10, 13, 12, 34, 56, tzinfo=UTC)
WHAT = "Trappen mangler rekkverk. Noen kommer til å falle."


class Nobody:
    """Goes through the pages as a browser without scripts does."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.code = ""

    def start(self, **options: Any) -> Page:
        """Open the first page and note the code."""
        page = self.browser.get("/meld-anonymt", **options)
        [shown] = page.find("//*[contains(@class, 'receipt-code')]")
        self.code = str(shown.text_content()).strip()
        return page

    def type_code(self, page: Page, typed: str | None = None) -> Page:
        """Type the code (default: as it was shown) and go on."""
        fields = page.form("/meld-anonymt") | {"typed": self.code if typed is None else typed}
        return self.browser.post("/meld-anonymt", fields, token=False)

    def fill(self, page: Page, place: int, /, **more: Any) -> Page:
        """Fill in the form and send it."""
        fields: dict[str, Any] = page.form("/meld-anonymt")
        fields |= {"what": WHAT, "unit_id": str(place), **more}
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.browser.post("/meld-anonymt", fields, token=False)

    def report(self, unit_id: int, **more: Any) -> Page:
        """Do all of it."""
        return self.fill(self.type_code(self.start()), unit_id, **more)

    def open(self, code: str | None = None) -> Page:
        """Open the report with the code."""
        return self.browser.post("/anonymt", {"code": code or self.code}, token=False)

    def add(self, text: str, **more: Any) -> Page:
        """Write more."""
        fields = self.open().form("/anonymt/svar") | {"text": text, **more}
        return self.browser.post("/anonymt/svar", fields, token=False)


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    for bucket in (code_pages.SENDINGS, code_pages.OPENINGS):
        bucket.left = bucket.capacity


@pytest.fixture
def nobody(app: Flask) -> Nobody:
    """Somebody with a browser that is not logged in."""
    return Nobody(Browser(app))


@pytest.fixture
def deliver(app: Flask, at: Callable[[datetime], None]) -> Callable[[], datetime]:
    """Let the clock run until everything written so far is delivered; return when that was."""

    def run() -> datetime:
        from intranet.anonymous.queries import find_plan
        from intranet.core.clock import now

        with app.app_context():
            follow_plan()
            plan = find_plan()
            assert plan is not None
            if now() >= plan.closes_at and plan.is_closed:
                at(plan.delivers_at)
                follow_plan()
                plan = find_plan()
                assert plan is not None
            at(plan.closes_at + timedelta(seconds=1))
            follow_plan()
            plan = find_plan()
            assert plan is not None
            moment = plan.delivers_at
            at(moment)
            follow_plan()
            db.session.remove()
        return moment

    return run


def upload(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    """A file as the test client sends it."""
    return io.BytesIO(data), name


def plain(code: str) -> str:
    """The code without its blanks."""
    return re.sub(r"\s", "", code)


__all__ = ["AFTERNOON", "WHAT", "Cast", "Nobody", "plain", "upload"]
