"""A whistleblower at the pages, the clock that delivers, and two recipients: Hanne and Nils."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from intranet.extensions import db
from tests import cast
from tests.anonymous.conftest import _full_buckets, deliver, nobody
from tests.browser import Browser, Page
from tests.whistleblowing.factories import WHAT, add_recipients

__all__ = ["Whistleblower", "_full_buckets", "deliver", "nobody"]


class Whistleblower:
    """Goes through the pages as a browser without scripts does."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.code = ""

    def start(self) -> Page:
        """Open the first page and note the code."""
        page = self.browser.get("/varsling/ny")
        [shown] = page.find("//*[contains(@class, 'receipt-code')]")
        self.code = str(shown.text_content()).strip()
        return page

    def type_code(self, page: Page, typed: str | None = None) -> Page:
        """Type the code (default: as it was shown) and go on."""
        fields = page.form("/varsling/ny") | {"typed": self.code if typed is None else typed}
        return self.browser.post("/varsling/ny", fields, token=False)

    def fill(self, page: Page, **more: Any) -> Page:
        """Fill in the form and send it."""
        fields: dict[str, Any] = page.form("/varsling/ny")
        fields = {**fields, "what": WHAT, **more}
        return self.browser.post("/varsling/ny", fields, token=False)

    def send(self, **more: Any) -> Page:
        """Do all of it."""
        return self.fill(self.type_code(self.start()), **more)

    def open(self) -> Page:
        """Open the case with the code."""
        return self.browser.post("/varsling/folg", {"code": self.code}, token=False)

    def add(self, text: str, where: str = "svar", **more: Any) -> Page:
        """Write more."""
        fields = self.open().form(f"/varsling/folg/{where}") | {"text": text, **more}
        return self.browser.post(f"/varsling/folg/{where}", fields, token=False)


@pytest.fixture
def people(app: Flask) -> cast.Cast:
    """The small organisation, in which Hanne and Nils receive whistleblowing."""
    with app.app_context():
        made = cast.make()
        add_recipients(made.hanne, made.nils)
        db.session.commit()
        db.session.remove()
    return made


@pytest.fixture
def whistleblower(app: Flask, people: cast.Cast) -> Whistleblower:
    """Somebody who is not logged in."""
    return Whistleblower(Browser(app))
