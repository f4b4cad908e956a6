"""The letters' words in bokmål."""

from __future__ import annotations

from intranet.deviations.letter_shapes import LetterKind
from intranet.deviations.letter_texts.wording import Frame, Wording

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
        LetterKind.WORK_CONFIRMATION: Wording(
            title="Skriftlig bekreftelse av varsel om arbeidsulykke",
            intro=(
                "{municipality} bekrefter med dette varselet om en arbeidsulykke der en "
                "arbeidstaker omkom eller ble alvorlig skadet, jf. arbeidsmiljøloven § 5-2 "
                "første ledd. Verneombudet får kopi.",
            ),
            headings={
                "called": "Varslet på telefon",
                "happened": "Når og hvor ulykken skjedde",
                "what": "Hva som skjedde",
                "harm": "Skaden",
                "injured": "Den skadde",
                "done": "Gjort etter ulykken",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.NAV_INJURY: Wording(
            title="Opplysninger til skademeldingen i Nav",
            intro=(
                "Arbeidsgiveren skal snarest sende elektronisk skademelding til Nav, jf. "
                "folketrygdloven § 13-14. Fødselsnummeret skrives rett i skjemaet hos Nav og ikke "
                "her.",
            ),
            headings={
                "employer": "Arbeidsgiver",
                "happened": "Når og hvor ulykken skjedde",
                "injured": "Den skadde",
                "work": "Stilling og arbeidstid",
                "what": "Hva som skjedde",
                "injury": "Skaden",
                "absence": "Fravær",
                "done": "Tiltak etter ulykken",
                "contact": "Den som kan svare på spørsmål",
            },
            closing=(
                "Retten til yrkesskadedekning krever at skaden er meldt til Nav innen ett år etter "
                "ulykken: senest {one_year}.",
            ),
        ),
        LetterKind.SAFETY_ANSWER: Wording(
            title="Svar til verneombudet",
            intro=(
                "Arbeidsgiveren skal svare på verneombudets henvendelse, jf. arbeidsmiljøloven "
                "§ 6-2 tredje ledd. Dette er svaret på meldingen om at farlig arbeid er stanset, "
                "jf. § 6-3.",
            ),
            headings={
                "received": "Når vi fikk meldingen",
                "inquiry": "Hva meldingen gjelder",
                "answer": "Svaret vårt",
                "done": "Tiltak",
                "resumed": "Når arbeidet kan ta til igjen",
                "contact": "Kontaktperson",
            },
            closing=(
                "Mener verneombudet at det er umiddelbar fare for liv eller helse, kan arbeidet "
                "være stanset til Arbeidstilsynet har tatt stilling til om det kan fortsette. Er "
                "det ikke tatt hensyn til meldingen innen rimelig tid, skal verneombudet si fra "
                "til Arbeidstilsynet eller arbeidsmiljøutvalget.",
            ),
        ),
        LetterKind.CARE_MESSAGE: Wording(
            title="Melding om alvorlig hendelse",
            intro=(
                "{municipality} melder med dette om en alvorlig hendelse i helse- og "
                "omsorgstjenesten, jf. helse- og omsorgstjenesteloven § 12-3 a.",
            ),
            headings={
                "happened": "Når og hvor det skjedde",
                "what": "Hva som skjedde",
                "harm": "Utfallet",
                "patient": "Pasienten eller brukeren",
                "cause": "Sammenhengen med tjenesten",
                "unexpected": "Hvorfor utfallet var uventet",
                "done": "Gjort med en gang",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.CARE_REPORT: Wording(
            title="Rapport om alvorlig hendelse",
            intro=(
                "{municipality} sender med dette rapporten om en alvorlig hendelse, jf. helse- og "
                "omsorgstjenesteloven § 12-3 a andre ledd.",
            ),
            headings={
                "message": "Meldingen om hendelsen",
                "harm": "Utfallet",
                "patient": "Pasienten eller brukeren",
                "review": "Gjennomgang av hendelsen",
                "causes": "Mulige årsaker",
                "measures": "Tiltak for at lignende hendelser ikke skal skje igjen",
                "followed_patient": "Oppfølging av pasienten eller brukeren",
                "followed_relatives": "Oppfølging av nærmeste pårørende",
                "followed_staff": "Oppfølging av berørt helsepersonell",
                "involved": "Hvordan de er involvert i forbedringsarbeidet",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.CARE_INVITATION: Wording(
            title="Invitasjon til møte",
            intro=(
                "Vi vil gjerne møte deg etter det som skjedde. Du har rett til å få tilbud om et "
                "slikt møte, jf. pasient- og brukerrettighetsloven § 3-2 sjette ledd.",
                "I møtet forteller vi hva vi vet, du kan fortelle og spørre, og vi snakker om hva "
                "du trenger videre. Du bestemmer selv om du vil komme, og kan ta med deg noen.",
            ),
            headings={
                "what": "Hva har skjedd?",
                "measures": "Hva gjør vi for at det ikke skal skje igjen?",
                "meeting": "Tid og sted",
                "present": "Hvem møter fra oss?",
                "contact": "Hvem kan du spørre?",
            },
            closing=(
                "Du kan søke om erstatning hos Norsk pasientskadeerstatning. Du kan få råd hos "
                "pasient- og brukerombudet. Mener du at noen har brutt plikten sin, kan du be "
                "statsforvalteren vurdere det, jf. pasient- og brukerrettighetsloven § 7-4.",
            ),
        ),
    },
)
