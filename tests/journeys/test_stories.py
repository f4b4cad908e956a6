"""Whole stories in a real browser: the phone, the desk, with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.servers.site import Site

Visit = Callable[..., Visitor]
IN_A_WEEK = (date.today() + timedelta(days=7)).isoformat()


def report(visitor: Visitor, what: str, *, critical: bool = False) -> str:
    """Report a deviation in three fields and return its address."""
    visitor.press(visitor.page.get_by_role("link", name="Meld avvik").first)
    visitor.page.get_by_label("Hva skjedde?").fill(what)
    if critical:
        visitor.page.locator("summary", has_text="Legg til mer").click()
        visitor.page.get_by_label("Pasient eller bruker").check()
        visitor.page.get_by_label("Noen døde, eller fikk varig skade").first.check()
    visitor.check()
    visitor.press(visitor.page.get_by_role("button", name="Send avvik"))
    visitor.page.wait_for_url("**/kvittering*")
    visitor.check()
    link = visitor.page.get_by_role("main").locator("a[href*='/avvik/2']").first
    # The receipt may also link to pages below the case.
    return "/".join(str(link.get_attribute("href")).split("/")[:3])


def open_more(visitor: Visitor, title: str) -> None:
    """Open one of the folded forms on the case's page."""
    visitor.page.locator("details.more > summary", has_text=title).first.click()


@pytest.mark.parametrize(
    ("size", "scripts"),
    [(PHONE, True), (PHONE, False), (DESK, True)],
    ids=["phone", "phone-no-scripts", "desk"],
)
def test_nurse_reports_leader_answers_and_nurse_reads_it(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    nurse = visit(site, size, scripts=scripts)
    nurse.log_in("employee")
    case = report(nurse, "Bruker skled på vått gulv på badet. Ingen synlig skade.")

    leader = visit(site, DESK, scripts=scripts)
    leader.log_in("unit_leader")
    leader.go("/avvik")
    leader.check()
    leader.go(case)
    leader.check()
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    open_more(leader, "Legg til tiltak")
    form = leader.page.locator("details.more[open]").first
    form.get_by_label("Hva skal gjøres?").fill("Legg sklimatte på alle bad.")
    responsible = site.accounts["employee"]["name"]
    form.get_by_role("combobox", name="Hvem har ansvaret?").fill(responsible)
    form.get_by_label("Frist").fill(IN_A_WEEK)
    leader.press(form.get_by_role("button", name="Legg til tiltak"))
    assert "Legg sklimatte på alle bad." in leader.page.inner_text("main")
    leader.check()

    nurse.go("/mine-oppgaver")
    nurse.press(nurse.page.get_by_role("link", name="Utfør et tiltak").first)
    assert "Legg sklimatte" in nurse.page.inner_text("main")
    nurse.check()
    nurse.page.get_by_label("Hva er gjort?").first.fill("Mattene er på plass.")
    nurse.press(nurse.page.get_by_role("button", name="Tiltaket er utført"))

    leader.go(case)
    open_more(leader, "Svar og lukk avviket")
    form = leader.page.locator("details.more[open]").first
    form.get_by_label("Svar til den som meldte").fill("Takk! Alle bad har nå sklimatte.")
    leader.press(form.get_by_role("button").last)
    assert "Lukket" in leader.page.inner_text("main")

    nurse.go(case)
    assert "Alle bad har nå sklimatte." in nurse.page.inner_text("main")
    nurse.check()


def test_critical_case_is_on_the_chief_executives_page_at_once(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report(nurse, "Alvorlig fall fra trapp ved utgangen.", critical=True)
    chief = visit(site, DESK)
    chief.log_in("chief_executive")
    chief.go("/varsler")
    chief.check()
    chief.go(case)
    assert "Kritisk" in chief.page.inner_text("main")
    chief.check()


def test_mail_tells_the_leader_without_sensitive_words(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    report(nurse, "Hemmeligord-i-meldingen skjedde på vakta.")
    for _n in range(100):
        if site.mailbox.messages:
            break
        time.sleep(0.2)
    assert site.mailbox.messages, site.log("jobs")
    for message in site.mailbox.messages:
        assert "Hemmeligord" not in message.as_string()
        assert site.url in message.get_content()


def test_editor_publishes_news_that_search_finds(site: Site, visit: Visit) -> None:
    editor = visit(site, DESK)
    editor.log_in("editor")
    editor.go("/nyheter/skriv")
    editor.check()
    editor.page.get_by_label("Tittel").fill("Ny heis i helsehuset")
    editor.page.get_by_label("Ingress").fill("Heisen åpner mandag, og trappa får ny belysning.")
    editor.page.get_by_label("Tekst").first.fill("## Bakgrunn\n\nHeisen var **gammel**.")
    editor.press(editor.page.get_by_role("button", name="Publiser"))
    assert "Ny heis i helsehuset" in editor.page.inner_text("h1")
    editor.check()
    reader = visit(site, PHONE)
    reader.log_in("employee")
    reader.go("/nyheter")
    assert "Ny heis i helsehuset" in reader.page.inner_text("main")
    assert found(reader, "heis helsehuset", "Ny heis i helsehuset")


def test_hr_announces_a_vacancy(site: Site, visit: Visit) -> None:
    hr = visit(site, DESK)
    hr.log_in("hr")
    hr.go("/stillinger/ny")
    hr.check()
    page = hr.page
    page.locator("main form").get_by_role("textbox").first.fill("Natursti-vert")
    page.get_by_label("Enhet").select_option(index=1)
    page.get_by_label("Stillingsprosent").fill("100")
    page.get_by_label("Fast", exact=True).check()
    page.get_by_label("Arbeidssted").fill("Rådhuset")
    page.get_by_label("Om stillingen").fill("Ta vare på naturstien.")
    page.get_by_label("Slik søker du").fill("Send e-post til HR.")
    page.get_by_label("Søknadsfrist").fill(IN_A_WEEK)
    page.get_by_label("Klokkeslett").fill("23:59")
    hr.press(page.get_by_role("button", name="Lys ut til alle ansatte"))
    assert "Natursti-vert" in hr.page.inner_text("h1"), hr.page.inner_text("main")
    reader = visit(site, PHONE)
    reader.log_in("employee")
    reader.go("/stillinger")
    assert "Natursti-vert" in reader.page.inner_text("main")
    reader.check()


def test_law_paragraph_is_found_and_opened(site: Site, visit: Visit) -> None:
    reader = visit(site, PHONE)
    reader.log_in("employee")
    reader.go("/sok?q=kommuneloven+25-1")
    reader.check()
    reader.press(reader.page.get_by_role("main").get_by_role("link", name="25-1").first)
    assert reader.page.url.endswith("#p-25-1")
    assert reader.page.locator("#p-25-1").is_visible()
    reader.check()


def test_procedure_is_found_and_carried_into_a_report(site: Site, visit: Visit) -> None:
    reader = visit(site, DESK)
    reader.log_in("employee")
    reader.go("/sok?q=alenearbeid")
    reader.press(reader.page.get_by_role("main").get_by_role("link", name="Alenearbeid").first)
    reader.check()
    reader.press(reader.page.get_by_role("main").get_by_role("link", name="Meld avvik").first)
    assert "prosedyre=" in reader.page.url
    assert "Alenearbeid" in reader.page.content()


def found(visitor: Visitor, query: str, title: str) -> bool:
    """Whether the search finds the title within the five seconds that are promised (and some)."""
    for _n in range(40):
        visitor.go("/sok?q=" + query.replace(" ", "+"))
        # Not in the whole page: its heading repeats what was asked for.
        if any(title in hits for hits in visitor.page.locator("ol.results").all_inner_texts()):
            return True
        time.sleep(0.5)
    return False


def test_story_on_postgresql(site_on_postgresql: Site, visit: Visit) -> None:
    """The same code on the other database: reported, seen, answered."""
    nurse = visit(site_on_postgresql, PHONE)
    nurse.log_in("employee")
    case = report(nurse, "Døra til medisinrommet sto åpen.")
    leader = visit(site_on_postgresql, DESK)
    leader.log_in("unit_leader")
    leader.go(case)
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    assert "Mottatt" in leader.page.inner_text("main")
