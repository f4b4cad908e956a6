"""What a leader finds out and decides in a case, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_stories import IN_A_WEEK, report
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


@pytest.mark.parametrize("scripts", [True], ids=["scripts"])
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
    leader.page.get_by_label("Søk i avvik").fill("liste på vaktrommet")
    leader.page.get_by_label("Årsak").select_option(label="Utstyr")
    leader.press(leader.page.locator("form.filters").get_by_role("button", name="Vis"))
    assert "Feil liste på vaktrommet" in leader.page.locator("ul.list-rows").inner_text()
    leader.check()


@pytest.mark.parametrize("scripts", [False], ids=["no-scripts"])
def test_ticks_start_the_clock_and_the_leader_answers_with_one_press(
    site: Site, visit: Visit, scripts: bool
) -> None:
    nurse = visit(site, PHONE, scripts=scripts)
    nurse.log_in("employee")
    case = report_with(nurse, "Vedlegg sendt feil.", "Personvern og IT", "Noen fikk se opplys")
    leader = visit(site, PHONE, scripts=scripts, dark=True)
    leader.log_in("unit_leader")
    leader.go(case)
    asked = leader.page.locator("#proposal").inner_text()
    assert "Noen fikk se opplysninger de ikke skulle se" in asked
    assert "Fristene løper allerede" in asked
    leader.check()
    assert "72 timer" in leader.page.locator("#law-clocks").inner_text()
    leader.press(leader.page.get_by_role("button", name="Ja, det stemmer"))
    assert leader.page.locator("#proposal").count() == 0
    assert "Meld bruddet" in leader.page.locator("#law-clocks").inner_text()
    leader.check()


def test_a_category_only_asks_and_no_needs_a_reason(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report_with(nurse, "Skriveren står stille.", "Personvern og IT", "")
    leader = visit(site, DESK)
    leader.log_in("unit_leader")
    leader.go(case)
    assert leader.page.locator("#law-clocks").count() == 0
    assert "72 timer" in leader.page.locator("#proposal").inner_text()
    leader.page.locator("#decline > summary").click()
    leader.check()
    decline = leader.page.get_by_role("button", name="Det er et vanlig avvik")
    leader.press(decline)
    leader.check()
    leader.page.get_by_label("Hvorfor er det et vanlig avvik?").fill("Bare papir i klem.")
    leader.press(leader.page.get_by_role("button", name="Det er et vanlig avvik"))
    assert leader.page.locator("#proposal").count() == 0
    assert "Bare papir i klem." in leader.page.locator("#story").inner_text()
    leader.check()


def report_with(visitor: Visitor, what: str, category: str, tick: str) -> str:
    """Report with a category, and a tick if any; return the address of the case."""
    page = visitor.page
    visitor.press(page.get_by_role("link", name="Meld avvik").first)
    page.get_by_label("Hva skjedde?").fill(what)
    page.locator("summary", has_text="Legg til mer").click()
    page.get_by_label(category, exact=True).check()
    if tick:
        page.get_by_label(tick).first.check()
    visitor.press(page.get_by_role("button", name="Send avvik"))
    page.wait_for_url("**/kvittering*")
    link = page.get_by_role("main").locator("a[href*='/avvik/2']").first
    return "/".join(str(link.get_attribute("href")).split("/")[:3])


def test_the_follow_up_after_violence_is_set_up_with_one_press_or_declined(
    site: Site, visit: Visit
) -> None:
    leader, case = handled(site, visit, "Ansatt ble dyttet i gangen.", PHONE)
    leader.go(f"{case}/hendelse")
    leader.page.get_by_label("Vold eller trusler mot ansatt", exact=True).check()
    leader.press(leader.page.get_by_role("main").get_by_role("button", name="Velg typen"))
    card = leader.page.locator("#follow-up")
    leader.check()
    leader.press(card.get_by_role("button", name="Sett opp", exact=True).first)
    assert "Satt opp som tiltak" in leader.page.locator("#follow-up").inner_text()
    row = leader.page.locator("#follow-up li", has_text="meldes til politiet")
    leader.press(row.get_by_role("link", name="Endre eller velg bort"))
    leader.check()
    leader.page.get_by_label("Hvorfor trengs det ikke?").fill("Den ansatte ønsker det ikke.")
    leader.press(leader.page.get_by_role("button", name="Velg bort forslaget"))
    assert "Den ansatte ønsker det ikke." in leader.page.locator("#follow-up").inner_text()
    leader.press(leader.page.get_by_role("button", name="Sett opp alle (4)"))
    leader.check()
    assert leader.page.locator("#follow-up").get_by_role("button").count() == 0
    assert leader.page.locator("#actions tbody tr").count() == 5


@pytest.mark.parametrize("scripts", [False], ids=["no-scripts"])
def test_the_written_plan_is_made_changed_and_printed_and_meets_its_clock(
    site: Site, visit: Visit, scripts: bool
) -> None:
    leader, case = handled(site, visit, "Elev stengt ute i friminuttet.", PHONE, scripts=scripts)
    leader.go(f"{case}/hendelse")
    leader.page.get_by_label("Skolemiljø", exact=True).check()
    leader.press(leader.page.get_by_role("main").get_by_role("button", name="Velg typen"))
    leader.check()
    leader.press(leader.page.get_by_role("button", name="Lag planen"))
    leader.check()
    page = leader.page
    page.get_by_label("Hvilke problemer skal planen løse?").fill("Eleven er alene ute.")
    page.get_by_label("Hva mener barnet eller eleven selv?").fill("«Jeg vil være med.»")
    page.get_by_label("Hva skal gjøres i tiltak 1?").fill("Fast voksen ute")
    page.get_by_label("Når skal tiltakene evalueres?").fill(IN_A_WEEK)
    leader.press(page.get_by_role("button", name="Lagre planen"))
    assert "Hvert tiltak må ha hva, hvem og når." in page.inner_text("main")
    leader.check()
    page.get_by_label("Hvem gjør tiltak 1?").fill("Kontaktlærer")
    page.get_by_label("Når er tiltak 1 gjort?").fill(IN_A_WEEK)
    leader.press(page.get_by_role("button", name="Lagre planen"))
    assert "Gjort i tide" in page.locator("#law-clocks li", has_text="skriftlig plan").inner_text()
    assert "alene ute" not in page.locator("#story").inner_text()
    leader.press(page.get_by_role("button", name="Åpne planen"))
    assert "alene ute" in page.locator("#newest").inner_text()
    page.locator("#new-version summary").click()
    page.get_by_label("Hva er endret siden sist?").fill("Ny voksen fra mandag.")
    leader.press(page.get_by_role("button", name="Lagre planen"))
    assert "Versjon 2 ble laget" in page.locator("#plan").inner_text()
    leader.press(page.get_by_role("button", name="Åpne planen"))
    page.locator("#versions summary").first.click()
    leader.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Versjon 2 som PDF").click()
    assert download.value.suggested_filename.endswith("-2.pdf")
