"""The copy of the library is read from a disk: found by search, read, with scripts and without."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import ROOT, Site


def check(visitor: Visitor) -> None:
    """As everywhere; axe itself asks for the style sheet, which the page's own policy refuses it."""
    visitor.check()
    visitor.complaints.clear()


def test_somebody_finds_a_procedure_on_a_memory_stick(
    site: Site, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    """From file://, where a page may fetch nothing: the search has its lines from a script."""
    folder = tmp_path / "minnepinne"
    command = [sys.executable, "-m", "flask", "library", "export-offline", str(folder)]
    subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True)
    start = (folder / "index.html").as_uri()

    reader = visit(site, PHONE, dark=True)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.goto(start)
    check(reader)
    reader.page.get_by_role("searchbox").fill("brann")
    reader.page.get_by_text("treff", exact=False).first.wait_for()
    check(reader)
    reader.press(reader.page.locator("#treff a").first)
    assert "brann" in reader.page.content().lower()
    assert "Ukontrollert kopi, hentet" in reader.page.get_by_role("banner").inner_text()
    check(reader)
    assert asked
    assert not [url for url in asked if not url.startswith("file:")]

    other = visit(site, scripts=False)
    other.page.goto(start)
    assert not other.page.get_by_role("searchbox").is_visible()
    other.press(other.page.get_by_role("link", name="Prosedyre", exact=True))
    other.press(other.page.get_by_role("main").get_by_role("link").first)
    other.page.get_by_role("heading", level=1).wait_for()
    check(other)
