"""The words of whistleblowing; bokmål is what the source says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intranet.core.text import _, _l, ngettext
from intranet.deviations.type_words import CLOCKS
from intranet.deviations.words import event_words as deviation_words
from intranet.whistleblowing.workflow import Category, WhistleState

STATES: dict[WhistleState, tuple[Any, str]] = {
    WhistleState.RECEIVED: (_l("Mottatt"), "warning"),
    WhistleState.CONFIRMED: (_l("Bekreftet"), "info"),
    WhistleState.ASSESSED: (_l("Vurdert"), "info"),
    WhistleState.INVESTIGATING: (_l("Undersøkes"), "info"),
    WhistleState.CLOSED: (_l("Avsluttet"), "success"),
}
# As the whistleblower reads it.
STATE_SENTENCES: dict[WhistleState, Any] = {
    WhistleState.RECEIVED: _l("Varselet er levert, men ingen har bekreftet det ennå."),
    WhistleState.CONFIRMED: _l("En mottaker har bekreftet at varselet er mottatt."),
    WhistleState.ASSESSED: _l("Varselet er vurdert. Les forklaringen under."),
    WhistleState.INVESTIGATING: _l("Varselet blir undersøkt."),
    WhistleState.CLOSED: _l("Saken er avsluttet. Les konklusjonen under."),
}
CATEGORIES: dict[Category, Any] = {
    Category.LIFE: _l("Fare for liv eller helse"),
    Category.CLIMATE: _l("Fare for klima eller miljø"),
    Category.CORRUPTION: _l("Korrupsjon eller annen økonomisk kriminalitet"),
    Category.AUTHORITY: _l("Myndighetsmisbruk"),
    Category.WORKPLACE: _l("Uforsvarlig arbeidsmiljø"),
    Category.PRIVACY: _l("Brudd på personopplysningssikkerheten"),
    Category.OTHER: _l("Noe annet i strid med lov, etiske retningslinjer eller etiske normer"),
}
_EVENTS: dict[str, Any] = {
    "receive": _l("mottok varselet"),
    "move": _l("flyttet avviket til varsling"),
    "wish": _l("ba om at avviket blir behandlet som varsling"),
    "offer": _l("spurte om saken kan sendes videre som avvik"),
    "offer_yes": _l("sa ja til at saken sendes videre som avvik"),
    "offer_no": _l("sa nei til at saken sendes videre som avvik"),
    "clock_done": _l("gjorde det som loven krever: %(what)s"),
    "clock_dismissed": _l("førte opp at fristen ikke gjelder: %(what)s"),
    "confirm": _l("bekreftet at varselet er mottatt"),
    "assess_yes": _l("vurderte at dette er varsling"),
    "assess_no": _l("vurderte at dette ikke er varsling"),
    "investigating": _l("satte i gang en undersøkelse"),
    "appoint": _l("ga undersøkelsen til %(name)s"),
    "name_reader": _l("ga lesetilgang til %(name)s"),
    "exclude": _l("førte opp at saken gjelder %(name)s"),
    "message": _l("skrev til den som varslet"),
    "note": _l("skrev et notat"),
    "reply": _l("skrev"),
    "retaliation": _l("meldte om gjengjeldelse"),
    "close": _l("avsluttet saken"),
}


def event_words(code: str, params: Mapping[str, Any]) -> str:
    """Return what was done, to be read after who did it."""
    if code == "origin":
        done = deviation_words(params["code"], params["params"])
        if params["for"]:
            return _("%(what)s på vegne av %(name)s", what=done, name=params["for"])
        return done
    if code == "check":
        return ngettext(
            "fulgte opp %(num)d måned etter at saken ble lukket",
            "fulgte opp %(num)d måneder etter at saken ble lukket",
            params["months"],
        )
    shown = dict(params)
    if "clock" in shown:
        shown["what"] = CLOCKS.get(shown["clock"], shown["clock"])
    return str(_EVENTS[code]) % shown
