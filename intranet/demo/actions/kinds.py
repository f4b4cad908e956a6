"""How the invented leaders answer what the reports say that they were, and settle what follows."""

from __future__ import annotations

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.deviations.actions.clocks import Sent, dismiss_clock, settle_clock
from intranet.deviations.actions.proposals import accept_kind, decline_kind
from intranet.deviations.actions.types import save_answers
from intranet.deviations.clocks import is_late
from intranet.deviations.proposals import Source
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.queries.clocks import find_proposal, list_clocks
from intranet.deviations.types import Kind

_NO = "Ingen fikk se opplysninger om noen, og ingenting kom på avveie."
_LATE = "Vi så først dagen etter at dette skulle meldes."
_ANSWERS: dict[Kind, dict[str, str]] = {
    Kind.DATA_BREACH: {
        "facts": "Opplysninger om noen få personer ble sett av ansatte som ikke trengte dem.",
        "risk": "unlikely",
        "effects": "Ingen følger for dem det gjelder, så langt vi kan se.",
        "remedies": "Opplysningene er fjernet, og de som så dem, har taushetsplikt.",
        "not_reported": "Få personer, kort tid, og bare ansatte med taushetsplikt så dem.",
    },
    Kind.WORK_INJURY: {
        "serious": "no",
        "register_text": "Skade i arbeidet som trengte behandling hos lege.",
        "consent": "no",
    },
    Kind.CARE_EVENT: {"harm": "yes", "unexpected": "no"},
}
_DONE = {"nav_injury.report": "Skademelding er sendt til Nav."}
_UNLIKELY = "Det er ikke sannsynlig at bruddet gir noen risiko. Vurderingen står i svarene."


def answer_proposal(number: int, actor: Viewer) -> None:
    """Let the handler answer: no to what only the category pointed to, yes to what was ticked."""
    case = get_deviation_for(actor, number)
    proposal = find_proposal(case.deviation.id)
    if proposal is None or proposal.outcome is not None:
        return
    kind = Kind(proposal.kind)
    if proposal.source == Source.CATEGORY or kind not in _ANSWERS:
        decline_kind(case, _NO, actor=actor)
        return
    accept_kind(case, actor=actor)
    save_answers(get_deviation_for(actor, number), _ANSWERS[kind], actor=actor)
    for clock in [each for each in list_clocks(case.deviation.id) if each.is_open]:
        case, name = get_deviation_for(actor, number), f"{clock.key}.{clock.phase}"
        if name not in _DONE:
            dismiss_clock(case, clock, _UNLIKELY, actor=actor)
            continue
        why = _LATE if is_late(now(), clock.due_at, clock.limit) else ""
        settle_clock(case, clock, Sent(now(), _DONE[name], "", why), actor=actor)
