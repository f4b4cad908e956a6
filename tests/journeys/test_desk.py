"""The desk with many cases: several at once, and by keyboard only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_stories import report
from tests.servers.site import Site

Visit = Callable[..., Visitor]
SCREENS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESK, False, id="desk-no-scripts"),
]


def shown(case: str) -> str:
    """Return the number as people read it."""
    digits = case.rpartition("/")[2]
    return f"{digits[:4]}-{digits[-4:]}"


def three_cases(site: Site, visit: Visit, word: str) -> tuple[Visitor, list[str]]:
    """Let a nurse report three, and the leader find just them on the desk."""
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    cases = [report(nurse, f"{word} nummer {n} sto i gangen.") for n in (1, 2, 3)]
    return nurse, cases


def find(leader: Visitor, word: str) -> None:
    """Search on the desk, through its own filters."""
    leader.go("/avvik")
    box = leader.page.get_by_label("Søk i avvik")
    if not box.is_visible():
        leader.page.locator("summary", has_text="Filtrer").click()
    box.fill(word)
    leader.press(leader.page.locator("form.filters").get_by_role("button", name="Vis"))


def tick(leader: Visitor, *cases: str) -> None:
    for case in cases:
        leader.page.get_by_label(f"Velg avvik {shown(case)}").check()


def do(leader: Visitor, what: str) -> str:
    """Press one of the buttons below the list, and return what the page then says."""
    group = leader.page.get_by_role("region", name="Gjør det samme med flere")
    leader.press(group.get_by_role("button", name=what))
    leader.check()
    return leader.page.inner_text("main")


@pytest.mark.parametrize(("size", "scripts"), SCREENS)
def test_several_cases_at_once(
    site: Site, visit: Visit, size: dict[str, int], scripts: bool
) -> None:
    word = f"Rullestol{size['width']}{'a' if scripts else 'b'}"
    _nurse, cases = three_cases(site, visit, word)
    leader = visit(site, size, scripts=scripts)
    leader.log_in("unit_leader")
    find(leader, word)
    leader.check()
    assert leader.page.locator("[data-row-keys] > li").count() == 3

    # Nothing ticked: it says what to do, and the filter stays.
    assert "Kryss av for avvikene først" in do(leader, "Bekreft mottatt")
    assert leader.page.get_by_label("Søk i avvik").input_value() == word

    tick(leader, *cases[:2])
    assert "2 avvik er behandlet" in do(leader, "Bekreft mottatt")
    leader.press(leader.page.get_by_role("link", name="Tilbake til avvikene"))
    states = leader.page.locator("[data-row-keys]").inner_text()
    assert states.count("Mottatt") == 2
    assert states.count("Meldt") == 1

    # One was confirmed before: that one says so, the other is done.
    tick(leader, cases[0], cases[2])
    words = do(leader, "Bekreft mottatt")
    assert "1 avvik er behandlet" in words
    assert "1 avvik ble ikke endret" in words

    find(leader, word)
    tick(leader, *cases)
    assert "De er knyttet til" in do(leader, "Knytt sammen")
    leader.go(cases[1])
    assert "Saker som henger sammen" in leader.page.inner_text("main")

    find(leader, word)
    tick(leader, *cases[:2])
    assert "Send 2 avvik videre" in do(leader, "Send videre")
    page = leader.page
    # Without a reason: what was chosen stays, and nothing is sent.
    page.get_by_label("Leder som skal ha avvikene").select_option(index=1)
    leader.press(page.get_by_role("main").get_by_role("button", name="Send videre"))
    leader.check()
    assert "Skriv en grunn." in page.inner_text("main")
    page.get_by_label("Hvorfor?").fill("Dere eier rullestolene.")
    leader.press(page.get_by_role("main").get_by_role("button", name="Send videre"))
    leader.check()
    assert "2 avvik er behandlet" in page.inner_text("main")
    find(leader, word)
    assert leader.page.locator("[data-row-keys] > li").count() == 1


def focused(leader: Visitor) -> str:
    return str(
        leader.page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
        )
    ).replace("\N{NON-BREAKING HYPHEN}", "-")


def tab_to(leader: Visitor, name: str, key: str = "Tab") -> None:
    """Press Tab until what has focus begins so."""
    for _n in range(120):
        leader.page.keyboard.press(key)
        if focused(leader).startswith(name):
            return
    raise AssertionError(f"{name} is no tab stop")


def test_the_desk_by_its_own_keys(site: Site, visit: Visit) -> None:
    _nurse, cases = three_cases(site, visit, "Tastebrett")
    leader = visit(site, DESK)
    leader.log_in("unit_leader")
    find(leader, "Tastebrett")
    keys = leader.page.keyboard
    first = leader.page.locator("[data-row-keys] a").first
    order = leader.page.locator("[data-row-keys] a").evaluate_all("all => all.map(a => a.pathname)")
    assert sorted(order) == sorted(cases)

    # Outside the list the keys are letters like others.
    leader.page.get_by_label("Søk i avvik").focus()
    keys.press("End")
    keys.type("jkx")
    assert leader.page.get_by_label("Søk i avvik").input_value() == "Tastebrettjkx"

    first.focus()
    keys.press("x")
    keys.press("j")
    assert focused(leader).startswith(shown(order[1]))
    keys.press("j")
    keys.press("x")
    keys.press("j")
    assert focused(leader).startswith(shown(order[2])), "past the end it stays"
    keys.press("k")
    ticked = leader.page.locator("[data-row-keys] input:checked")
    names = ticked.evaluate_all("all => all.map(box => box.getAttribute('aria-label'))")
    assert names == [f"Velg avvik {shown(order[0])}", f"Velg avvik {shown(order[2])}"]
    with leader.page.expect_navigation():
        keys.press("Enter")
    assert leader.page.url.endswith(order[1])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_desk_with_tab_alone(site: Site, visit: Visit, scripts: bool) -> None:
    word = f"Dørstopper{'a' if scripts else 'b'}"
    _nurse, cases = three_cases(site, visit, word)
    leader = visit(site, DESK, scripts=scripts)
    leader.log_in("unit_leader")
    find(leader, word)
    keys = leader.page.keyboard
    tab_to(leader, "Velg avvik")
    keys.press("Space")
    # Enter in the box does nothing to the cases: with scripts it opens, without it asks.
    with leader.page.expect_navigation():
        keys.press("Enter")
    if scripts:
        assert re.search(r"/avvik/\d+$", leader.page.url)
    else:
        assert "Kryss av for avvikene først" in leader.page.inner_text("main")
    find(leader, word)
    assert leader.page.locator("[data-row-keys]").inner_text().count("Meldt") == 3

    tab_to(leader, "Velg avvik")
    keys.press("Space")
    tab_to(leader, "Velg avvik")
    keys.press("Space")
    tab_to(leader, "Bekreft mottatt")
    with leader.page.expect_navigation():
        keys.press("Enter")
    assert "2 avvik er behandlet" in leader.page.inner_text("main")
    tab_to(leader, "Tilbake til avvikene")
    with leader.page.expect_navigation():
        keys.press("Enter")
    tab_to(leader, shown(cases[0])[:5])
    with leader.page.expect_navigation():
        keys.press("Enter")
    leader.check()
    assert re.search(r"/avvik/\d+$", leader.page.url)
