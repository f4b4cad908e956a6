"""The whole life of cases that the law sets deadlines for, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_stories import open_more, report
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def choose(visitor: Visitor, case: str, kind: str) -> None:
    """Say what kind of event it is."""
    visitor.go(f"{case}/hendelse")
    visitor.check()
    visitor.page.get_by_label(kind, exact=True).check()
    visitor.press(visitor.page.get_by_role("main").get_by_role("button", name="Velg typen"))
    visitor.check()


def answer(visitor: Visitor, case: str, choices: dict[str, str], texts: dict[str, str]) -> None:
    """Answer the questions of the kind."""
    visitor.go(f"{case}/hendelse/svar")
    visitor.check()
    for question, choice in choices.items():
        group = visitor.page.get_by_role("group", name=question)
        group.get_by_label(choice, exact=True).check()
    for question, text in texts.items():
        visitor.page.get_by_label(question).fill(text)
    visitor.press(visitor.page.get_by_role("button", name="Lagre svarene"))
    visitor.check()


def clock(visitor: Visitor, what: str) -> str:
    """Return what the page says of one clock."""
    return visitor.page.locator("#law-clocks li", has_text=what).first.inner_text()


def settle(visitor: Visitor, case: str, what: str, note: str) -> None:
    """Say that what the clock asks for is done."""
    visitor.go(case)
    row = visitor.page.locator("#law-clocks li", has_text=what).first
    visitor.press(row.get_by_role("link", name="Sendt eller gjort"))
    visitor.check()
    visitor.page.get_by_label("Hva er sendt eller gjort?").fill(note)
    visitor.page.get_by_label("Saksnummer eller kvittering").fill("26/77")
    visitor.press(visitor.page.get_by_role("button", name="Lagre"))
    assert "Gjort i tide" in clock(visitor, what)
    assert "26/77" in clock(visitor, what)


def decline_follow_up(visitor: Visitor, case: str) -> None:
    """Say of each proposal why it is not needed."""
    visitor.go(case)
    while (link := visitor.page.get_by_role("link", name="Endre eller velg bort").first).count():
        visitor.press(link)
        visitor.page.get_by_label("Hvorfor trengs det ikke?").fill("Gjort samme kveld.")
        visitor.press(visitor.page.get_by_role("button", name="Velg bort forslaget"))


def close(visitor: Visitor, case: str) -> None:
    """Answer the reporter and try to close."""
    visitor.go(case)
    open_more(visitor, "Svar og lukk avviket")
    form = visitor.page.locator("details.more[open]").first
    form.get_by_label("Svar til den som meldte").fill("Takk. Vi har gjort det som trengs.")
    visitor.press(form.get_by_role("button").last)


def refused(visitor: Visitor) -> bool:
    """Whether the law stood in the way of closing."""
    main = visitor.page.inner_text("main")
    return "En frist etter loven er ikke avgjort" in main or "Svar på spørsmålene som loven" in main


def begin(site: Site, visit: Visit, what: str, kind: str) -> tuple[Visitor, str]:
    """Let somebody report it, and the leader acknowledge it and choose the kind."""
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report(nurse, what)
    leader = visit(site, DESK)
    leader.log_in("unit_leader")
    leader.go(case)
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    choose(leader, case, kind)
    return leader, case


def test_the_life_of_a_serious_work_injury(site: Site, visit: Visit) -> None:
    leader, case = begin(site, visit, "Fall fra stige på lageret.", "Arbeidsskade")
    assert "73 19 97 00" in leader.page.inner_text("main")
    answer(
        leader, case,
        {"Døde noen, eller ble noen alvorlig skadet?": "Ja"},
        {"Hva skjedde? Skriv til skaderegisteret": "Fall fra stige."},
    )  # fmt: skip
    close(leader, case)
    assert refused(leader)
    for what in ("Ring og varsle om ulykken", "Bekreft varselet skriftlig", "Send skademelding"):
        settle(leader, case, what, "Gjort og bekreftet.")
    assert "Ring Arbeidstilsynet" not in leader.page.inner_text("main")
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")
    reader = visit(site, DESK)
    reader.log_in("hr")
    reader.go("/avvik/register/arbeidsskader")
    assert "Fall fra stige." in reader.page.inner_text("main")
    reader.check()


@pytest.mark.parametrize("scripts", [True], ids=["scripts"])
def test_the_life_of_a_data_breach(site: Site, visit: Visit, scripts: bool) -> None:
    nurse = visit(site, PHONE, scripts=scripts)
    nurse.log_in("employee")
    case = report(nurse, "Ei liste med timer lå åpent i gangen hele helga.")
    choose(nurse, case, "Brudd på personopplysningssikkerheten")
    leader = visit(site, DESK, scripts=scripts)
    leader.log_in("unit_leader")
    leader.go("/mine-oppgaver")
    assert "Meld bruddet" in leader.page.inner_text("main")
    leader.go(case)
    assert "72 timer" in clock(leader, "Meld bruddet")
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    choose(leader, case, "Brudd på personopplysningssikkerheten")
    row = leader.page.locator("#law-clocks li", has_text="Meld bruddet").first
    leader.press(row.get_by_role("link", name="Gjelder ikke"))
    leader.page.get_by_label("Hvorfor gjelder ikke fristen?").fill("Liten sak.")
    leader.press(leader.page.get_by_role("button", name="Lagre"))
    assert "Vurder risikoen først" in leader.page.inner_text("main")
    leader.check()
    answer(
        leader, case,
        {"Hvilken risiko har de som opplysningene gjelder?": "Høy risiko"},
        {
            "Hva har skjedd med opplysningene": "Timelister for ni brukere.",
            "Hvilke følger kan bruddet få": "Uro.",
            "Hva har dere gjort for å begrense": "Lista er makulert.",
        },
    )  # fmt: skip
    settle(leader, case, "Meld bruddet", "Meldt i Altinn.")
    close(leader, case)
    assert refused(leader)
    settle(leader, case, "Si fra til dem det gjelder", "Brev til ni brukere.")
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")
    officer = visit(site, DESK, scripts=scripts)
    officer.log_in("data_protection_officer")
    officer.go("/avvik/register/personvernbrudd")
    assert "Timelister for ni brukere." in officer.page.inner_text("main")
    officer.check()


def test_the_life_of_a_case_of_violence(site: Site, visit: Visit) -> None:
    leader, case = begin(
        site, visit, "Ansatt ble slått på kveldsvakt.", "Vold eller trusler mot ansatt"
    )
    answer(
        leader, case,
        {"Er forholdet meldt til politiet?": "Nei", "Ble noen skadet?": "Ja"},
        {
            "Hvordan følger du opp": "Samtale samme kveld.",
            "Hva betyr hendelsen for risikovurderingen?": "To på vakt om kvelden.",
        },
    )  # fmt: skip
    leader.press(leader.page.get_by_role("button", name="Åpne den lukkede delen"))
    leader.check()
    leader.page.get_by_label("Lukket del").fill("Gjelder Hemmelig Navnesen.")
    leader.press(leader.page.get_by_role("button", name="Lagre"))
    assert "Hemmelig Navnesen" not in leader.page.content()
    settle(leader, case, "Snakk med den som ble utsatt", "Snakket på telefon.")
    settle(leader, case, "Følg opp den som ble utsatt", "Møte med bedriftshelsetjenesten.")
    above = visit(site, DESK)
    above.log_in("sector_leader")
    above.go(case)
    assert "Hemmelig Navnesen" not in above.page.content()
    assert above.page.get_by_role("button", name="Åpne den lukkede delen").count() == 0
    close(leader, case)
    assert "Ta stilling til hvert forslag til oppfølging" in leader.page.inner_text("main")
    decline_follow_up(leader, case)
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")


def test_the_life_of_a_serious_event_in_care(site: Site, visit: Visit) -> None:
    leader, case = begin(
        site, visit, "Bruker fikk feil medisin.", "Alvorlig hendelse i helse og omsorg"
    )
    assert leader.page.locator("#law-clocks").count() == 0
    answer(
        leader, case,
        {
            "Døde noen, eller ble en pasient": "Ja",
            "Var utfallet uventet ut fra kjent risiko?": "Ja",
        },
        {},
    )  # fmt: skip
    assert "Statsforvalteren og Ukom" in clock(leader, "Meld den alvorlige hendelsen")
    assert "10 dager" in clock(leader, "Tilby et møte")
    assert "3 måneder" in clock(leader, "Send rapporten")
    row = leader.page.locator("#law-clocks li", has_text="Meld den alvorlige").first
    leader.press(row.get_by_role("link", name="Rett tidspunktet"))
    leader.check()
    leader.page.get_by_label("Dato").fill("2020-01-01")
    leader.page.get_by_label("Hvorfor rettes tidspunktet?").fill("Vakta visste det før.")
    leader.press(leader.page.get_by_role("button", name="Lagre"))
    assert "før det skjedde" in leader.page.inner_text("main")
    assert (
        leader.page.get_by_label("Hvorfor rettes tidspunktet?").input_value()
        == "Vakta visste det før."
    )
    for what in ("Meld den alvorlige hendelsen", "Tilby et møte", "Send rapporten om hendelsen"):
        settle(leader, case, what, "Sendt og bekreftet.")
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")


def test_the_life_of_a_stop_of_work(site: Site, visit: Visit) -> None:
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    case = report(nurse, "Arbeidet er stanset, for stillaset er løst.")
    choose(nurse, case, "Verneombudet har stanset farlig arbeid")
    leader = visit(site, PHONE, dark=True)
    leader.log_in("unit_leader")
    leader.go(case)
    leader.press(leader.page.get_by_role("button", name="Bekreft"))
    choose(leader, case, "Verneombudet har stanset farlig arbeid")
    settle(leader, case, "Gi verneombudet et svar", "Svart på stedet.")
    close(leader, case)
    assert refused(leader)
    answer(
        leader, case, {},
        {
            "Hvilket arbeid er stanset": "Maling av fasaden.",
            "Lederens svar til verneombudet": "Stillaset er festet og kontrollert.",
        },
    )  # fmt: skip
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")


def test_the_administrators_table_of_clocks(site: Site, visit: Visit) -> None:
    admin = visit(site, DESK)
    admin.log_in("administrator")
    admin.go("/administrasjon/avvik/klokker")
    admin.check()
    admin.page.locator("summary", has_text="Hendelse med medisinsk utstyr").click()
    admin.check()
    admin.press(admin.page.get_by_role("link", name="Meld hendelsen med utstyret"))
    admin.check()
    admin.page.get_by_label("Antall").fill("2")
    admin.press(admin.page.get_by_role("button", name="Lagre rettelsen"))
    assert "2 arbeidsdager" in admin.page.inner_text("main")
