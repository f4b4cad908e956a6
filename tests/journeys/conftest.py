"""A real Chromium against the whole product."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    sync_playwright,
)

from tests.servers import postgresql
from tests.servers.site import ROOT, Site, running

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file's journeys in one process, and those on PostgreSQL: one site for all of them."""
    for item in items:
        if "journeys" in str(item.fspath):
            item.add_marker(pytest.mark.journey)
            on_postgresql = "site_on_postgresql" in item.fixturenames  # type: ignore[attr-defined]
            group = "postgresql" if on_postgresql else item.path.stem
            item.add_marker(pytest.mark.xdist_group(f"journeys-{group}"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Site]:
    """The demonstration municipality on SQLite, as it was seeded: each file has its own."""
    with running(tmp_path_factory.mktemp("site"), seeds) as started:
        yield started


@pytest.fixture(scope="session")
def site_on_postgresql(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Site]:
    """The demonstration municipality on PostgreSQL."""
    with (
        postgresql.running() as server,
        running(tmp_path_factory.mktemp("site-pg"), seeds, server) as started,
    ):
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without the window around the page, which takes half the time to draw.

    What hangs on the whole browser (Back, restart, storage on disk) starts that itself.
    """
    executable = shutil.which("chromium-headless-shell")
    assert executable, "chromium-headless-shell is not installed: bash tests/servers/install.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, env={**os.environ, "LANGUAGE": "nb_NO"}
        )
        yield browser
        browser.close()


class Visitor:
    """One person at one screen. Every page is checked for what must hold everywhere."""

    clean_pages: ClassVar[Path]

    def __init__(self, context: BrowserContext, site: Site, *, scripts: bool = True) -> None:
        self.site = site
        self.scripts = scripts
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # Chromium writes failed form answers (422, 409) to the console as errors too.
        if message.type == "error" and "status of" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.site.url + path)

    def log_in(self, role: str) -> None:
        """Log in through the login page as the demonstration account with the role."""
        account = self.site.accounts[role]
        self.log_in_with(account["username"], account["password"])

    def log_in_with(self, username: str, password: str) -> None:
        """Log in through the login page."""
        self.go("/logg-inn")
        self.page.get_by_label("Brukernavn").fill(username)
        self.page.get_by_label("Passord", exact=False).first.fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Logg inn").click()
        self.page.wait_for_url(lambda url: "/logg-inn" not in url)

    def press(self, target: Locator) -> None:
        """Press a link or a form's button and wait for the page that follows."""
        with self.page.expect_navigation():
            target.click()

    def check(self) -> None:
        """No complaint in the console, no sideways scroll, nothing that axe finds."""
        assert self.complaints == []
        assert not too_wide(self.page), f"sideways scroll on {self.page.url}"
        # axe is a script itself and never answers where scripts are off; the same pages are
        # checked by the visitors who have them on.
        if self.scripts:
            assert violations(self.page) == []


def too_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))


# Whether all of the page is in the window, from its top, with the bar at the window's bottom.
SETTLED = """height => {
  const bar = document.querySelector(".bottom-bar");
  const low = bar ? bar.getBoundingClientRect().bottom : 0;
  const fits = innerHeight === height && document.documentElement.scrollHeight <= height;
  return fits && scrollY === 0 && (low === 0 || Math.abs(low - height) < 2);
}"""


def _show_all(page: Page, width: int) -> None:
    """Make the window as high as the page: the bar would cover what happens to lie at the fold."""
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    for _n in range(300):
        # Asked for again each time: a form that was just unfolded is still growing.
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), 60_000)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(15)
        if page.evaluate(SETTLED, height):
            return
    raise AssertionError(f"the page never settled: {page.url}")


EVERYTHING = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Half the time of a run goes to telling of what is right.
ONLY_FAULTS = {"resultTypes": ["violations"], "iframes": False}
# What the other colours can change.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


# What axe does not judge by: words, numbers, where links lead, what a form is filled in with.
_WORDS = re.compile(r">[^<>]*[^<>\s][^<>]*<")
_VALUES = re.compile(r'(?<= )(href|src|action|value|datetime|content)="[^#"][^"]*"')
_NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@pytest.fixture(scope="session", autouse=True)
def clean_pages(seeds: Path) -> Path:
    """Where pages in which axe found nothing are noted: journeys meet the same page many times."""
    folder = seeds / "clean-pages"
    folder.mkdir(exist_ok=True)
    Visitor.clean_pages = folder
    return folder


def _fingerprint(page: Page, options: dict[str, object]) -> str:
    """Return what stands for all that axe sees: the build of the page, its width and colours."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    build = _VALUES.sub(r'\1="v"', _WORDS.sub(">w<", page.content()))
    seen = (_NUMBERS.sub("0", build), page.viewport_size, dark, options)
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def violations(page: Page, options: dict[str, object] = EVERYTHING) -> list[str]:
    """Return what axe-core finds on the page, one line each."""
    note = Visitor.clean_pages / _fingerprint(page, options)
    if note.exists():
        return []
    found = _ask_axe(page, options)
    if not found:
        note.touch()
    return found


def _ask_axe(page: Page, options: dict[str, object]) -> list[str]:
    # Through the debugger, past the page's own policy, which would refuse it.
    source = AXE.read_text(encoding="utf-8")
    size = page.viewport_size or DESK
    _show_all(page, size["width"])
    client = page.context.new_cdp_session(page)
    client.send("Runtime.evaluate", {"expression": f"window.axe || (() => {{{source}}})(), 0"})
    answer = client.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run(document, {json.dumps({**options, **ONLY_FAULTS})})"
            ".then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + "
            "v.nodes.map(n => n.target.join(' ')).join(' | '))))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    client.detach()
    page.set_viewport_size(size)
    assert "value" in answer["result"], answer
    found = json.loads(answer["result"]["value"])
    return [f"{page.url} {line}" for line in found]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return a new visitor: `visit(site, PHONE, scripts=False, dark=True)`."""
    contexts: list[BrowserContext] = []

    def make(
        site: Site, size: dict[str, int] = DESK, *, scripts: bool = True, dark: bool = False
    ) -> Visitor:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            # Where scripts are off, Playwright cannot see that a page that glides has moved on.
            reduced_motion="no-preference" if scripts else "reduce",
            locale="nb-NO",
            timezone_id="Europe/Oslo",
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return Visitor(context, site, scripts=scripts)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def screenshots() -> Path | None:
    """Where to keep pictures for people to look at; nowhere unless asked for."""
    folder = os.environ.get("SCREENSHOTS")
    return Path(folder) if folder else None
