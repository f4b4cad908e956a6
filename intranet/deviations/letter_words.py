"""What letters and their fields are called in pages, and why each is asked for; decides nothing."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _, _l
from intranet.deviations.letter_shapes import Language, LetterKind, LetterState
from intranet.deviations.letters import LETTERS

LETTER_KINDS: dict[str, Any] = {
    LetterKind.BREACH_NOTICE: _l("Melding til Datatilsynet"),
    LetterKind.BREACH_PERSONS: _l("Brev til dem det gjelder"),
    LetterKind.BREACH_DECISION: _l("Vurdering: bruddet meldes ikke"),
    LetterKind.WORK_CONFIRMATION: _l("Bekreftelse av varsel om ulykke"),
    LetterKind.NAV_INJURY: _l("Opplysninger til skademeldingen i Nav"),
    LetterKind.SAFETY_ANSWER: _l("Svar til verneombudet"),
    LetterKind.CARE_MESSAGE: _l("Melding om alvorlig hendelse"),
    LetterKind.CARE_REPORT: _l("Rapport om alvorlig hendelse"),
    LetterKind.CARE_INVITATION: _l("Invitasjon til møte"),
}

# What the button beside the deadline says.
MAKE: dict[str, Any] = {
    LetterKind.BREACH_NOTICE: _l("Lag melding"),
    LetterKind.BREACH_PERSONS: _l("Lag brev"),
    LetterKind.BREACH_DECISION: _l("Skriv hvorfor dere ikke melder"),
    LetterKind.WORK_CONFIRMATION: _l("Lag bekreftelsen"),
    LetterKind.NAV_INJURY: _l("Gjør klar opplysningene"),
    LetterKind.SAFETY_ANSWER: _l("Lag svaret"),
    LetterKind.CARE_MESSAGE: _l("Lag melding"),
    LetterKind.CARE_REPORT: _l("Lag rapporten"),
    LetterKind.CARE_INVITATION: _l("Lag invitasjon"),
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
    LetterKind.WORK_CONFIRMATION: _l(
        "Ring først. Bekreft så skriftlig til Arbeidstilsynet og politiet det dere sa på "
        "telefonen, og gi verneombudet en kopi."
    ),
    LetterKind.NAV_INJURY: _l(
        "Samle det du trenger, og skriv det av i Navs elektroniske skjema. Dette er en huskeliste "
        "og ikke et brev."
    ),
    LetterKind.SAFETY_ANSWER: _l(
        "Loven krever at verneombudet får svar. Skriv hva dere har gjort med faren, eller hvorfor "
        "dere vurderer den annerledes."
    ),
    LetterKind.CARE_MESSAGE: _l(
        "Skriv det dere vet nå. Resten kommer i rapporten. Du sender meldingen selv. Bruk teksten "
        "og PDF-en herfra."
    ),
    LetterKind.CARE_REPORT: _l(
        "Rapporten skal være hos statsforvalteren innen tre måneder etter meldingen. Skriv uten "
        "navn: det er tjenesten dere går gjennom, ikke enkeltpersoner."
    ),
    LetterKind.CARE_INVITATION: _l(
        "Pasienten eller brukeren skal få tilbud om et møte senest ti dager etter hendelsen. Er "
        "pasienten død, går tilbudet til nærmeste pårørende. Skriv varmt og enkelt."
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
    "what": (_l("Hva skjedde?"), _l("Kort og saklig, uten navn og helse.")),
    "done": (_l("Hva er gjort?"), _l("For eksempel sikret stedet og fulgt opp dem som var der.")),
    "work_confirmation.copy": (_l("Kopi til"), _l("Verneombudet skal ha en kopi.")),
    "work_confirmation.called": (
        _l("Når ringte dere, og hvem tok imot?"),
        _l("Varselet til Arbeidstilsynet og politiet som du nå bekrefter."),
    ),
    "work_confirmation.harm": (
        _l("Er den ansatte død eller alvorlig skadet?"),
        _l("Skriv ikke mer om helse enn varselet trenger."),
    ),
    "work_confirmation.injured": (
        _l("Hvem er skadet?"),
        _l("Navn og stilling. Loven krever det ikke i bekreftelsen."),
    ),
    "nav_injury.employer": (
        _l("Arbeidsgiver"),
        _l("Kommunen og enheten. Legg til organisasjonsnummeret."),
    ),
    "nav_injury.injured": (
        _l("Hvem er skadet?"),
        _l("Bare navnet. Fødselsnummeret skriver du rett i Navs skjema."),
    ),
    "nav_injury.work": (
        _l("Stilling og arbeidstid"),
        _l("Stilling, stillingsprosent, og om det skjedde i arbeidstiden."),
    ),
    "nav_injury.injury": (_l("Hva slags skade er det?"), _l("Skaden, og hvor på kroppen.")),
    "nav_injury.absence": (
        _l("Har skaden ført til fravær?"),
        _l("Fra når, og hvor lenge dere regner med."),
    ),
    "safety_answer.received": (
        _l("Når fikk dere meldingen?"),
        _l("Stansingen skal meldes til arbeidsgiveren med en gang."),
    ),
    "safety_answer.inquiry": (
        _l("Hva gjelder meldingen?"),
        _l("Hvilket arbeid som er stanset, og hva faren er."),
    ),
    "safety_answer.answer": (
        _l("Hva svarer dere?"),
        _l("Arbeidsgiveren skal gi verneombudet svar på henvendelsen."),
    ),
    "safety_answer.resumed": (
        _l("Når kan arbeidet ta til igjen?"),
        _l("Når faren er borte, eller Arbeidstilsynet har tatt stilling."),
    ),
    "harm": (
        _l("Hva ble utfallet?"),
        _l("Dødsfall, eller hva den svært alvorlige skaden er."),
    ),
    "patient": (
        _l("Hvem gjelder det?"),
        _l("Referansen til journalen. Ikke mer enn mottakeren trenger."),
    ),
    "care_message.cause": (
        _l("Hvordan henger det sammen med tjenesten?"),
        _l("En følge av tjenesten, eller at en pasient eller bruker skadet en annen."),
    ),
    "care_message.unexpected": (
        _l("Hvorfor var utfallet uventet?"),
        _l("Meldeplikten gjelder når utfallet er uventet ut fra påregnelig risiko."),
    ),
    "care_report.message": (
        _l("Når ble hendelsen meldt?"),
        _l("De tre månedene regnes fra meldingen."),
    ),
    "care_report.review": (
        _l("Gjennomgang av hendelsen"),
        _l("Hva som skjedde, steg for steg, uten navn."),
    ),
    "care_report.causes": (
        _l("Mulige årsaker"),
        _l("For eksempel rutiner, opplæring, bemanning, utstyr og samarbeid."),
    ),
    "care_report.measures": (
        _l("Hva gjør dere for at det ikke skal skje igjen?"),
        _l("Tiltakene, hvem som har ansvaret, og når de er på plass."),
    ),
    "care_report.followed_patient": (
        _l("Hvordan er pasienten eller brukeren fulgt opp?"),
        _l("Informasjon, møte og hjelp etterpå, uten navn og helse."),
    ),
    "care_report.followed_relatives": (
        _l("Hvordan er nærmeste pårørende fulgt opp?"),
        _l("Informasjon, møte og hjelp etterpå, uten navn."),
    ),
    "care_report.followed_staff": (
        _l("Hvordan er berørt helsepersonell fulgt opp?"),
        _l("Samtaler og støtte etter hendelsen, uten navn."),
    ),
    "care_report.involved": (
        _l("Hvordan er de involvert i forbedringsarbeidet?"),
        _l("Pasienten, brukeren, pårørende og helsepersonell."),
    ),
    "care_invitation.to": (
        _l("Til"),
        _l("Navn og adresse til pasienten eller brukeren, eller til nærmeste pårørende."),
    ),
    "care_invitation.what": (
        _l("Hva har skjedd?"),
        _l("Det dere vet nå, med enkle ord. Ikke skriv navn på ansatte."),
    ),
    "care_invitation.measures": (
        _l("Hva gjør dere for at det ikke skal skje igjen?"),
        _l("Loven gir pasienten rett til å få vite det."),
    ),
    "care_invitation.meeting": (
        _l("Når og hvor?"),
        _l("Foreslå tid og sted, og si at et annet tidspunkt går an."),
    ),
    "care_invitation.present": (
        _l("Hvem møter fra dere?"),
        _l("Skriv rollene, for eksempel enhetsleder og lege."),
    ),
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
