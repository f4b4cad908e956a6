"""A leader keeps the unit's list «Viktig for oss», and an employee finds the paragraph and cites it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]
LAW = "/lover/lov/2005-06-17-62"
NOTE = "Verneombudet er med fra første dag når turnusen endres."


def test_leader_puts_a_paragraph_on_the_list_and_an_employee_reads_and_cites_it(
    site: Site, visit: Visit
) -> None:
    leader, employee = visit(site), visit(site, PHONE)
    leader.log_in("unit_leader")
    leader.go(LAW)
    leader.press(leader.page.get_by_role("link", name="Sett på lista vår"))
    page = leader.page
    page.get_by_label("Lov, forskrift eller paragraf").fill("aml § 2-1")
    page.get_by_label("Hva betyr den for oss?").fill(NOTE)
    leader.check()
    leader.press(page.get_by_role("main").get_by_role("button", name="Legg til"))
    expect(page.get_by_text(NOTE)).to_be_visible()
    leader.check()
    unit = page.get_by_label("Enhet", exact=True).input_value()

    employee.log_in("employee")
    employee.go(f"/lover/viktig?enhet={unit}")
    expect(employee.page.get_by_text(NOTE)).to_be_visible()
    expect(employee.page.get_by_role("link", name="Legg til")).to_have_count(0)
    employee.press(employee.page.get_by_role("link", name="§ 2‑1").first)
    place = employee.page.locator("#p-2-1")
    place.locator("summary").click()
    employee.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    place.get_by_role("button", name="Kopier henvisning").click()
    expect(employee.page.locator("#copy-status")).to_have_text("Kopiert")
    copied = employee.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("lov 17. juni 2005 nr. 62 om arbeidsmiljø")
    assert copied.endswith("(arbeidsmiljøloven) §\N{NO-BREAK SPACE}2-1")
    employee.check()

    leader.press(page.get_by_role("link", name="Ta av lista").first)
    leader.press(page.get_by_role("button", name="Ta av lista"))
    expect(page.get_by_text(NOTE)).to_have_count(0)
    leader.check()
