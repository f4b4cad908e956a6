"""The letters' words in bokmål."""

from __future__ import annotations

from intranet.deviations.letter_texts.wording import Frame, Wording
from intranet.deviations.letters import LetterKind

BOKMAL = Frame(
    to="Til",
    copy="Kopi til",
    reference="Vår referanse",
    draft="Utkast, ikke ferdig",
    greeting="Med vennlig hilsen",
    page="Side",
    deviation="avvik",
    closed="Lukket. Bare den som behandler saken, kan lese dette.",
    signed="Vurdert av",
    by_kind={
        LetterKind.BREACH_NOTICE: Wording(
            title="Melding om brudd på personopplysningssikkerheten",
            intro=(
                "{municipality} melder med dette et brudd på personopplysningssikkerheten, jf. "
                "personvernforordningen artikkel 33.",
            ),
            follow_title="Melding om brudd på personopplysningssikkerheten: melding {number}",
            follow_intro=(
                "Dette er melding {number} om bruddet. Melding {before} er datert {day}. "
                "Opplysningene gis trinnvis, jf. personvernforordningen artikkel 33 nr. 4. "
                "Det som er nytt, står først.",
            ),
            headings={
                "news": "Nytt siden forrige melding",
                "happened": "Når og hvor bruddet skjedde",
                "aware": "Når kommunen ble kjent med bruddet",
                "late": "Hvorfor meldingen kommer senere enn 72 timer",
                "nature": "Hva som har skjedd",
                "persons": "Hvem opplysningene gjelder, og hvor mange",
                "records": "Hva slags opplysninger, og hvor mange",
                "effects": "Sannsynlige konsekvenser",
                "measures": "Tiltak som er gjort eller foreslått",
                "told": "Underretning til dem det gjelder",
                "missing": "Det vi ikke vet ennå",
                "contact": "Kontaktpunkt",
            },
        ),
        LetterKind.BREACH_PERSONS: Wording(
            title="Opplysninger om deg kan ha kommet på avveie",
            intro=(
                "Vi skriver til deg fordi det har skjedd en feil hos oss som gjelder opplysninger "
                "om deg. Du har rett til å få vite om det, jf. personvernforordningen "
                "artikkel 34.",
                "Vi beklager det som har skjedd.",
            ),
            headings={
                "nature": "Hva har skjedd?",
                "effects": "Hva kan det bety for deg?",
                "measures": "Hva har vi gjort?",
                "advice": "Hva kan du gjøre selv?",
                "contact": "Hvem kan du spørre?",
            },
            closing=(
                "Mener du at vi ikke behandler opplysningene dine slik vi skal, kan du klage til "
                "Datatilsynet.",
            ),
        ),
        LetterKind.BREACH_DECISION: Wording(
            title="Vurdering: bruddet meldes ikke til Datatilsynet",
            intro=(
                "Et brudd på personopplysningssikkerheten skal meldes til Datatilsynet, med mindre "
                "det sannsynligvis ikke fører til en risiko for dem opplysningene gjelder, jf. "
                "personvernforordningen artikkel 33 nr. 1. Vurderingen er dokumentert etter "
                "artikkel 33 nr. 5.",
            ),
            headings={
                "happened": "Når og hvor bruddet skjedde",
                "nature": "Hva som har skjedd",
                "persons": "Hvem og hva det gjelder",
                "effects": "Virkninger av bruddet",
                "measures": "Tiltak som er gjort",
                "unlikely": "Hvorfor bruddet sannsynligvis ikke fører til en risiko",
                "advised": "Hva personvernombudet sier",
            },
        ),
    },
)
