"""A procedure was changed: an employee reads what is new on a shared phone, and the leader sees it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def test_employee_reads_and_confirms_on_a_shared_phone_and_the_leader_sees_it(
    site: Site, visit: Visit
) -> None:
    employee, leader = visit(site, PHONE), visit(site)
    name = str(site.accounts["employee"]["name"])
    leader.log_in("unit_leader")
    employee.log_in("employee")
    employee.go("/mine-oppgaver")
    employee.press(employee.page.get_by_role("link", name="Alenearbeid"))
    address = employee.page.url.split("#")[0].removeprefix(site.url)
    leader.go(f"{address}/lest")
    missing = leader.page.get_by_role("region", name="De som mangler")
    expect(missing.get_by_role("link", name=name)).to_be_visible()
    leader.check()
    box = employee.page.get_by_role("region", name="Lest og forstått?")
    expect(box).to_contain_text("Endret siden du leste versjon 1")
    employee.check()
    employee.press(box.get_by_role("link", name="Se ord for ord"))
    expect(employee.page.locator("ins").first).to_contain_text("Meld fra når du begynner")
    employee.check()
    employee.page.go_back()
    employee.press(box.get_by_role("button", name="og logg ut"))
    expect(employee.page.get_by_role("heading", level=1)).to_have_text("Logg inn")
    expect(employee.page.get_by_text("du er logget ut")).to_be_visible()
    employee.check()
    employee.go(address)
    expect(employee.page.get_by_role("heading", level=1)).to_have_text("Logg inn")
    leader.go(f"{address}/lest")
    expect(missing.get_by_role("link", name=name)).to_have_count(0)
