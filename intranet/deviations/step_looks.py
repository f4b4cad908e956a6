"""How each step is offered: its address, its name, its button, and why to take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intranet.core.text import _l
from intranet.deviations.workflow import Step


@dataclass(frozen=True)
class StepLook:
    """How a step is offered: its address, its name in the list, its button, and why to take it."""

    endpoint: str
    title: Any
    button: Any
    icon: str = "Checkmark"
    hint: Any = ""


STEP_LOOKS: dict[str, StepLook] = {
    Step.ACKNOWLEDGE: StepLook(
        "acknowledge",
        _l("Bekreft mottatt"),
        _l("Bekreft mottatt"),
        hint=_l("Bekreft at du har mottatt avviket. Melderen får beskjed."),
    ),
    Step.START: StepLook("start", _l("Marker at du er i gang"), _l("Start behandlingen")),
    Step.ADD_ACTION: StepLook(
        "add_action",
        _l("Legg til tiltak"),
        _l("Legg til tiltak"),
        "Plus",
        _l("Sett minst ett tiltak med ansvarlig og frist, eller lukk avviket med et svar."),
    ),
    Step.PLAN_EVALUATION: StepLook(
        "plan_evaluation",
        _l("Sett dato for å sjekke effekten"),
        _l("Sett dato"),
        "Calendar",
        _l("Alle tiltak er avsluttet. Bestem når du skal sjekke om de virker."),
    ),
    Step.EVALUATE: StepLook(
        "evaluate",
        _l("Skriv om tiltakene virker"),
        _l("Lagre vurderingen"),
        hint=_l("Sjekk om tiltakene virker. Virker de ikke, legger du til flere."),
    ),
    Step.CLOSE: StepLook(
        "close",
        _l("Svar og lukk avviket"),
        _l("Lukk avviket"),
        hint=_l("Svar melderen i klare ord, og lukk avviket."),
    ),
    Step.REJECT: StepLook("reject", _l("Avvis meldingen"), _l("Avvis meldingen"), "XMarkOctagon"),
    Step.AGREE_TO_REJECTION: StepLook(
        "agree_to_rejection", _l("Avvisningen er riktig"), _l("Jeg er enig"), "Checkmark"
    ),
    Step.REOPEN: StepLook("reopen", _l("Åpne avviket igjen"), _l("Åpne igjen"), "ArrowUndo"),
    Step.NOT_SOLVED: StepLook(
        "say_not_solved", _l("Problemet er ikke løst"), _l("Si fra"), "ArrowUp"
    ),
    Step.WITHDRAW: StepLook("withdraw", _l("Trekk meldingen"), _l("Trekk meldingen"), "ArrowUndo"),
    Step.LIFT: StepLook("lift", _l("Løft til lederen over"), _l("Løft avviket"), "ArrowUp"),
    Step.CHANGE_SEVERITY: StepLook(
        "change_severity", _l("Endre alvorlighet"), _l("Endre alvorlighet"), "Pencil"
    ),
    Step.CHANGE_CATEGORY: StepLook("change_category", _l("Endre type"), _l("Endre type"), "Pencil"),
    Step.ADD_CONCERNED: StepLook(
        "add_concerned", _l("Steng ute en person det gjelder"), _l("Steng ute"), "EyeSlash"
    ),
    Step.ASSESS_RISK: StepLook(
        "assess_risk", _l("Vurder risikoen"), _l("Lagre vurderingen"), "BarChart"
    ),
    Step.SET_CAUSES: StepLook("set_causes", _l("Velg årsaker"), _l("Lagre årsakene"), "Branching"),
    Step.SET_CONFIDENTIAL: StepLook(
        "set_confidential", _l("Gjør saken fortrolig"), _l("Lagre"), "PadlockLocked"
    ),
    Step.MERGE: StepLook("merge", _l("Slå sammen med en annen sak"), _l("Slå sammen"), "Branching"),
    Step.UNMERGE: StepLook(
        "unmerge", _l("Ta ut av den andre saken"), _l("Ta ut igjen"), "ArrowUndo"
    ),
    Step.LINK: StepLook("link", _l("Knytt til en annen sak"), _l("Knytt sammen"), "Link"),
    Step.ATTACH_FILE: StepLook("attach_file", _l("Legg ved en fil"), _l("Legg ved"), "Paperclip"),
}
