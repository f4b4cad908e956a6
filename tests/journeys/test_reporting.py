"""Reporting on a phone: in a minute, without network, and by another person on the same phone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import ARGUMENTS, PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]
QUEUED = "Ikke sendt. Sendes når du får nett igjen."
STATUS = "#report-status"


def ready(visitor: Visitor) -> None:
    """Open the form and wait until the device has what it needs without network."""
    visitor.go("/avvik/meld")
    visitor.page.wait_for_function(
        "navigator.serviceWorker.ready.then(() => caches.match('/avvik/uten-nett')).then(Boolean)"
    )
    visitor.page.wait_for_function("localStorage.getItem('avvik-nokkel') !== null")


def cases(visitor: Visitor, text: str) -> int:
    """Return how many of my deviations begin so."""
    visitor.go("/avvik/mine")
    return visitor.page.get_by_role("main").get_by_text(text.rstrip(".")).count()


def on_device(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def write_and_send(page: Page, what: str) -> None:
    page.get_by_label("Hva skjedde?").fill(what)
    page.get_by_role("button", name="Send avvik").click()


def test_a_report_takes_three_touches(site: Site, visit: Visit, screenshots: Path | None) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    page = nurse.page
    # Counted by the page itself: every touch of anything.
    page.context.add_init_script(
        "addEventListener('pointerdown', () =>"
        " sessionStorage.setItem('n', Number(sessionStorage.getItem('n')) + 1), true)"
    )
    nurse.go("/")
    nurse.press(page.get_by_role("link", name="Meld avvik").first)
    page.get_by_label("Hva skjedde?").click()
    page.get_by_label("Hva skjedde?").press_sequentially("Gulvet var vått, en bruker skled.")
    if screenshots:
        page.screenshot(path=screenshots / "meld-360.png", full_page=True)
    nurse.press(page.get_by_role("button", name="Send avvik"))
    page.wait_for_url("**/kvittering*")
    assert page.evaluate("Number(sessionStorage.getItem('n'))") == 3
    nurse.check()


# What a hand does, counted by the pages themselves: each press, and each field that got content.
COUNTING = """
const note = (kind, what) => sessionStorage.setItem(
  kind, JSON.stringify([...JSON.parse(sessionStorage.getItem(kind) || "[]"), what]));
addEventListener("pointerdown", e => note("presses", e.target.textContent.trim().slice(0, 30)), true);
addEventListener("input", e => note("fields", e.target.name), true);
"""
# The questions that a person sees: a day and its hour are one, and what is folded away is none.
QUESTIONS = """() => [...new Set([...document.querySelectorAll(
    "form#report :is(input, select, textarea):not([type=hidden])")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height > 1)
  .map(e => (e.closest("fieldset")?.querySelector("legend") || e.labels[0]).firstChild.textContent.trim()))]"""


def counted(page: Page, kind: str) -> list[str]:
    return list(page.evaluate(f"JSON.parse(sessionStorage.getItem('{kind}') || '[]')"))


def test_a_newcomer_reports_in_three_fields_from_login_to_receipt(
    site: Site, visit: Visit, screenshots: Path | None
) -> None:
    newcomer = visit(site, PHONE)
    page = newcomer.page
    page.context.add_init_script(COUNTING)
    newcomer.log_in("employee")
    before = len(counted(page, "presses"))

    # Without scrolling, the page that meets one after login shows where to report.
    way = page.get_by_role("main").or_(page.locator(".hero")).get_by_role("link", name="Meld avvik")
    expect(way.first).to_be_in_viewport(ratio=1)
    newcomer.press(way.first)
    questions = page.evaluate(QUESTIONS)
    if screenshots:
        page.screenshot(path=screenshots / "meld-ny-360.png", full_page=True)
    assert questions == ["Hva skjedde?", "Hvor skjedde det?", "Når skjedde det?"]
    newcomer.check()

    what = page.get_by_label("Hva skjedde?")
    what.click()
    what.press_sequentially("Rekkverket i trappa er løst.")
    where = page.get_by_label("Hvor skjedde det?")
    assert where.input_value() != "", "the place is filled in beforehand"
    assert page.get_by_label("Dato").input_value() != ""
    fields = set(counted(page, "fields")) - {"username", "password"}
    newcomer.press(page.get_by_role("button", name="Send avvik"))

    page.wait_for_url("**/kvittering*")
    assert fields == {"what"}
    assert len(counted(page, "presses")) - before == 3
    expect(page.get_by_role("heading", level=1)).to_have_text("Avviket er sendt")
    expect(page.get_by_text("Avviket ligger hos")).to_be_visible()
    newcomer.check()


def test_what_is_typed_is_saved_by_itself(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    nurse.go("/avvik/meld")
    nurse.page.get_by_label("Hva skjedde?").fill("Lagret av seg selv.")
    expect(nurse.page.locator(STATUS)).to_contain_text("Utkast lagret kl.")
    nurse.check()
    other = visit(site, PHONE)
    other.log_in("employee")
    other.go("/avvik/meld")
    assert other.page.get_by_label("Hva skjedde?").input_value() == "Lagret av seg selv."
    other.press(other.page.get_by_role("button", name="Slett utkastet"))


def test_a_report_without_network_may_be_changed_and_is_sent_once(
    site: Site, visit: Visit, screenshots: Path | None
) -> None:
    """CF-17, CC-04."""
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    ready(nurse)
    page = nurse.page
    nurse.context.set_offline(True)
    page.get_by_label("Hva skjedde?").fill("Feil tekst om heisen.")
    expect(page.locator(STATUS)).to_contain_text("lagret på denne enheten")
    page.get_by_role("button", name="Send avvik").click()
    expect(page.locator(STATUS)).to_contain_text(QUEUED)
    if screenshots:
        page.screenshot(path=screenshots / "ko-360.png", full_page=True)
    page.get_by_role("button", name="Endre teksten").click()
    write_and_send(page, "Riktig tekst om heisen.")
    expect(page.locator(STATUS)).to_contain_text(QUEUED)
    assert "heisen" not in on_device(page)
    # Chromium writes each request without network to the console.
    assert all("ERR_INTERNET_DISCONNECTED" in line for line in nurse.complaints)
    nurse.complaints.clear()
    nurse.check()
    nurse.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("Sendt, nummer 20", timeout=30_000)
    nurse.complaints.clear()
    nurse.check()
    if screenshots:
        page.screenshot(path=screenshots / "sendt-360.png", full_page=True)
    assert "avvik-kopi" not in on_device(page)
    assert cases(nurse, "Riktig tekst om heisen.") == 1
    assert cases(nurse, "Feil tekst om heisen.") == 0


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A phone that keeps what it has when its browser is closed and opened again."""
    opened: list[BrowserContext] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:

        def start() -> BrowserContext:
            for context in opened:
                context.close()
            opened.clear()
            context = chromium.browser_type.launch_persistent_context(
                folder,
                executable_path="/usr/bin/chromium",
                args=ARGUMENTS,
                env={**os.environ, "LANGUAGE": "nb_NO"},
                viewport=PHONE,  # type: ignore[arg-type]
                locale="nb-NO",
                timezone_id="Europe/Oslo",
            )
            context.set_default_timeout(30_000)
            opened.append(context)
            return context

        yield start
        for context in opened:
            context.close()


def test_a_closed_phone_keeps_the_report_for_its_writer_only(
    site: Site, phone: Callable[[], BrowserContext]
) -> None:
    """CF-17: written without network, the browser restarted, another person first."""
    nurse = Visitor(phone(), site)
    nurse.log_in("employee")
    ready(nurse)
    nurse.context.set_offline(True)
    what = "Medisinskapet sto ulåst i natt."
    write_and_send(nurse.page, what)
    expect(nurse.page.locator(STATUS)).to_contain_text(QUEUED)

    again = phone()
    # The session is over without a sign-out, which would have cleared the phone.
    again.clear_cookies()
    other = Visitor(again, site)
    other.log_in("unit_leader")
    other.go("/avvik/meld")
    other.page.wait_for_load_state("networkidle")
    assert other.page.get_by_label("Hva skjedde?").input_value() == ""
    assert "Medisinskapet" not in other.page.content() + on_device(other.page)
    assert cases(other, what) == 0
    again.clear_cookies()

    back = Visitor(again, site)
    back.log_in("employee")
    expect(back.page.locator("#report-news")).to_contain_text("Sendt, nummer 20", timeout=30_000)
    back.check()
    assert cases(back, what) == 1


def test_the_form_opens_without_network_and_is_sent_later(
    site: Site, phone: Callable[[], BrowserContext]
) -> None:
    nurse = Visitor(phone(), site)
    nurse.log_in("employee")
    ready(nurse)
    nurse.context.set_offline(True)
    nurse.go("/avvik/meld")
    page = nurse.page
    expect(page.get_by_role("heading", name="Meld avvik uten nett")).to_be_visible()
    expect(page.locator("[data-reporter]")).to_contain_text(site.accounts["employee"]["name"])
    what = "Lyset på trappa er borte."
    page.get_by_label("Hvor skjedde det?").select_option(index=3)
    write_and_send(page, what)
    expect(page.locator(STATUS)).to_contain_text(QUEUED)
    nurse.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("Sendt, nummer 20", timeout=30_000)
    assert cases(nurse, what) == 1


def test_signing_out_clears_the_phone(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    ready(nurse)
    nurse.context.set_offline(True)
    nurse.page.get_by_label("Hva skjedde?").fill("Skal bort.")
    expect(nurse.page.locator(STATUS)).to_contain_text("lagret på denne enheten")
    nurse.context.set_offline(False)
    nurse.page.locator(".header__account").click()
    nurse.page.on("dialog", lambda dialog: dialog.accept())
    nurse.page.get_by_role("button", name="Logg ut").click()
    nurse.page.wait_for_url("**/logg-inn*")
    assert on_device(nurse.page) == "{}"
    assert nurse.page.evaluate("caches.keys().then((names) => names.length)") == 0
