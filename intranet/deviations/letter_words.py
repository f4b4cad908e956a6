"""What letters and their fields are called in pages, and why each is asked for; decides nothing."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _, _l
from intranet.deviations.letters import LETTERS, Language, LetterKind, LetterState

LETTER_KINDS: dict[str, Any] = {
    LetterKind.BREACH_NOTICE: _l("Melding til Datatilsynet"),
    LetterKind.BREACH_PERSONS: _l("Brev til dem det gjelder"),
    LetterKind.BREACH_DECISION: _l("Vurdering: bruddet meldes ikke"),
}

# What the button beside the deadline says.
MAKE: dict[str, Any] = {
    LetterKind.BREACH_NOTICE: _l("Lag melding"),
    LetterKind.BREACH_PERSONS: _l("Lag brev"),
    LetterKind.BREACH_DECISION: _l("Skriv hvorfor dere ikke melder"),
}

# What it is for, and how it gets there.
LEADS: dict[str, Any] = {
    LetterKind.BREACH_NOTICE: _l(
        "Skriv det du vet nå. Mangler noe, kan du sende det i neste melding. Du sender meldingen "
        "selv, i Datatilsynets skjema i Altinn. Bruk teksten og PDF-en herfra."
    ),
    LetterKind.BREACH_PERSONS: _l(
        "Skriv kort og enkelt, slik at den som får brevet, forstår hva som har skjedd og hva de "
        "kan gjøre. Du sender brevet selv."
    ),
    LetterKind.BREACH_DECISION: _l(
        "Et brudd kan la være å meldes når det sannsynligvis ikke gir risiko for dem det gjelder. "
        "Vurderingen blir tatt vare på, og Datatilsynet kan be om å se den."
    ),
}

STATES: dict[str, tuple[Any, str]] = {
    LetterState.DRAFT: (_l("Utkast"), "warning"),
    LetterState.FINISHED: (_l("Ferdig, ikke sendt"), "info"),
    "sent": (_l("Sendt"), "success"),
    "kept": (_l("Ferdig"), "success"),
    LetterState.DISCARDED: (_l("Forkastet"), "neutral"),
}

LANGUAGES: dict[str, Any] = {Language.BOKMAL: _l("Bokmål"), Language.NYNORSK: _l("Nynorsk")}

# Field to (what it is called, why it is asked for); "kind.field" where it is another thing there.
FIELDS: dict[str, tuple[Any, Any]] = {
    "to": (_l("Til"), _l("Hvem brevet går til.")),
    "copy": (_l("Kopi til"), _l("Hvem som også skal ha det.")),
    "contact": (
        _l("Hvem kan svare på spørsmål?"),
        _l("Navn, e-post og telefon til den som kan svare på spørsmål."),
    ),
    "signature": (_l("Underskrift"), _l("Navn, tittel og enhet, hver på sin linje.")),
    "happened": (_l("Når og hvor skjedde det?"), _l("Dag, klokkeslett og sted.")),
    "breach_notice.news": (
        _l("Hva er nytt siden forrige melding?"),
        _l("Loven lar dere melde trinnvis. Skriv bare det som er nytt eller rettet."),
    ),
    "breach_notice.aware": (
        _l("Når ble kommunen kjent med bruddet?"),
        _l("De 72 timene regnes herfra."),
    ),
    "breach_notice.late": (
        _l("Hvorfor kommer meldingen etter 72 timer?"),
        _l("Loven krever en grunn når fristen er ute."),
    ),
    "nature": (_l("Hva har skjedd?"), _l("Hva slags brudd det er, uten navn på dem det gjelder.")),
    "persons": (
        _l("Hvem gjelder det, og hvor mange?"),
        _l("For eksempel «pasienter, om lag 40». Skriv «ikke kjent ennå» når det er slik."),
    ),
    "breach_decision.persons": (
        _l("Hvem og hvilke opplysninger gjelder det?"),
        _l("For eksempel «tre ansatte, navn og vaktplan»."),
    ),
    "records": (
        _l("Hvilke opplysninger, og hvor mange?"),
        _l("For eksempel «navn og timer, 22 rader». Skriv «ikke kjent ennå» når det er slik."),
    ),
    "effects": (
        _l("Hvilke følger kan bruddet få?"),
        _l("Hva som sannsynligvis kan skje med dem det gjelder."),
    ),
    "breach_persons.effects": (
        _l("Hva kan det bety for den som får brevet?"),
        _l("Si det rett fram, uten å gjøre det mindre enn det er."),
    ),
    "measures": (
        _l("Hva er gjort, og hva skal dere gjøre?"),
        _l("Tiltak mot bruddet, og for å begrense skaden."),
    ),
    "breach_notice.told": (
        _l("Er de det gjelder, underrettet?"),
        _l("Når og hvordan, eller hvorfor ikke ennå."),
    ),
    "missing": (
        _l("Hva vet dere ikke ennå?"),
        _l("Skriv hva som mangler, og når dere regner med å sende det."),
    ),
    "breach_notice.contact": (
        _l("Kontaktpunkt"),
        _l("Loven krever navn og kontaktopplysninger til personvernombudet eller en annen."),
    ),
    "breach_persons.to": (
        _l("Til"),
        _l("Hvem brevet er til, for eksempel «Foreldre i 3. klasse». Ikke skriv navn."),
    ),
    "breach_persons.contact": (
        _l("Hvem kan de spørre?"),
        _l("Loven krever navn og kontaktopplysninger til personvernombudet eller en annen."),
    ),
    "advice": (
        _l("Hva kan de gjøre selv?"),
        _l("Råd, for eksempel å bytte passord. Skriv også når de ikke trenger å gjøre noe."),
    ),
    "unlikely": (
        _l("Hvorfor er det sannsynligvis ingen risiko?"),
        _l("Hva opplysningene var, hvem som kunne se dem, og hvorfor det ikke skader noen."),
    ),
    "advised": (_l("Hva sier personvernombudet?"), _l("Spør før dere bestemmer, når dere rekker.")),
    "breach_decision.signature": (
        _l("Hvem har vurdert det?"),
        _l("Navn, tittel og enhet, hver på sin linje."),
    ),
}

EVENTS: dict[str, Any] = {
    "letter_finished": _l("gjorde ferdig: %(letter)s"),
    "letter_sent": _l("sendte: %(letter)s"),
    "letter_discarded": _l("forkastet et utkast: %(letter)s"),
}
EVENT_ICONS = {"letter_finished": "FileText", "letter_sent": "Paperplane"}


def field_words(kind: str, key: str) -> tuple[Any, Any]:
    """Return what the field is called, and the line that explains it."""
    return FIELDS.get(f"{kind}.{key}") or FIELDS[key]


def letter_name(kind: str, number: int | None = None) -> str:
    """Return «Melding til Datatilsynet», with its number where the kind has phases."""
    name = str(LETTER_KINDS[LetterKind(kind)])
    if number and (LETTERS[LetterKind(kind)].has_phases or number > 1):
        return _("%(letter)s nr. %(number)s", letter=name, number=number)
    return name


def named_letter(value: str) -> str:
    """Return the name behind «breach_notice.2», as the story keeps it."""
    kind, _dot, number = value.partition(".")
    return letter_name(kind, int(number) if number else None)


def state_words(state: str, *, is_sent: bool, is_letter: bool) -> tuple[Any, str]:
    """Return the state and its colour; a decision is kept and never sent."""
    if state != LetterState.FINISHED:
        return STATES[state]
    return STATES["sent" if is_sent else state] if is_letter else STATES["kept"]
