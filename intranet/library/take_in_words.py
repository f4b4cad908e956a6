"""What is said of a line from a former system, in words; and the report as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intranet.core.csv_text import Cell
from intranet.core.text import _, _l
from intranet.library.take_in import FAULTS, Hindrance, ListFault, ListRow, Outcome, Remark, Say
from intranet.library.take_in_models import RunState

OUTCOMES: dict[str, tuple[Any, str]] = {
    Outcome.FAILED: (_l("Kan ikke tas inn"), "danger"),
    Outcome.DRAFT: (_l("Utkast"), "info"),
    Outcome.PUBLISHED: (_l("Publisert"), "success"),
    Outcome.KNOWN: (_l("Tatt inn før"), "neutral"),
    Outcome.WAITING: (_l("Venter"), "neutral"),
}
# Before anything is done.
WOULD: dict[str, tuple[Any, str]] = {
    **OUTCOMES,
    Outcome.DRAFT: (_l("Blir utkast"), "info"),
    Outcome.PUBLISHED: (_l("Blir publisert"), "success"),
}
RUN_STATES: dict[str, tuple[Any, str]] = {
    RunState.CHECKING: (_l("Kontrolleres"), "info"),
    RunState.CHECKED: (_l("Venter på deg"), "warning"),
    RunState.RUNNING: (_l("Tas inn"), "info"),
    RunState.PUBLISHING: (_l("Publiseres"), "info"),
    RunState.DONE: (_l("Ferdig"), "success"),
    RunState.DROPPED: (_l("Ikke tatt inn"), "neutral"),
}
HINDRANCES: dict[str, Any] = {
    Hindrance.OWN: _l("Du eier, tok inn eller har skrevet i det. En annen må godkjenne det."),
    Hindrance.NO_RIGHT: _l("Du har ikke rett til å godkjenne dokumenter i enheten."),
    Hindrance.TEXT: _l("Teksten må rettes først. Utkastet viser hvor."),
    Hindrance.LATER: _l("Det gjelder først fra en dag som kommer. Send det til godkjenning alene."),
}
WORDS: dict[str, Any] = {
    Say.FILE_MISSING: _l("Filnavnet mangler."),
    Say.FILE_ABSENT: _l("Filen «%(about)s» finnes ikke blant filene."),
    Say.FILE_SEVERAL: _l("Flere filer heter «%(about)s». Skriv navnet med mappe foran."),
    Say.FILE_TWICE: _l("Samme fil står også på linje %(about)s."),
    Say.FILE_KIND: _l("Bare DOCX og PDF kan tas inn, ikke «%(about)s». Lagre filen på nytt."),
    Say.FILE_REFUSED: "%(about)s",
    Say.TITLE_MISSING: _l("Tittelen mangler."),
    Say.TITLE_LONG: _l("Tittelen kan ha høyst 200 tegn."),
    Say.NUMBER_LONG: _l("Nummeret kan ha høyst 60 tegn."),
    Say.NUMBER_TWICE: _l("Samme nummer står også på linje %(about)s."),
    Say.TYPE_UNKNOWN: _l("Dokumenttypen «%(about)s» finnes ikke. Bruk navnet eller forkortelsen."),
    Say.OWNER_MISSING: _l("Eieren mangler."),
    Say.OWNER_UNKNOWN: _l("Vi finner ingen ansatt med brukernavn eller e-post «%(about)s»."),
    Say.OWNER_GONE: _l("«%(about)s» er ikke ansatt lenger. Velg en annen eier."),
    Say.OWNER_SEVERAL: _l("Flere ansatte har «%(about)s». Skriv brukernavnet."),
    Say.UNIT_MISSING: _l("Enheten mangler."),
    Say.UNIT_UNKNOWN: _l("Enheten «%(about)s» finnes ikke. Bruk kode eller navn."),
    Say.UNIT_SEVERAL: _l("Flere enheter heter «%(about)s». Bruk koden."),
    Say.UNIT_NOT_YOURS: _l("Du er ikke kvalitetsrådgiver for denne enheten."),
    Say.REVIEW_WRONG: _l("«Ses over innen» er ingen dato: «%(about)s». Skriv 31.12.2026."),
    Say.VALID_FROM_WRONG: _l("«Gjelder fra» er ingen dato: «%(about)s». Skriv 31.12.2026."),
    Say.VALID_FROM_LATER: _l(
        "Dokumentet gjelder først senere, og kan ikke overtas. Ta det inn som utkast."
    ),
    Say.KEYWORDS_LONG: _l("Stikkordene kan ha høyst 500 tegn til sammen."),
    Say.TEXT_LONG: _l("Teksten er for lang. Del den i flere dokumenter, eller lagre den som PDF."),
    Say.TEXT_EMPTY: _l("Det er ingen tekst i filen."),
    Say.APPROVER_OWNS: _l("%(about)s eier dokumentet, og kan ikke godkjenne det."),
    Say.APPROVER_MAY_NOT: _l("%(about)s har ikke rett til å godkjenne dokumenter i enheten."),
    Say.KNOWN_NUMBER: _l("Nummeret er tatt inn før, som %(about)s."),
    Say.KNOWN_FILE: _l("Filen er tatt inn før, som %(about)s."),
    Say.WITHOUT_TEXT: _l("PDF-en har ingen tekst og kan ikke søkes i. Den er kanskje skannet."),
    Say.PICTURE_LOST: _l("Noen tegninger eller bilder kan ikke tas med. Se gjennom teksten."),
    Say.PICTURE_ELSEWHERE: _l("Noen bilder lå utenfor filen og er ikke med."),
    Say.MANY_PICTURES: _l("Filen har flere enn 60 bilder. Resten er ikke med."),
    Say.MERGED_CELLS: _l("En tabell hadde sammenslåtte celler. Se over den."),
    Say.TABLE_IN_TABLE: _l("En tabell lå inni en annen. Se over den."),
    Say.TEXT_BOX: _l("Filen har tekstbokser. Se etter at all tekst er med på rett sted."),
    Say.FORMULA: _l("Filen har formler, som ikke er med."),
    Say.CHART: _l("Filen har diagrammer, som ikke er med."),
    Say.DIAGRAM: _l("Filen har figurer (SmartArt), som ikke er med."),
    Say.TRACKED: _l("Filen har sporede endringer. Teksten er som om alle er godtatt."),
    Say.COMMENTS: _l("Filen har kommentarer, som ikke er med."),
}
LIST_FAULTS: dict[str, Any] = {
    ListFault.EMPTY: _l("Listen er tom. Den første linjen må ha navn på kolonnene."),
    ListFault.COLUMN_MISSING: _l("Listen mangler kolonnen «%(about)s»."),
    ListFault.COLUMN_TWICE: _l("Listen har kolonnen «%(about)s» flere ganger."),
    ListFault.LONG: _l("Listen er for lang. Den kan ha høyst 5000 linjer."),
}


def in_words(remark: Remark) -> str:
    """Return what is said of a line."""
    return str(WORDS[remark.say]) % {"about": remark.about}


def list_fault_in_words(fault: ListFault, about: str) -> str:
    """Return why a list cannot be read."""
    return str(LIST_FAULTS[fault]) % {"about": about}


def report_headers() -> list[str]:
    """Return the headers of the report."""
    return [
        _("Linje"),
        _("Resultat"),
        _("Nytt nummer"),
        _("Gammelt nummer"),
        _("Tittel"),
        _("Fil"),
        _("Feil"),
        _("Merknader"),
    ]


def report_row(row: ListRow, outcome: str, number: str, remarks: Iterable[Remark]) -> list[Cell]:
    """Return a line of the report."""
    remarks = list(remarks)
    return [
        row.line,
        str(OUTCOMES[outcome][0]),
        number,
        row.number,
        row.title,
        row.file,
        " ".join(in_words(one) for one in remarks if one.say in FAULTS),
        " ".join(in_words(one) for one in remarks if one.say not in FAULTS),
    ]
