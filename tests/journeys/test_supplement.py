"""A unit adds to a procedure of the municipality, and its people read both together."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]
UNIT = "Hjemmetjenesten nord"


def test_a_unit_adds_to_a_procedure_and_its_people_read_both(site: Site, visit: Visit) -> None:
    author, leader, employee = visit(site), visit(site), visit(site, PHONE, dark=True)
    author.log_in("quality_adviser")
    author.go("/bibliotek?q=brann%C3%B8velse")
    page = author.page
    author.press(page.get_by_role("main").get_by_role("link", name="Brannøvelse").first)
    central = page.url.removeprefix(site.url)
    author.press(page.get_by_role("link", name="Skriv lokalt tillegg"))
    unit = page.locator("#unit option", has_text=UNIT).get_attribute("value")
    page.get_by_label("Enhet").select_option(unit)
    author.check()
    author.press(page.get_by_role("button", name="Begynn på tillegget"))
    page.get_by_role("textbox", name="Tekst").fill("## Møteplass\n\nVi møtes ved garasjen.")
    author.press(page.get_by_role("button", name="Lagre og se"))
    author.press(page.get_by_role("button", name="Send til godkjenning"))
    number = page.url.split("/")[4]

    leader.log_in("unit_leader")
    leader.go(f"/bibliotek/{number}/godkjenning")
    leader.press(leader.page.get_by_role("button", name="Godkjenn", exact=True))

    employee.log_in("employee")
    employee.go(central)
    beneath = employee.page.get_by_role("article", name=f"Lokalt tillegg for {UNIT}")
    expect(beneath.get_by_text("Vi møtes ved garasjen.")).to_be_visible()
    employee.check()
    employee.press(beneath.get_by_role("link", name=number.replace("-", "\u2011")))
    expect(employee.page.get_by_role("link", name="Brannøvelse")).to_be_visible()
    employee.check()
