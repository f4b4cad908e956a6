"""Sessions in the browser: the way back after logging out, other tabs, and text that came too late."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.journeys.conftest import ARGUMENTS, DESK, PHONE, Visitor
from tests.journeys.test_stories import report
from tests.servers.site import Site

Visit = Callable[..., Visitor]
EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
SECRET = "Bruker falt i dusjen, vitne var ingen."


@pytest.mark.parametrize(
    ("size", "scripts"),
    [(PHONE, True), (PHONE, False), (DESK, True)],
    ids=["phone", "phone-no-scripts", "desk"],
)
def test_text_that_is_sent_after_the_session_ended_comes_back_in_its_form(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    """CF-16: the session was ended from another machine while the report was written."""
    nurse = visit(site, size, scripts=scripts)
    nurse.log_in("employee")
    nurse.go("/avvik/meld")
    nurse.page.get_by_label("Hva skjedde?").fill(SECRET)
    end_all_sessions(site, visit)
    nurse.press(nurse.page.get_by_role("button", name="Send avvik"))
    assert "Logg inn for å fortsette" in nurse.page.inner_text("h1")
    nurse.check()
    log_in_here(nurse)
    assert nurse.page.get_by_label("Hva skjedde?").input_value() == SECRET
    assert "Det er ikke sendt ennå" in nurse.page.inner_text("main")
    nurse.check()
    nurse.press(nurse.page.get_by_role("button", name="Send avvik"))
    nurse.page.wait_for_url("**/kvittering*")


def test_text_in_one_tab_survives_logging_out_in_another(site: Site, visit: Visit) -> None:
    """AU-12."""
    nurse = visit(site, DESK)
    nurse.log_in("employee")
    nurse.go("/avvik/meld")
    first = nurse.page
    first.get_by_label("Hva skjedde?").fill(SECRET)
    second = nurse.context.new_page()
    second.goto(f"{site.url}/")
    log_out(second)
    # A link in the tab with the text: the browser asks before it throws the text away.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    first.on("dialog", stay)
    first.get_by_role("link", name="Nyheter").first.click(no_wait_after=True)
    first.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert first.get_by_label("Hva skjedde?").input_value() == SECRET
    with first.expect_navigation():
        first.get_by_role("button", name="Send avvik").click()
    assert "Logg inn for å fortsette" in first.inner_text("h1")
    log_in_here(nurse)
    assert first.get_by_label("Hva skjedde?").input_value() == SECRET


def test_a_link_in_another_tab_leads_to_the_login_page_and_back(site: Site, visit: Visit) -> None:
    """AU-12."""
    nurse = visit(site, DESK)
    nurse.log_in("employee")
    nurse.go("/avvik/mine")
    second = nurse.context.new_page()
    second.goto(f"{site.url}/")
    log_out(second)
    nurse.press(nurse.page.get_by_role("link", name="Nyheter").first)
    assert "/logg-inn" in nurse.page.url
    log_in_here(nurse)
    assert nurse.page.url.endswith("/nyheter")


def test_the_way_back_after_logging_out_shows_no_case(
    site: Site, visit: Visit, chromium: Browser
) -> None:
    """AU-11, with the cache of whole pages on, which automation switches off."""
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report(nurse, SECRET)
    browser = chromium.browser_type.launch(
        executable_path=EXECUTABLE,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        env={**os.environ, "LANGUAGE": "nb_NO"},
    )
    context = browser.new_context(viewport=PHONE, locale="nb-NO")  # type: ignore[arg-type]
    visitor = Visitor(context, site)
    page = visitor.page
    with plain_pages() as address:
        # Or else this test would be green for nothing: here a page does come back from the cache.
        page.goto(f"{address}/a")
        page.goto(f"{address}/b")
        go_back(page)
        assert page.evaluate("window.kept") is True
    visitor.log_in("employee")
    # Logged out on the page itself, and one page later.
    for between in ([], ["/avvik/mine"]):
        if "/logg-inn" in page.url:
            log_in_here(visitor)
        for path in [case, *between]:
            visitor.go(path)
        log_out(page)
        assert "/logg-inn" in page.url
        for _n in range(1 + len(between)):
            go_back(page)
            assert SECRET not in page.content()
            assert "/logg-inn" in page.url
    browser.close()


def go_back(page: Page) -> None:
    """Go back as the browser's button does."""
    page.evaluate("setTimeout(() => history.back(), 50)")
    page.wait_for_timeout(1500)


@contextmanager
def plain_pages() -> Iterator[str]:
    """Two pages that a browser may keep whole."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 (the library's name)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                b"<script>addEventListener('pageshow', e => { kept = e.persisted })</script>"
            )

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def log_in_here(visitor: Visitor) -> None:
    """Fill in the login form that stands on the page."""
    account = visitor.site.accounts["employee"]
    page = visitor.page
    page.get_by_label("Brukernavn").fill(account["username"])
    page.get_by_label("Passord", exact=False).first.fill(account["password"])
    visitor.press(page.get_by_role("main").get_by_role("button", name="Logg inn"))


def log_out(page: Page) -> None:
    """Press the button in the menu."""
    with page.expect_navigation():
        page.evaluate("document.querySelector(\"form[action='/logg-ut']\").requestSubmit()")


def end_all_sessions(site: Site, visit: Visit) -> None:
    """End the person's other sessions from another machine, in the list of sessions."""
    other = visit(site, DESK)
    other.log_in("employee")
    other.go("/okter")
    buttons = other.page.locator("main form[action$='/avslutt'] button")
    for _n in range(50):
        if buttons.count() == 0:
            break
        other.press(buttons.first)
        if "/logg-inn" in other.page.url:
            break
