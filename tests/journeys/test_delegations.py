"""A leader passes on a right to spend, somebody asks who could sign, and the leader takes it back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def test_leader_passes_on_a_part_and_takes_it_back_and_everybody_can_see_who_could_sign(
    site: Site, visit: Visit
) -> None:
    leader, employee = visit(site, PHONE), visit(site)
    name = str(site.accounts["employee"]["name"])
    leader.log_in("unit_leader")
    employee.log_in("employee")
    leader.go("/bibliotek")
    leader.press(leader.page.get_by_role("main").get_by_role("link", name="Fullmakter"))
    leader.check()
    leader.page.get_by_label("Navn").fill(str(site.accounts["unit_leader"]["name"]))
    leader.press(leader.page.get_by_role("button", name="Vis"))
    leader.press(leader.page.get_by_role("link", name="Anvise utgifter, inntil 500 000 kroner"))
    leader.check()
    leader.press(leader.page.get_by_role("link", name="Gi videre"))
    leader.page.get_by_label("En bestemt person").check()
    leader.page.get_by_role("combobox", name="Person").fill(name)
    leader.page.get_by_label("Beløp i kroner").fill("600.000 kr")
    leader.press(leader.page.get_by_role("button", name="Gi videre"))
    expect(leader.page.get_by_role("group", name="Rett opp dette")).to_contain_text(
        "Du kan selv gå til 500 000 kroner"
    )
    leader.check()
    leader.page.get_by_label("Beløp i kroner").fill("75 000")
    leader.press(leader.page.get_by_role("button", name="Gi videre"))
    expect(leader.page.get_by_role("heading", level=1)).to_contain_text("inntil 75 000 kroner")
    address = leader.page.url
    leader.check()

    employee.go("/fullmakter/hvem")
    employee.page.get_by_label("Type").select_option(label="Anvise utgifter")
    employee.page.get_by_label("Beløp i kroner").fill("70000")
    employee.press(employee.page.get_by_role("button", name="Svar"))
    signer = employee.page.get_by_role("region", name=name)
    expect(signer.get_by_role("listitem")).to_have_count(4)
    expect(signer.get_by_role("listitem").last).to_contain_text("Kommunestyret")
    employee.check()

    leader.press(leader.page.get_by_role("link", name="Trekk tilbake"))
    leader.page.get_by_label("Hvorfor").fill("Innkjøpene samles igjen.")
    leader.check()
    leader.press(leader.page.get_by_role("button", name="Trekk tilbake"))
    assert leader.page.url == address
    expect(leader.page.get_by_role("main")).to_contain_text("Innkjøpene samles igjen.")
    leader.check()
    employee.page.reload()
    expect(employee.page.get_by_role("region", name=name)).to_have_count(0)
