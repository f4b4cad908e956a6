"""Without a name in a real browser: report, type the code, be asked, answer; wrong and lost codes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.servers.site import ROOT, Site

Visit = Callable[..., Visitor]

# What the clock does, without the hours between.
DELIVER = """
from intranet import create_app
from intranet.anonymous.actions.deliver import (
    close_for_delivery, deliver_ready, plan_next, store_ready_files)
from intranet.core.transaction import transaction
from intranet.extensions import db
with create_app().app_context():
    with transaction():
        close_for_delivery(plan_next())
    stored = store_ready_files()
    db.session.rollback()
    with transaction():
        deliver_ready(stored)
        plan_next()
"""


def deliver(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DELIVER],
        cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not delivered" not in done.stderr


def note_code(visitor: Visitor) -> str:
    return visitor.page.locator(".receipt-code").inner_text().strip()


def type_code(visitor: Visitor, code: str) -> None:
    visitor.page.get_by_label("Skriv koden her").fill(code)
    visitor.press(visitor.page.get_by_role("button", name="Gå videre til skjemaet"))


def open_with(visitor: Visitor, code: str) -> None:
    visitor.go("/anonymt")
    visitor.page.get_by_label("Koden din").fill(code)
    visitor.press(visitor.page.get_by_role("button", name="Åpne"))


@pytest.mark.parametrize(
    ("size", "scripts", "dark"),
    [(PHONE, True, True), (DESK, False, False)],
    ids=["phone", "desk-no-scripts"],
)
def test_reports_without_a_name_is_asked_and_answers(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    """AN-03, AN-10, AN-12."""
    headline = f"Lyset i trapp {size['width']}-{int(scripts)} er gått"
    what = f"{headline}. Det er helt mørkt."
    someone = visit(site, size, scripts=scripts, dark=dark)
    asked: list[Request] = []
    someone.page.on("request", lambda request: asked.append(request))
    someone.go("/logg-inn")
    someone.press(someone.page.get_by_role("link", name="Meld avvik anonymt"))
    someone.check()
    # The login page has a session of its own; from here on there is none.
    someone.context.clear_cookies()
    code = note_code(someone)
    type_code(someone, "feil kode")
    someone.check()
    assert someone.page.get_by_text("Koden er ikke skrevet likt").first.is_visible()
    assert note_code(someone) == code
    type_code(someone, code.lower().replace(" ", "-"))
    someone.check()
    someone.page.get_by_label("Hva skjedde?").fill(what)
    place = someone.page.get_by_label("Hvor skjedde det?")
    unit = next(
        text for text in place.locator("option").all_inner_texts() if "Hjemmetjenesten nord" in text
    )
    place.select_option(label=unit)
    someone.page.get_by_label("Bilder eller PDF").set_input_files(
        str(ROOT / "docs" / "pictures" / "report-phone.png")
    )
    someone.press(someone.page.get_by_role("button", name="Send anonymt"))
    someone.page.wait_for_url("**/meld-anonymt/sendt")
    someone.check()
    open_with(someone, code)
    assert someone.page.get_by_text("ikke levert ennå").first.is_visible()
    someone.check()

    deliver(site)
    leader = visit(site, DESK, scripts=scripts)
    leader.log_in("unit_leader")
    leader.go("/avvik")
    leader.press(leader.page.get_by_role("link", name=headline).first)
    assert leader.page.get_by_text("Anonym melder").first.is_visible()
    assert leader.page.get_by_role("link", name="fil-1.png").first.is_visible()
    leader.check()
    leader.page.locator(".reply textarea").first.fill("Hvilken etasje?")
    leader.press(leader.page.locator(".reply").get_by_role("button", name="Send"))

    open_with(someone, code)
    assert someone.page.get_by_text("Hvilken etasje?").is_visible()
    someone.check()
    someone.page.get_by_label("Skriv til den som behandler saken").fill("Den andre.")
    someone.press(someone.page.get_by_role("button", name="Send"))
    assert someone.page.get_by_text("Det du skrev, er tatt vare på").is_visible()
    someone.check()
    deliver(site)
    leader.page.reload()
    assert leader.page.get_by_text("Den andre.").is_visible()

    # AN-12: nothing is left in the browser, and nobody else was asked anything.
    assert someone.context.cookies() == []
    if scripts:
        kept = "localStorage.length + sessionStorage.length"
        assert someone.page.evaluate(kept) == 0
    for request in asked:
        assert request.url.startswith((site.url, "data:", "blob:")), request.url
        assert code.replace(" ", "") not in request.url
        assert "anonymt" not in request.headers.get("referer", ""), request.url
    # AN-03: what the processes wrote.
    for name in ("web", "jobs"):
        log = (Path(site.environment["INSTANCE_DIR"]) / f"{name}.log").read_text(errors="replace")
        for trace in ("anonymt", "127.0.0.1 - -", "Mozilla", code, code.replace(" ", ""), what):
            assert trace not in log, (name, trace)


def test_wrong_code_and_lost_code(site: Site, visit: Visit) -> None:
    someone = visit(site, PHONE)
    open_with(someone, "0000 0000 0000 0000 0000 0000")
    assert someone.page.get_by_text("finner ingen melding med denne koden").first.is_visible()
    assert someone.page.get_by_role("heading", name="Har du mistet koden?").is_visible()
    someone.check()
    someone.press(someone.page.get_by_role("link", name="Send en ny anonym melding"))
    assert len(note_code(someone).replace(" ", "")) == 24


def test_logged_in_person_stays_logged_in_and_unknown(site: Site, visit: Visit) -> None:
    """AN-01."""
    nurse = visit(site, DESK)
    nurse.log_in("employee")
    before = nurse.context.cookies()
    nurse.go("/avvik/meld")
    nurse.page.locator("summary", has_text="Meld anonymt i stedet").click()
    nurse.press(nurse.page.get_by_role("link", name="Gå til anonym melding"))
    assert nurse.page.get_by_text(site.accounts["employee"]["name"]).count() == 0
    nurse.press(nurse.page.get_by_role("link", name="English"))
    assert nurse.page.get_by_role("heading", name="Report a deviation anonymously").is_visible()
    nurse.check()
    assert nurse.context.cookies() == before
    nurse.go("/avvik/mine")
    assert "/logg-inn" not in nurse.page.url


def test_demonstration_code_opens_a_case(site: Site, visit: Visit) -> None:
    someone = visit(site, DESK)
    open_with(someone, "DEM0 HAVN S0ND TRAP PENF 1RE1")
    assert someone.page.get_by_text("Rekkverket i trappen er løst").first.is_visible()
    assert someone.page.get_by_text("Gjelder det trappen ved kjøkkenet").is_visible()
    someone.check()
