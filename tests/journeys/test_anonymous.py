"""Without a name in a real browser: wrong and lost codes, and somebody who is logged in."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def note_code(visitor: Visitor) -> str:
    return visitor.page.locator(".receipt-code").inner_text().strip()


def open_with(visitor: Visitor, code: str) -> None:
    visitor.go("/anonymt")
    visitor.page.get_by_label("Koden din").fill(code)
    visitor.press(visitor.page.get_by_role("button", name="Åpne"))


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
