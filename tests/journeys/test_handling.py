"""What a leader finds out and decides in a case, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_stories import report
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def handled(
    site: Site, visit: Visit, what: str, size: dict[str, int] = DESK, *, scripts: bool = True
) -> tuple[Visitor, str]:
    """Let somebody report it and the leader acknowledge it."""
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report(nurse, what)
    leader = visit(site, size, scripts=scripts)
    leader.log_in("unit_leader")
    leader.go(case)
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    return leader, case


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_leader_says_why_it_happened_and_finds_the_case_by_it(
    site: Site, visit: Visit, scripts: bool
) -> None:
    leader, case = handled(site, visit, "Feil liste på vaktrommet.", PHONE, scripts=scripts)
    step = leader.page.locator("#step-set_causes")
    step.locator("> summary").click()
    step.locator("summary", has_text="Kommunikasjon").click()
    step.get_by_label("Ved vaktskifte eller overføring").check()
    step.get_by_label("Utstyr", exact=True).check()
    step.get_by_label("Mer om årsaken").fill("Lista ble ikke byttet.")
    leader.check()
    leader.press(step.get_by_role("button", name="Lagre årsakene"))
    leader.check()
    found = leader.page.locator("#causes").inner_text()
    assert "Ved vaktskifte eller overføring" in found
    assert "Lista ble ikke byttet." in found
    leader.go("/avvik?visning=alle")
    if leader.page.locator(".filter-fold").get_attribute("open") is None:
        leader.page.locator(".filter-fold > summary").click()
    leader.page.get_by_label("Årsak").select_option(label="Utstyr")
    leader.press(leader.page.locator("form.filters").get_by_role("button", name="Vis"))
    assert "Feil liste på vaktrommet." in leader.page.inner_text("main")
    leader.check()
