"""The whole life of each other kind of event that a law knows, from the report to the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_special_types import (
    answer,
    begin,
    clock,
    close,
    decline_follow_up,
    refused,
    settle,
)
from tests.journeys.test_stories import IN_A_WEEK
from tests.servers.site import Site

Visit = Callable[..., Visitor]


@dataclass(frozen=True)
class Life:
    """What was reported as which kind, what is answered, and which deadlines then run."""

    kind: str
    what: str
    choices: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    clocks: tuple[str, ...] = ()
    # Whether the law wants a written plan.
    has_plan: bool = False


LIVES = [
    Life(
        "Trakassering av ansatt", "Ansatt ble latterliggjort foran brukere.",
        texts={
            "Hvordan følger du opp": "Samtale, og ny vaktplan.",
            "Hvordan er saken undersøkt?": "Samtale med begge parter hver for seg.",
            "Hva betyr hendelsen for risikovurderingen?": "Tas opp i vernerunden.",
        },
        clocks=("Snakk med den som ble utsatt", "Følg opp den som ble utsatt"),
    ),
    Life(
        "Hendelse med medisinsk utstyr", "Pumpa stoppet uten alarm.",
        {"Er utstyret tatt vare på?": "Ja"}, {"Hvilket utstyr": "Ernæringspumpe, alarmen virket ikke."},
        ("Meld hendelsen med utstyret",),
    ),
    Life(
        "Fysisk inngrep i skolen", "En elev ble holdt igjen i skolegården.",
        {"Har det skjedd flere ganger": "Nei"},
        {"Hva sier eleven selv?": "At det kom brått.", "Hvilket inngrep ble gjort": "Holdt i armen, bil i fart."},
        ("Meld fra om inngrepet", "Fortell foreldrene om inngrepet"),
    ),
    Life(
        "Brann", "Tørrkoking på kjøkkenet.",
        {"Rykket brannvesenet ut?": "Nei", "Var farlige stoffer med": "Nei"},
        {"Hva viste evalueringen": "Komfyrvakt mangler på to kjøkken."},
    ),
    Life(
        "Akutt forurensning", "Olje rant i bekken bak garasjen.",
        texts={"Hva slapp ut": "Omtrent ti liter diesel i bekken."}, clocks=("Varsle om forurensningen",),
    ),
    Life(
        "Fare for drikkevannet", "Vannet lukter og er brunt.",
        texts={"Hvem er varslet": "Alle i sona, på SMS."}, clocks=("Varsle om drikkevannet",),
    ),
    Life(
        "Digital hendelse", "Fagsystemet var låst i hele natt.",
        # The deadlines rest until the administrator says that the municipality is covered.
        {"Gjelder det en tjeneste": "Nei"}, {"Hva er årsaken": "Løsepengevirus hos leverandøren."},
    ),
    Life(
        "Skolemiljø", "En elev er alene i alle friminutt.", {"Kan en som arbeider på skolen": "Ja"},
        clocks=("Meld fra om mulig krenkelse", "Vis hva dere har gjort"), has_plan=True,
    ),
    Life(
        "Barnehagemiljø", "Et barn blir holdt utenfor.", {"Kan en som arbeider i barnehagen": "Ja"},
        clocks=("Meld fra om mulig krenkelse",), has_plan=True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind)
def test_the_whole_life_of_the_type(site: Site, visit: Visit, life: Life) -> None:
    leader, case = begin(site, visit, life.what, life.kind)
    close(leader, case)
    assert refused(leader)
    answer(leader, case, life.choices, life.texts)
    if life.has_plan:
        _make_the_plan(leader, case)
    for what in life.clocks:
        settle(leader, case, what, "Gjort samme dag.")
    decline_follow_up(leader, case)
    close(leader, case)
    assert "Lukket" in leader.page.inner_text("main")
    nurse = visit(site, PHONE)
    nurse.log_in("employee")
    nurse.go(case)
    assert "Vi har gjort det som trengs." in nurse.page.inner_text("main")
    nurse.check()


def _make_the_plan(leader: Visitor, case: str) -> None:
    leader.go(case)
    leader.press(leader.page.get_by_role("button", name="Lag planen"))
    page = leader.page
    page.get_by_label("Hvilke problemer skal planen løse?").fill("Barnet er alene ute.")
    page.get_by_label("Hva mener barnet eller eleven selv?").fill("«Jeg vil være med.»")
    page.get_by_label("Hva skal gjøres i tiltak 1?").fill("Fast voksen ute")
    page.get_by_label("Hvem gjør tiltak 1?").fill("Pedagogisk leder")
    page.get_by_label("Når er tiltak 1 gjort?").fill(IN_A_WEEK)
    page.get_by_label("Når skal tiltakene evalueres?").fill(IN_A_WEEK)
    leader.press(page.get_by_role("button", name="Lagre planen"))
    assert "Gjort i tide" in clock(leader, "skriftlig plan")
