"""A draft goes on hearing, is commented and answered, and is published with its hearing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from intranet.core.clock import today
from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]
TITLE = "Hvile mellom vakter"


def test_draft_is_heard_answered_approved_and_published_with_its_hearing(
    site: Site, visit: Visit
) -> None:
    author, employee, leader = visit(site), visit(site, PHONE), visit(site)
    for visitor, role in (
        (author, "quality_adviser"),
        (employee, "employee"),
        (leader, "unit_leader"),
    ):
        visitor.log_in(role)
    author.go("/bibliotek/ny")
    page = author.page
    page.get_by_label("Type").select_option("RUT")
    unit = page.locator("#unit option", has_text="Hjemmetjenesten nord").get_attribute("value")
    page.get_by_label("Enheten som eier det").select_option(unit)
    page.get_by_label("Tittel").fill(TITLE)
    page.locator("#body").fill("## Hensikt\n\nAlle skal rekke å hvile.\n\nElleve timer fri.")
    page.get_by_label("Hva er endret?").fill("Ny rutine")
    author.press(page.locator("main form button[type=submit]").first)
    draft = page.url.removeprefix(site.url).split("?")[0].replace("/rediger", "")
    number = draft.split("/")[2]
    author.go(f"/bibliotek/{number}/horing/ny")
    author.check()
    # One is picked from the proposals, the other is typed.
    field = page.get_by_role("combobox", name="Legg til en person")
    field.press_sequentially(str(site.accounts["employee"]["name"])[:6])
    page.get_by_role("option").first.wait_for()
    author.check()
    field.press("ArrowDown")
    field.press("Enter")
    with page.expect_navigation():
        field.press("Enter")
    expect(
        page.get_by_role("checkbox", name=str(site.accounts["employee"]["name"]))
    ).to_be_checked()
    author.check()
    page.get_by_role("combobox", name="Legg til en person").fill(
        str(site.accounts["unit_leader"]["name"])
    )
    author.press(page.get_by_role("button", name="Legg til"))
    page.get_by_label("Frist").fill(f"{today() + timedelta(days=14):%Y-%m-%d}")
    author.press(page.get_by_role("button", name="Send på høring"))
    hearing = page.url.removeprefix(site.url)
    employee.go("/mine-oppgaver")
    employee.press(employee.page.get_by_role("link", name=TITLE).first)
    employee.press(employee.page.get_by_role("link", name="Merknad til avsnitt 3"))
    employee.page.get_by_label("Merknad", exact=True).fill("Gjelder det også i helgen?")
    employee.press(employee.page.get_by_role("button", name="Send merknaden"))
    employee.check()
    leader.go(hearing)
    expect(leader.page.get_by_text("Gjelder det også i helgen?").first).to_be_visible()
    leader.page.get_by_label("Merknad", exact=True).fill("Bra.")
    leader.press(leader.page.get_by_role("button", name="Send merknaden"))
    author.go(hearing)
    expect(page.get_by_role("heading", name="2 merknader mangler svar")).to_be_visible()
    author.check()
    for answer, text in (("Fulgt", ""), ("Ikke fulgt", "Loven sier det allerede.")):
        author.press(page.get_by_role("region", name="mangler svar").get_by_role("link").first)
        page.get_by_label(answer, exact=True).check()
        page.get_by_label("Begrunnelse").fill(text)
        author.check()
        author.press(page.get_by_role("button", name="Lagre svaret"))
    page.get_by_label("Hvorfor avsluttes den før fristen?").fill("Alle har svart.")
    author.press(page.get_by_role("button", name="Avslutt høringen"))
    author.go(f"/bibliotek/{number}/versjon/1")
    author.press(page.get_by_role("button", name="Send til godkjenning"))
    leader.go(f"/bibliotek/{number}/godkjenning")
    leader.press(leader.page.get_by_role("button", name="Godkjenn", exact=True))
    employee.go(f"/bibliotek/{number}")
    employee.press(employee.page.get_by_role("link", name="Høringen av versjon 1"))
    expect(employee.page.get_by_text("Loven sier det allerede.")).to_be_visible()
    employee.check()
