"""The letters' words in nynorsk."""

from __future__ import annotations

from intranet.deviations.letter_shapes import LetterKind
from intranet.deviations.letter_texts.wording import Frame, Wording

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
        LetterKind.WORK_CONFIRMATION: Wording(
            title="Skriftleg stadfesting av varsel om arbeidsulykke",
            intro=(
                "{municipality} stadfestar med dette varselet om ei arbeidsulykke der ein "
                "arbeidstakar omkom eller vart alvorleg skadd, jf. arbeidsmiljølova § 5-2 "
                "første ledd. Verneombodet får kopi.",
            ),
            headings={
                "called": "Varsla på telefon",
                "happened": "Når og kvar ulykka skjedde",
                "what": "Kva som skjedde",
                "harm": "Skaden",
                "injured": "Den skadde",
                "done": "Gjort etter ulykka",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.NAV_INJURY: Wording(
            title="Opplysningar til skademeldinga i Nav",
            intro=(
                "Arbeidsgivaren skal snarast sende elektronisk skademelding til Nav, jf. "
                "folketrygdlova § 13-14. Fødselsnummeret skal skrivast rett i skjemaet hos Nav og "
                "ikkje her.",
            ),
            headings={
                "employer": "Arbeidsgivar",
                "happened": "Når og kvar ulykka skjedde",
                "injured": "Den skadde",
                "work": "Stilling og arbeidstid",
                "what": "Kva som skjedde",
                "injury": "Skaden",
                "absence": "Fråvær",
                "done": "Tiltak etter ulykka",
                "contact": "Den som kan svare på spørsmål",
            },
            closing=(
                "Retten til yrkesskadedekning krev at skaden er meld til Nav innan eitt år etter "
                "ulykka: seinast {one_year}.",
            ),
        ),
        LetterKind.SAFETY_ANSWER: Wording(
            title="Svar til verneombodet",
            intro=(
                "Arbeidsgivaren skal svare på førespurnaden frå verneombodet, jf. "
                "arbeidsmiljølova § 6-2 tredje ledd. Dette er svaret på meldinga om at farleg "
                "arbeid er stansa, jf. § 6-3.",
            ),
            headings={
                "received": "Når vi fekk meldinga",
                "inquiry": "Kva meldinga gjeld",
                "answer": "Svaret vårt",
                "done": "Tiltak",
                "resumed": "Når arbeidet kan ta til igjen",
                "contact": "Kontaktperson",
            },
            closing=(
                "Meiner verneombodet at det er umiddelbar fare for liv eller helse, kan arbeidet "
                "vere stansa til Arbeidstilsynet har teke stilling til om det kan halde fram. Er "
                "det ikkje teke omsyn til meldinga innan rimeleg tid, skal verneombodet seie frå "
                "til Arbeidstilsynet eller arbeidsmiljøutvalet.",
            ),
        ),
        LetterKind.CARE_MESSAGE: Wording(
            title="Melding om alvorleg hending",
            intro=(
                "{municipality} melder med dette om ei alvorleg hending i helse- og "
                "omsorgstenesta, jf. helse- og omsorgstenestelova § 12-3 a.",
            ),
            headings={
                "happened": "Når og kvar det skjedde",
                "what": "Kva som skjedde",
                "harm": "Utfallet",
                "patient": "Pasienten eller brukaren",
                "cause": "Samanhengen med tenesta",
                "unexpected": "Kvifor utfallet var uventa",
                "done": "Gjort med ein gong",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.CARE_REPORT: Wording(
            title="Rapport om alvorleg hending",
            intro=(
                "{municipality} sender med dette rapporten om ei alvorleg hending, jf. helse- og "
                "omsorgstenestelova § 12-3 a andre ledd.",
            ),
            headings={
                "message": "Meldinga om hendinga",
                "harm": "Utfallet",
                "patient": "Pasienten eller brukaren",
                "review": "Gjennomgang av hendinga",
                "causes": "Moglege årsaker",
                "measures": "Tiltak for at liknande hendingar ikkje skal skje igjen",
                "followed_patient": "Oppfølging av pasienten eller brukaren",
                "followed_relatives": "Oppfølging av næraste pårørande",
                "followed_staff": "Oppfølging av helsepersonell som er råka",
                "involved": "Korleis dei er involverte i forbetringsarbeidet",
                "contact": "Kontaktperson",
            },
        ),
        LetterKind.CARE_INVITATION: Wording(
            title="Invitasjon til møte",
            intro=(
                "Vi vil gjerne møte deg etter det som skjedde. Du har rett til å få tilbod om eit "
                "slikt møte, jf. pasient- og brukarrettslova § 3-2 sjette ledd.",
                "I møtet fortel vi kva vi veit, du kan fortelje og spørje, og vi snakkar om kva du "
                "treng vidare. Du avgjer sjølv om du vil kome, og kan ta med deg nokon.",
            ),
            headings={
                "what": "Kva har skjedd?",
                "measures": "Kva gjer vi for at det ikkje skal skje igjen?",
                "meeting": "Tid og stad",
                "present": "Kven møter frå oss?",
                "contact": "Kven kan du spørje?",
            },
            closing=(
                "Du kan søkje om erstatning hos Norsk pasientskadeerstatning. Du kan få råd hos "
                "pasient- og brukarombodet. Meiner du at nokon har brote plikta si, kan du be "
                "statsforvaltaren vurdere det, jf. pasient- og brukarrettslova § 7-4.",
            ),
        ),
    },
)
