"""What the codes in the audit's details of deviations mean, for those who read the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intranet.core.text import _l
from intranet.deviations import letter_words, type_words, words
from intranet.deviations.clocks import Signal as ClockSignal
from intranet.deviations.escalation import Signal
from intranet.deviations.proposals import Source
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.routing import Passed

_SIGNALS: dict[str, Any] = {
    Signal.REMIND_BEFORE: _l("før fristen"),
    Signal.REMIND_AT: _l("på fristen"),
    Signal.CLIMB: _l("etter fristen"),
    ClockSignal.BEFORE: _l("før fristen"),
    ClockSignal.LAST: _l("rett før fristen går ut"),
}
_PASSED: dict[str, Any] = {
    Passed.VACANT: _l("ingen leder"),
    Passed.IS_REPORTER: _l("lederen meldte det selv"),
    Passed.HAS_HAD_IT: _l("har hatt saken"),
    Passed.STAND_IN_IS_REPORTER: _l("stedfortrederen meldte det"),
    Passed.CONCERNED: _l("saken gjelder lederen"),
    Passed.BELOW_CONCERNED: _l("saken gjelder en leder over"),
    Passed.STAND_IN_CONCERNED: _l("saken gjelder stedfortrederen"),
}
_SOURCES: dict[str, Any] = {
    Source.TICK: _l("kryss i meldingen"),
    Source.CATEGORY: _l("typen i meldingen"),
    Source.REPORTER: _l("melderen sa det"),
}
_NOTES: dict[str, Any] = {"same": _l("som før"), "changed": _l("endret")}


def audit_codes(_details: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return by the name of the detail what each code is called."""
    settings = load_categories()
    states = _first(type_words.STATES) | _first(letter_words.STATES) | _first(words.STATES)
    return {
        "": states,
        "state": states,
        "action_state": _first(words.ACTION_STATES),
        "because": {
            row.name_of_answer(asked): words.in_language(asked.words)
            for row in settings.categories
            for asked in row.questions
        },
        "category": {row.key: words.in_language(row.words) for row in settings.categories},
        "causes": {row.key: words.in_language(row.words) for row in settings.causes},
        "clock": type_words.CLOCKS,
        "effect": _first(words.EFFECTS),
        "field": words.TEXTS,
        "kind": {**type_words.KINDS, **letter_words.LETTER_KINDS},
        "note": _NOTES,
        "passed": _PASSED,
        "severity": _first(words.SEVERITIES),
        "signal": _SIGNALS,
        "source": _SOURCES,
    }


def _first(pairs: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
    return {code: pair[0] for code, pair in pairs.items()}
