"""What the administrator sets for deviations: changed on the pages, and holding on the next report."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_special_types import begin, clock
from tests.servers.site import Site

Visit = Callable[..., Visitor]
# Each story on one of them in turn; the walk over every page looks at the forms at both widths.
SCREENS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESK, False, id="desk-no-scripts"),
]
# So long may the processes keep the categories that they have read, and some more.
NOTICED_SECONDS = 60.0


def administrator(site: Site, visit: Visit, size: dict[str, int], scripts: bool) -> Visitor:
    """Log in, and stand on the page that leads to the others."""
    admin = visit(site, size, scripts=scripts)
    admin.log_in("administrator")
    admin.go("/administrasjon")
    admin.check()
    return admin


def number_of(size: dict[str, int], scripts: bool) -> int:
    """Return which of the screens it is, from 0: they share one site."""
    return [each.values for each in SCREENS].index((size, scripts))


def main(visitor: Visitor) -> str:
    return visitor.page.inner_text("main")


def follow(visitor: Visitor, link: str) -> None:
    """Follow a link of the page itself, and look at where it leads."""
    visitor.press(visitor.page.get_by_role("main").get_by_role("link", name=link, exact=True))
    visitor.check()


def save(visitor: Visitor, button: str = "Lagre") -> None:
    visitor.press(visitor.page.get_by_role("button", name=button, exact=True))
    visitor.check()


def say(visitor: Visitor, what: str, words: str) -> None:
    """Fill in the three languages."""
    for language in ("bokmål", "nynorsk", "engelsk"):
        visitor.page.get_by_label(f"{what} på {language}").fill(f"{words} ({language})")


def offers(nurse: Visitor, kind: str) -> bool:
    """Whether the report form offers the type."""
    nurse.go("/avvik/meld")
    return nurse.page.get_by_label(f"{kind} (bokmål)").count() == 1


def wait_until(nurse: Visitor, kind: str, *, offered: bool) -> None:
    deadline = time.monotonic() + NOTICED_SECONDS
    while offers(nurse, kind) is not offered:
        assert time.monotonic() < deadline, f"{kind}: offered is not {offered}"
        time.sleep(1)


@pytest.mark.parametrize(("size", "scripts"), SCREENS[:1])
def test_a_new_type_with_its_questions_is_tried_out_and_reported_with(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    kind = f"Kjøretøy {size['width']}{'a' if scripts else 'b'}"
    admin = administrator(site, visit, size, scripts)
    page = admin.page
    follow(admin, "Typer avvik og spørsmål")
    follow(admin, "Ny type")
    page.get_by_label("Navn på bokmål").fill("Bare ett språk")
    save(admin)
    assert "tre språk" in main(admin)
    say(admin, "Navn", kind)
    page.get_by_label("Hus", exact=True).check()
    save(admin)
    assert "Typen er ikke i bruk" in main(admin)
    for words, meaning in (
        ("Noen ble påkjørt", "Kritisk"),
        ("Bilen kan ikke brukes", "Alvorlig"),
        ("Det var glatt", "Ett trinn opp, høyst til alvorlig"),
    ):
        follow(admin, "Nytt spørsmål")
        say(admin, "Spørsmål", words)
        page.get_by_label(meaning, exact=True).check()
        save(admin)

    page.get_by_label("Det var glatt (bokmål)").check()
    save(admin, "Regn ut")
    assert "Middels alvorlig" in page.get_by_role("status").last.inner_text()
    page.get_by_label("Noen ble påkjørt (bokmål)").check()
    save(admin, "Regn ut")
    assert "Kritisk" in page.get_by_role("status").last.inner_text()

    follow(admin, "Endre typen")
    page.get_by_label("I bruk").check()
    save(admin)

    nurse = visit(site, PHONE, scripts=scripts)
    nurse.log_in("employee")
    wait_until(nurse, kind, offered=True)
    nurse.page.get_by_label("Hva skjedde?").fill(f"{kind} sto i veien for ambulansen.")
    nurse.page.locator("summary", has_text="Legg til mer").click()
    nurse.page.get_by_label(f"{kind} (bokmål)").check()
    nurse.page.get_by_label("Bilen kan ikke brukes (bokmål)").first.check()
    nurse.check()
    nurse.press(nurse.page.get_by_role("button", name="Send avvik").last)
    nurse.press(nurse.page.get_by_role("link", name="Se avviket"))
    assert f"{kind} (bokmål)" in main(nurse)
    assert "Bilen kan ikke brukes (bokmål)" in main(nurse)
    case = nurse.page.url
    leader = visit(site, size, scripts=scripts)
    leader.log_in("unit_leader")
    leader.page.goto(case)
    leader.check()
    assert "Alvorlig" in leader.page.locator(".case-head").inner_text()

    # Out of use: nobody reports with it, and the old case keeps its words.
    follow(admin, "Endre typen")
    page.get_by_label("I bruk").uncheck()
    save(admin)
    wait_until(nurse, kind, offered=False)
    nurse.page.goto(case)
    assert f"{kind} (bokmål)" in main(nurse)


@pytest.mark.parametrize(("size", "scripts"), SCREENS[1:])
def test_deadlines_are_changed_and_two_who_change_at_once_are_told(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    label = "Dager til å svare og lukke når tiltakene er ferdige"
    admin = administrator(site, visit, size, scripts)
    follow(admin, "Frister")
    follow(admin, "Lite alvorlig")
    before = admin.page.get_by_label(label).input_value()
    other = administrator(site, visit, size, scripts)
    other.page.goto(admin.page.url)
    admin.page.get_by_label(label).fill("0")
    save(admin)
    assert "fra 1 til 250" in main(admin)
    admin.page.get_by_label(label).fill("77")
    save(admin)
    assert "77 dager" in main(admin)

    other.page.get_by_label(label).fill("88")
    save(other)
    assert "Dette er lagret nå" in main(other)
    assert "77" in main(other)
    assert other.page.get_by_label(label).input_value() == "88"
    save(other)
    assert "88 dager" in main(other)
    follow(other, "Lite alvorlig")
    other.page.get_by_label(label).fill(before)
    save(other)


@pytest.mark.parametrize(("size", "scripts"), SCREENS[:1])
def test_rules_of_copies_and_causes_are_added_and_taken_out_of_use(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    admin = administrator(site, visit, size, scripts)
    page = admin.page
    follow(admin, "Kopi av avvik")
    follow(admin, "Ny regel")
    # Another rule at each screen: two that say the same are refused.
    least = ("Lite alvorlig", "Middels alvorlig", "Alvorlig", "Kritisk")[number_of(size, scripts)]
    page.get_by_label("Fra og med alvorlighet").select_option(label=least)
    page.get_by_label("Hvem får kopi?").select_option(label="Bedriftshelsetjeneste")
    page.get_by_label("I bruk").uncheck()
    save(admin)
    rule = page.locator("tr", has_text="Bedriftshelsetjeneste").filter(
        has=page.get_by_role("cell", name=least, exact=True)
    )
    assert "Alle typer" in rule.inner_text()
    assert "Ikke i bruk" in rule.inner_text()
    admin.press(rule.get_by_role("link"))
    page.get_by_label("I bruk").check()
    save(admin)
    assert "Ikke i bruk" not in rule.inner_text()

    words = f"Glatt gulv {size['width']}{'a' if scripts else 'b'}"
    admin.go("/administrasjon")
    follow(admin, "Årsaker")
    follow(admin, "Ny årsak")
    say(admin, "Årsak", words)
    page.get_by_label("Hører under").select_option(label="Utstyr")
    save(admin)
    below = page.locator(".tree > li", has_text="Utstyr").first
    assert f"{words} (bokmål)" in below.inner_text()
    follow(admin, f"{words} (bokmål)")
    page.get_by_label("I bruk").uncheck()
    save(admin)
    row = page.locator(".tree li li", has_text=words)
    assert "Ikke i bruk" in row.inner_text()


def open_rule(admin: Visitor) -> None:
    admin.go("/administrasjon")
    follow(admin, "Frister etter loven")
    admin.page.locator("summary", has_text="Arbeidsskade").click()
    admin.check()
    follow(admin, "Send skademelding")


@pytest.mark.parametrize(("size", "scripts"), SCREENS[1:])
def test_a_changed_deadline_of_the_law_holds_for_the_next_report(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    admin, other = (administrator(site, visit, size, scripts) for _n in range(2))
    open_rule(admin)
    open_rule(other)
    before = admin.page.get_by_label("Antall").input_value()
    days = str(30 + number_of(size, scripts))
    admin.page.get_by_label("Antall").fill(days)
    save(admin, "Lagre rettelsen")
    # The list is unfolded where the rule stands.
    assert f"{days} arbeidsdager" in main(admin)

    other.page.get_by_label("Antall").fill("99")
    save(other, "Lagre rettelsen")
    assert "endret" in other.page.locator(".ds-error-summary").inner_text()
    assert other.page.get_by_label("Antall").input_value() == "99", "what was typed stays"

    leader, case = begin(site, visit, f"Klemte hånda i døra, {days}.", "Arbeidsskade")
    leader.go(case)
    leader.check()
    assert f"({days} arbeidsdager)" in clock(leader, "Send skademelding")

    open_rule(admin)
    admin.page.get_by_label("Antall").fill(before)
    save(admin, "Lagre rettelsen")
    # What runs keeps the rule that it began with.
    leader.go(case)
    assert f"({days} arbeidsdager)" in clock(leader, "Send skademelding")
