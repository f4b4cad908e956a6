"""The words that people read for states, severities, steps and events; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale

from intranet.core.text import _, _l
from intranet.deviations.case_copy import Provision
from intranet.deviations.categories import Words
from intranet.deviations.defaults import DEFAULT_CATEGORIES
from intranet.deviations.escalation import DeadlineKind
from intranet.deviations.letter_words import EVENT_ICONS as LETTER_ICONS
from intranet.deviations.letter_words import EVENTS as LETTER_EVENTS
from intranet.deviations.letter_words import named_letter
from intranet.deviations.risk import Band
from intranet.deviations.risk_words import BANDS
from intranet.deviations.severity import Severity
from intranet.deviations.type_words import EVENT_ICONS as CLOCK_ICONS
from intranet.deviations.type_words import EVENTS as CLOCK_EVENTS
from intranet.deviations.type_words import value_words
from intranet.deviations.workflow import ActionState, DeviationState, Effect, Fault, Step

STATES: dict[str, tuple[Any, str]] = {
    DeviationState.REPORTED: (_l("Meldt"), "info"),
    DeviationState.ACKNOWLEDGED: (_l("Mottatt"), "info"),
    DeviationState.IN_PROGRESS: (_l("Under behandling"), "info"),
    DeviationState.ACTIONS_UNDER_WAY: (_l("Tiltak pågår"), "info"),
    DeviationState.AWAITING_EVALUATION: (_l("Effekten skal sjekkes"), "info"),
    DeviationState.CLOSED: (_l("Lukket"), "success"),
    DeviationState.REJECTED: (_l("Avvist"), "neutral"),
    DeviationState.WITHDRAWN: (_l("Trukket"), "neutral"),
    DeviationState.MERGED: (_l("Slått sammen"), "neutral"),
}

SEVERITIES: dict[str, tuple[Any, str]] = {
    Severity.LOW: (_l("Lite alvorlig"), "neutral"),
    Severity.MEDIUM: (_l("Middels alvorlig"), "warning"),
    Severity.HIGH: (_l("Alvorlig"), "danger"),
    Severity.CRITICAL: (_l("Kritisk"), "danger"),
}

DEADLINES: dict[str, Any] = {
    DeadlineKind.ACKNOWLEDGE: _l("Bekreft at du har mottatt"),
    DeadlineKind.DECIDE: _l("Bestem hva som skal gjøres"),
    DeadlineKind.CLOSE: _l("Svar melderen og lukk"),
    DeadlineKind.EVALUATE: _l("Sjekk om tiltakene virker"),
}

# What the reporter waits for.
AWAITED: dict[str, Any] = {
    DeadlineKind.ACKNOWLEDGE: _l("Du får vite at det er mottatt"),
    DeadlineKind.DECIDE: _l("Lederen bestemmer hva som skal gjøres"),
    DeadlineKind.CLOSE: _l("Du får svar"),
    DeadlineKind.EVALUATE: _l("Lederen sjekker om tiltakene virker"),
}

ACTION_STATES: dict[str, tuple[Any, str]] = {
    ActionState.OPEN: (_l("Pågår"), "info"),
    ActionState.DONE: (_l("Utført"), "success"),
    ActionState.DROPPED: (_l("Droppet"), "neutral"),
}

# The texts of a report that may be corrected.
TEXTS: dict[str, Any] = {
    "what": _l("Hva skjedde"),
    "immediate_action": _l("Gjort med en gang"),
}

EFFECTS: dict[str, tuple[Any, str]] = {
    Effect.WORKS: (_l("Virker"), "success"),
    Effect.PARTLY: (_l("Virker delvis"), "warning"),
    Effect.NOT: (_l("Virker ikke"), "danger"),
}

FAULTS: dict[str, Any] = {
    Fault.NO_ANSWER: _l("Skriv et svar til den som meldte."),
    Fault.OPEN_ACTIONS: _l("Alle tiltak må være utført, eller droppet med en grunn."),
    Fault.NOT_EVALUATED: _l("Avviket er alvorlig. Sjekk effekten av tiltakene før du lukker det."),
}

ROLES: dict[str, Any] = {
    "safety_representative": _l("verneombud"),
    "chief_safety_representative": _l("hovedverneombud"),
    "data_protection_officer": _l("personvernombud"),
    "occupational_health": _l("bedriftshelsetjeneste"),
    "work_environment_committee": _l("arbeidsmiljøutvalg"),
    "quality_adviser": _l("kvalitetsrådgiver"),
    "hr": _l("HR"),
}

# The provision as a refusal names it, and how the choice reads for the one who judges.
PROVISIONS: dict[Provision, tuple[Any, Any]] = {
    Provision.PERSONAL: (
        _l("offentleglova § 13 første ledd, jf. forvaltningsloven § 13 første ledd nr. 1"),
        _l("Må holdes tilbake: noens personlige forhold (offl § 13, fvl § 13 nr. 1)"),
    ),
    Provision.HEALTH: (
        _l("offentleglova § 13 første ledd, jf. helsepersonelloven § 21"),
        _l("Må holdes tilbake: pasientopplysninger (offl § 13, hpl § 21)"),
    ),
    Provision.BUSINESS: (
        _l("offentleglova § 13 første ledd, jf. forvaltningsloven § 13 første ledd nr. 2"),
        _l("Må holdes tilbake: drift og forretning (offl § 13, fvl § 13 nr. 2)"),
    ),
    Provision.INTERNAL: (
        _l("offentleglova § 14 første ledd"),
        _l("Kan holdes tilbake: internt dokument (offl § 14)"),
    ),
    Provision.BARGAINING: (
        _l("offentleglova § 23 første ledd"),
        _l("Kan holdes tilbake: kommunens forhandlingsposisjon (offl § 23)"),
    ),
    Provision.TIP: (
        _l("offentleglova § 24 andre ledd"),
        _l("Kan holdes tilbake: tips om lovbrudd (offl § 24 andre ledd)"),
    ),
    Provision.DANGER: (
        _l("offentleglova § 24 tredje ledd"),
        _l("Kan holdes tilbake: innsyn setter noen i fare (offl § 24 tredje ledd)"),
    ),
    Provision.IDENTITY_NUMBER: (
        _l("offentleglova § 26 femte ledd"),
        _l("Kan holdes tilbake: fødselsnummer (offl § 26 femte ledd)"),
    ),
}

# What the story says that somebody did. "%(x)s" are filled in from the entry.
EVENTS: dict[str, Any] = {
    **CLOCK_EVENTS,
    **LETTER_EVENTS,
    "reported": _l("meldte avviket"),
    Step.ACKNOWLEDGE: _l("bekreftet at avviket er mottatt"),
    Step.START: _l("begynte å behandle avviket"),
    Step.ADD_ACTION: _l("satte opp et tiltak med %(responsible)s som ansvarlig"),
    "action_done": _l("utførte et tiltak"),
    "action_dropped": _l("droppet et tiltak"),
    Step.PLAN_EVALUATION: _l("bestemte at effekten skal sjekkes %(day)s"),
    Step.EVALUATE: _l("sjekket effekten av tiltakene"),
    Step.CLOSE: _l("lukket avviket"),
    Step.REJECT: _l("avviste meldingen"),
    Step.REOPEN: _l("gjenåpnet avviket"),
    Step.NOT_SOLVED: _l("sa fra om at problemet ikke er løst"),
    Step.WITHDRAW: _l("trakk meldingen"),
    Step.FORWARD: _l("sendte avviket videre til %(to)s"),
    Step.LIFT: _l("løftet avviket til %(to)s"),
    Step.MESSAGE: _l("skrev til melder"),
    Step.REPLY: _l("svarte"),
    Step.NOTE: _l("skrev et internt notat"),
    Step.CHANGE_SEVERITY: _l("endret alvorlighet fra «%(before)s» til «%(after)s»"),
    Step.CHANGE_CATEGORY: _l("endret type fra «%(before)s» til «%(after)s»"),
    Step.ADD_CONCERNED: _l("la til en person som saken gjelder"),
    Step.ATTACH_FILE: _l("la ved filen %(name)s"),
    "answered": _l("svarte på spørsmål; alvorlighet ble «%(after)s»"),
    "privacy_kept": _l("lot navn eller telefonnummer stå i teksten"),
    "action_handed_over": _l("ga et tiltak til %(responsible)s"),
    "action_moved": _l("flyttet fristen for et tiltak fra %(day_before)s til %(day)s"),
    "action_handed_over_and_moved": _l("ga et tiltak til %(responsible)s, med frist %(day)s"),
    Step.RATE_ACTION: _l("vurderte et tiltak: %(effect)s"),
    Step.AGREE_TO_REJECTION: _l("så på avvisningen og var enig"),
    Step.SET_CAUSES: _l("satte årsak: %(causes)s"),
    "causes_removed": _l("tok bort årsakene"),
    Step.ASSESS_RISK: _l("vurderte risikoen: %(band)s"),
    "made_confidential": _l("gjorde saken fortrolig"),
    "made_open": _l("opphevet at saken er fortrolig"),
    Step.CORRECT: _l("rettet teksten «%(field)s»"),
    Step.MERGE: _l("slo saken sammen med avvik %(other)s, som handler om det samme"),
    Step.UNMERGE: _l("tok saken ut av avvik %(other)s igjen"),
    "duplicate_added": _l("slo avvik %(other)s sammen med denne saken"),
    "duplicate_removed": _l("tok avvik %(other)s ut av denne saken igjen"),
    "answered_with_main": _l("ga svaret fra saken som denne er slått sammen med"),
    "reopened_with_main": _l("åpnet saken igjen sammen med den som den er slått sammen med"),
    Step.LINK: _l("knyttet saken til avvik %(other)s"),
    Step.UNLINK: _l("fjernet koblingen til avvik %(other)s"),
    "rerouted": _l("ga avviket til %(to)s"),
    "unassigned": _l("fant ingen som kan behandle avviket"),
    "copied": _l("sendte kopi til %(to)s"),
    "told_at_once": _l("varslet ledelsen med en gang, fordi avviket er kritisk"),
    "reminded": _l("minnet om fristen %(day)s"),
    "climbed": _l("løftet avviket til %(to)s fordi fristen %(day)s gikk ut"),
    "action_reminded": _l("minnet %(to)s om et tiltak med frist %(day)s"),
    "action_climbed": _l("sa fra til %(to)s om et tiltak over fristen %(day)s"),
    "copied_out": _l("laget en sladdet kopi til %(asked_by)s"),
}

EVENT_ICONS: dict[str, str] = {
    **CLOCK_ICONS,
    **LETTER_ICONS,
    "reported": "Inbox",
    Step.ACKNOWLEDGE: "Checkmark",
    Step.CLOSE: "CheckmarkCircle",
    Step.REJECT: "XMarkOctagon",
    Step.FORWARD: "ArrowRight",
    Step.LIFT: "ArrowUp",
    "climbed": "ArrowUp",
    "reminded": "Bell",
    "action_reminded": "Bell",
    "action_climbed": "Bell",
    "told_at_once": "Bell",
    Step.ATTACH_FILE: "Paperclip",
    Step.ADD_ACTION: "Plus",
    Step.CHANGE_SEVERITY: "Pencil",
    Step.CHANGE_CATEGORY: "Pencil",
    Step.CORRECT: "Pencil",
    "made_confidential": "PadlockLocked",
    Step.LINK: "Link",
    Step.UNLINK: "Link",
}

_REFUSALS: dict[str, Any] = {
    Step.ACKNOWLEDGE: _l("Avviket er allerede bekreftet eller avsluttet."),
    Step.SETTLE_ACTION: _l("Tiltaket kan ikke endres, for saken er ikke lenger åpen."),
    Step.CHANGE_ACTION: _l("Tiltaket er avsluttet og kan ikke endres."),
    Step.RATE_ACTION: _l("Tiltaket kan vurderes når det er utført, og før saken lukkes."),
    Step.REJECT: _l("Avviket kan bare avvises før det er satt opp tiltak."),
    Step.WITHDRAW: _l("Avviket er bekreftet mottatt og kan ikke lenger trekkes."),
    Step.NOT_SOLVED: _l("Du kan si fra én gang, senest 14 dager etter at avviket ble lukket."),
    Step.REOPEN: _l("Avviket er allerede åpent."),
    Step.CLOSE: _l("Bekreft at avviket er mottatt før du lukker det."),
    Step.EVALUATE: _l("Sett en dato for å sjekke effekten først."),
}


def in_language(words: Words) -> str:
    """Return the words in the reader's language; bokmål where that one is empty."""
    locale = get_locale()
    return words.get(str(locale)[:2], "") or words.get("nb", "")


def category_name(key: str | None, kept: Mapping[str, Words] | None = None) -> str:
    """Return a category in the words that a case keeps; an old case keeps none, and had these."""
    if key is None:
        return _("Ikke valgt")
    if kept and key in kept:
        return in_language(kept[key])
    row = DEFAULT_CATEGORIES.by_key.get(key)
    return in_language(row.words) if row else key


def answer_words(answer: str, kept: Mapping[str, Words] | None = None) -> str:
    """Return the question behind a ticked answer in the words that the reporter read."""
    if kept and answer in kept:
        return in_language(kept[answer])
    row = DEFAULT_CATEGORIES.by_key.get(answer.partition(".")[0])
    found = [each for each in row.questions if row.name_of_answer(each) == answer] if row else []
    return in_language(found[0].words) if found else answer


def refusal(step: Step, state: DeviationState) -> str:
    """Return why the step is not possible in this state."""
    special = _REFUSALS.get(step)
    now_is = _("Avviket står nå som «%(state)s».", state=STATES[state][0])
    return f"{special} {now_is}" if special else _("Dette går ikke nå. %(now)s", now=now_is)


def event_words(code: str, params: Mapping[str, Any]) -> str:
    """Return what somebody did, in words; codes in the parameters become words as well."""
    shown = {key: _value_words(key, value) for key, value in params.items()}
    text = str(EVENTS.get(code, code))
    try:
        return text % shown
    except (KeyError, ValueError):
        # An old entry that lacks a parameter still has its line in the story.
        return text.replace("%(", "").replace(")s", "")


def _value_words(key: str, value: Any) -> str:
    if key == "causes" and isinstance(value, list):
        return ", ".join(in_language(words) for words in value)
    if key == "what" and isinstance(value, Mapping):
        return in_language(value)
    if key == "band" and value in set(Band):
        return str(BANDS[Band(value)][0])
    if key == "field" and value in TEXTS:
        return str(TEXTS[value])
    if key == "effect" and value in EFFECTS:
        return str(EFFECTS[value][0])
    if key == "letter":
        return named_letter(str(value))
    special = value_words(key, value)
    if special is not None:
        return special
    if key in ("before", "after"):
        if isinstance(value, Mapping):
            return in_language(value)
        if value in SEVERITIES:
            return str(SEVERITIES[value][0])
        return _("ikke valgt") if value is None else category_name(value)
    return str(value)
