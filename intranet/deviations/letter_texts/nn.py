"""The letters' words in nynorsk."""

from __future__ import annotations

from intranet.deviations.letter_texts.wording import Frame, Wording
from intranet.deviations.letters import LetterKind

NYNORSK = Frame(
    to="Til",
    copy="Kopi til",
    reference="Vår referanse",
    draft="Utkast, ikkje ferdig",
    greeting="Med venleg helsing",
    page="Side",
    deviation="avvik",
    closed="Lukka. Berre den som behandlar saka, kan lese dette.",
    signed="Vurdert av",
    by_kind={
        LetterKind.BREACH_NOTICE: Wording(
            title="Melding om brot på personopplysningstryggleiken",
            intro=(
                "{municipality} melder med dette eit brot på personopplysningstryggleiken, jf. "
                "personvernforordninga artikkel 33.",
            ),
            follow_title="Melding om brot på personopplysningstryggleiken: melding {number}",
            follow_intro=(
                "Dette er melding {number} om brotet. Melding {before} er datert {day}. "
                "Opplysningane blir gitt trinnvis, jf. personvernforordninga artikkel 33 nr. 4. "
                "Det som er nytt, står først.",
            ),
            headings={
                "news": "Nytt sidan førre melding",
                "happened": "Når og kvar brotet skjedde",
                "aware": "Når kommunen vart kjend med brotet",
                "late": "Kvifor meldinga kjem seinare enn 72 timar",
                "nature": "Kva som har skjedd",
                "persons": "Kven opplysningane gjeld, og kor mange",
                "records": "Kva slags opplysningar, og kor mange",
                "effects": "Sannsynlege konsekvensar",
                "measures": "Tiltak som er gjorde eller foreslått",
                "told": "Varsel til dei det gjeld",
                "missing": "Det vi ikkje veit enno",
                "contact": "Kontaktpunkt",
            },
        ),
        LetterKind.BREACH_PERSONS: Wording(
            title="Opplysningar om deg kan ha kome på avvegar",
            intro=(
                "Vi skriv til deg fordi det har skjedd ein feil hos oss som gjeld opplysningar om "
                "deg. Du har rett til å få vite om det, jf. personvernforordninga artikkel 34.",
                "Vi er leie for det som har skjedd.",
            ),
            headings={
                "nature": "Kva har skjedd?",
                "effects": "Kva kan det bety for deg?",
                "measures": "Kva har vi gjort?",
                "advice": "Kva kan du gjere sjølv?",
                "contact": "Kven kan du spørje?",
            },
            closing=(
                "Meiner du at vi ikkje behandlar opplysningane dine slik vi skal, kan du klage til "
                "Datatilsynet.",
            ),
        ),
        LetterKind.BREACH_DECISION: Wording(
            title="Vurdering: brotet blir ikkje meldt til Datatilsynet",
            intro=(
                "Eit brot på personopplysningstryggleiken skal meldast til Datatilsynet, med "
                "mindre det sannsynlegvis ikkje fører til ein risiko for dei opplysningane gjeld, "
                "jf. personvernforordninga artikkel 33 nr. 1. Vurderinga er dokumentert etter "
                "artikkel 33 nr. 5.",
            ),
            headings={
                "happened": "Når og kvar brotet skjedde",
                "nature": "Kva som har skjedd",
                "persons": "Kven og kva det gjeld",
                "effects": "Verknader av brotet",
                "measures": "Tiltak som er gjorde",
                "unlikely": "Kvifor brotet sannsynlegvis ikkje fører til ein risiko",
                "advised": "Kva personvernombodet seier",
            },
        ),
    },
)
