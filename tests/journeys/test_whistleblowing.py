"""Whistleblowing in a real browser: sent on a phone, asked, answered, investigated, closed; moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_anonymous import deliver, note_code, type_code
from tests.journeys.test_stories import open_more, report
from tests.servers.site import Site

Visit = Callable[..., Visitor]
SCREENS = pytest.mark.parametrize(
    ("size", "scripts", "dark"),
    [(PHONE, False, False), (DESK, True, True)],
    ids=["phone-no-scripts", "desk-dark"],
)


def open_with(visitor: Visitor, code: str) -> None:
    visitor.go("/varsling/folg")
    visitor.page.get_by_label("Koden din").fill(code)
    visitor.press(visitor.page.get_by_role("button", name="Åpne"))


def open_case(visitor: Visitor, what: str) -> None:
    """Open the case with these words; the list names none, so they are looked for in each."""
    visitor.go("/varsling/saker")
    visitor.check()
    links = visitor.page.locator("main a[href*='/varsling/sak/']")
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        visitor.go(address)
        if visitor.page.get_by_text(what).count():
            return
    raise AssertionError(f"no case says {what}")


@SCREENS
def test_notice_is_sent_asked_about_investigated_and_closed(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    """AN-03, AN-10, AN-12."""
    what = f"Timelister blir endret etterpå, sak {size['width']}-{int(scripts)}."
    someone = visit(site, size, scripts=scripts, dark=dark)
    asked: list[Request] = []
    someone.page.on("request", lambda request: asked.append(request))
    someone.go("/varsling")
    someone.check()
    someone.press(someone.page.get_by_role("link", name="Les kommunens rutine"))
    someone.check()
    someone.press(someone.page.get_by_role("link", name="Send et varsel"))
    someone.check()
    code = note_code(someone)
    type_code(someone, code)
    someone.check()
    someone.page.get_by_label("Hva vil du varsle om?").fill(what)
    someone.page.get_by_label("Uforsvarlig arbeidsmiljø").check()
    someone.press(someone.page.get_by_role("button", name="Send varselet"))
    someone.page.wait_for_url("**/varsling/ny/sendt")
    someone.check()
    deliver(site)

    recipient = visit(site, size, scripts=scripts, dark=dark)
    recipient.log_in("whistleblowing_recipient")
    open_case(recipient, what)
    recipient.check()
    case = recipient.page.url.removeprefix(site.url)
    recipient.press(recipient.page.get_by_role("button", name="Bekreft at det er mottatt"))
    recipient.page.locator(".reply textarea").fill("Hvilken måned gjelder det?")
    recipient.press(recipient.page.locator(".reply").get_by_role("button", name="Send"))
    recipient.check()

    open_with(someone, code)
    assert someone.page.get_by_text("Hvilken måned gjelder det?").is_visible()
    someone.check()
    someone.page.get_by_label("Skriv til dem som behandler varselet").fill("Hele september.")
    someone.press(someone.page.get_by_role("button", name="Send", exact=True))
    assert someone.page.get_by_text("Det du skrev, er tatt vare på").is_visible()
    deliver(site)

    recipient.go(case)
    assert recipient.page.get_by_text("Hele september.").is_visible()
    recipient.page.get_by_label("Ja, det er varsling").check()
    recipient.page.get_by_label("Forklaring til den som varslet").fill("Det er varsling.")
    recipient.press(recipient.page.get_by_role("button", name="Lagre vurderingen"))
    form = recipient.page.locator("#step-appoint")
    form.get_by_label("Navn eller brukernavn").fill(site.accounts["hr"]["username"])
    form.get_by_label("Hvorfor?").fill("Kjenner reglene.")
    recipient.press(form.get_by_role("button", name="Gi undersøkelsen"))
    recipient.check()

    investigator = visit(site, DESK, scripts=scripts)
    investigator.log_in("hr")
    investigator.go(case)
    assert investigator.page.get_by_text(what).is_visible()
    investigator.check()
    investigator.page.locator(".reply textarea").fill("Har sett på listene.")
    investigator.page.get_by_label("Internt notat").check()
    investigator.press(investigator.page.locator(".reply").get_by_role("button", name="Send"))

    recipient.go(case)
    open_more(recipient, "Avslutt saken")
    recipient.page.get_by_label("Konklusjon til den som varslet").fill("Listene er rettet.")
    recipient.press(recipient.page.get_by_role("button", name="Avslutt saken"))
    recipient.check()
    open_with(someone, code)
    assert someone.page.get_by_text("Listene er rettet.").first.is_visible()
    assert someone.page.get_by_text("Har sett på listene.").count() == 0
    someone.check()

    leader = visit(site, DESK)
    leader.log_in("chief_executive")
    leader.go(case)
    assert leader.page.get_by_text(what).count() == 0
    assert someone.context.cookies() == []
    for request in asked:
        assert request.url.startswith((site.url, "data:", "blob:")), request.url
        assert code.replace(" ", "") not in request.url
    for name in ("web", "jobs"):
        log = (Path(site.environment["INSTANCE_DIR"]) / f"{name}.log").read_text(errors="replace")
        for trace in ("varsling/ny", "varsling/folg", "127.0.0.1 - -", code, what):
            assert trace not in log, (name, trace)


def test_recipients_ask_about_retaliation_when_a_month_has_gone(site: Site, visit: Visit) -> None:
    """aml § 2 A-3: the closed case of the demonstration has its first check due."""
    recipient = visit(site, PHONE)
    recipient.log_in("whistleblowing_recipient")
    recipient.go("/mine-oppgaver")
    recipient.press(recipient.page.get_by_role("link", name="Et lukket varsel skal følges opp"))
    recipient.check()
    recipient.page.get_by_label("Hva fant dere ut?").fill("Spurt. Ingen gjengjeldelse.")
    recipient.press(recipient.page.locator("#checks").get_by_role("button", name="Lagre"))
    assert recipient.page.get_by_text("Spurt. Ingen gjengjeldelse.").first.is_visible()
    assert recipient.page.get_by_label("Hva fant dere ut?").count() == 0
    recipient.check()
    recipient.go("/mine-oppgaver")
    assert recipient.page.get_by_text("Et lukket varsel skal følges opp").count() == 0


@SCREENS
def test_a_deviation_is_moved_and_its_reporter_goes_on(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    what = f"Vi blir truet når vi sier fra, {size['width']}-{int(scripts)}."
    nurse = visit(site, size, scripts=scripts, dark=dark)
    nurse.log_in("employee")
    case = report(nurse, what)
    leader = visit(site, size, scripts=scripts, dark=dark)
    leader.log_in("unit_leader")
    leader.go(case)
    leader.press(leader.page.get_by_role("link", name="Flytt til varsling"))
    leader.check()
    leader.press(leader.page.get_by_role("button", name="Flytt til varsling"))
    assert leader.page.get_by_text("Skriv hvorfor dette er varsling.").first.is_visible()
    leader.check()
    leader.page.get_by_label("Hvorfor er dette varsling?").fill("Det handler om trusler.")
    leader.press(leader.page.get_by_role("button", name="Flytt til varsling"))
    assert leader.page.get_by_text("Saken er flyttet til varsling.").is_visible()
    leader.go(case)
    assert leader.page.get_by_text(what).count() == 0
    leader.go("/avvik?vis=alle")
    assert leader.page.get_by_text(what).count() == 0

    recipient = visit(site, DESK, scripts=scripts)
    recipient.log_in("whistleblowing_recipient")
    open_case(recipient, what)
    recipient.page.locator("summary", has_text="Se alt som sto i avviket").click()
    recipient.check()
    recipient.press(recipient.page.get_by_role("button", name="Bekreft at det er mottatt"))

    nurse.go("/avvik/mine")
    nurse.check()
    nurse.go(case)
    assert nurse.page.get_by_role("heading", name="Avviket ditt er nå et varsel").is_visible()
    nurse.check()
    nurse.page.get_by_label("Skriv til dem som behandler varselet").fill("Takk.")
    nurse.press(nurse.page.get_by_role("button", name="Send", exact=True))
    assert nurse.page.get_by_text("har fått det du skrev").is_visible()
    nurse.check()


def test_what_is_no_whistleblowing_is_sent_on_with_a_yes(site: Site, visit: Visit) -> None:
    """aml § 2 A-1 third paragraph."""
    someone, what = visit(site, PHONE), "Kopimaskinen på kontoret er alltid tom for papir."
    someone.go("/varsling/ny")
    code = note_code(someone)
    type_code(someone, code)
    someone.page.get_by_label("Hva vil du varsle om?").fill(what)
    someone.press(someone.page.get_by_role("button", name="Send varselet"))
    deliver(site)
    recipient = visit(site, DESK)
    recipient.log_in("whistleblowing_recipient")
    open_case(recipient, what)
    recipient.press(recipient.page.get_by_role("button", name="Bekreft at det er mottatt"))
    recipient.page.get_by_label("Nei, det hører hjemme et annet sted").check()
    recipient.page.get_by_label("Forklaring til den som varslet").fill("Det er et avvik.")
    recipient.press(recipient.page.get_by_role("button", name="Lagre vurderingen"))
    open_more(recipient, "Spør om det kan sendes videre som avvik")
    form = recipient.page.locator("#step-offer")
    place = form.get_by_label("Hvor skjedde det?")
    units = place.locator("option").all_inner_texts()
    place.select_option(label=next(text for text in units if "Hjemmetjenesten nord" in text))
    form.get_by_label("Hvilken dag skjedde det?").fill("2026-01-15")
    recipient.check()
    recipient.press(form.get_by_role("button", name="Spør den som varslet"))
    assert recipient.page.get_by_text("Venter på svar").is_visible()
    recipient.check()
    open_with(someone, code)
    someone.check()
    someone.page.get_by_label("Ja, send det videre uten navn").check()
    someone.press(someone.page.get_by_role("button", name="Svar", exact=True))
    assert someone.page.get_by_text("Svaret ditt er tatt vare på").is_visible()
    someone.check()
    deliver(site)
    someone.go("/anonymt")
    someone.page.get_by_label("Koden din").fill(code)
    someone.press(someone.page.get_by_role("button", name="Åpne"))
    assert someone.page.get_by_text(what.rstrip(".")).first.is_visible()
    someone.check()
