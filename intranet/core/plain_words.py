"""Words from the offices of old, and what people say instead. Pure.

A small table of our own, in the spirit of Språkrådet's advice on plain language: only words whose
plain one fits in nearly every sentence. A line: what is found (a word with its endings, by the
patterns below), instead in bokmål, instead in nynorsk. Which of them is told, the text decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# "foreta-" stands for the word with any ending; "|" parts forms that do not follow from another.
STIFF_WORDS = (
    ("vedrørende|vedrørande", "om", "om"),
    ("angående|angåande", "om", "om"),
    ("hva angår|kva angår", "når det gjelder", "når det gjeld"),
    ("i henhold til|i hht", "etter", "etter"),
    ("i medhold av", "etter", "etter"),
    ("med hensyn til|med omsyn til", "om, for", "om, for"),
    ("i forbindelse med|i samband med", "ved, under", "ved, under"),
    ("foreta|foretar|foretas|foretok|foretatt|føreta|føretar|føretek|føretatt", "gjøre", "gjere"),
    ("forefinnes|forefinne|førefinst|forefinst", "finnes", "finst"),
    ("foreligge|foreligger|forelå|ligg føre|ligge føre", "finnes, være klar", "finnast, vere klar"),
    ("herunder", "blant annet, også", "mellom anna, også"),
    ("såfremt|såframt", "hvis", "viss, dersom"),
    ("i den grad", "hvis, så langt", "viss, så langt"),
    ("iverksett-|iverkset|iverksatt|iverksetje-", "sette i gang", "setje i gang"),
    ("benytt-", "bruke", "bruke"),
    ("besørg-", "sørge for", "syte for"),
    ("effektuer-", "gjøre, utføre", "gjere, utføre"),
    ("erverv-", "få, kjøpe", "få, kjøpe"),
    ("ivareta|ivaretar|ivaretas|ivaretatt|ivareteke|ivaretek", "ta vare på", "ta vare på"),
    ("forøvrig|for øvrig", "ellers", "elles"),
    ("således|såleis", "slik, derfor", "slik, difor"),
    ("samt", "og", "og"),
    ("hvorvidt|kor vidt|korvidt", "om", "om"),
    ("anmod-", "be", "be"),
    ("besitt-", "ha", "ha"),
    ("inneha|innehar", "ha", "ha"),
    ("avstedkom-", "føre til", "føre til"),
    ("forestå|forestår|forestås", "lede, ha ansvar for", "leie, ha ansvar for"),
    ("oversend-", "sende", "sende"),
    ("tilstreb-", "prøve", "prøve"),
    ("hensiktsmessig-|føremålstenleg-", "som passer", "som passar"),
    ("utferdig-", "skrive, lage", "skrive, lage"),
    ("underrett-", "gi beskjed", "gi beskjed"),
    ("overnevnte|ovennevnte|ovannemnde|ovannemnte", "dette", "dette"),
    ("nedenstående|nedanståande", "dette", "dette"),
    ("vedkommende|vedkomande", "personen", "personen"),
    ("pr dags dato|pr. dags dato|per dags dato", "i dag, nå", "i dag, no"),
    ("på nåværende tidspunkt|på noverande tidspunkt", "nå", "no"),
    ("på det nåværende tidspunkt", "nå", "no"),
    ("tilkjennegi-|tilkjennega", "si, vise", "seie, vise"),
    ("vederlagsfri-", "gratis", "gratis"),
    ("anfør-", "skrive, si", "skrive, seie"),
    ("beskaffenhet-", "tilstand", "tilstand"),
    ("fremkommer|fremkom|framkjem|framkom", "går fram, står", "går fram, står"),
    ("rekvirer-", "bestille", "bestille"),
    ("konferer-", "spørre, snakke med", "spørje, snakke med"),
    ("adekvat-", "god nok, riktig", "god nok, riktig"),
    ("implementer-", "ta i bruk, innføre", "ta i bruk, innføre"),
    ("initier-", "starte", "starte"),
)

_NYNORSK = re.compile(
    r"\b(?:ikkje|eg|ein|eit|frå|kva|korleis|kven|berre|vere|vore|noko|nokon|dei|difor|òg|høyrer|"
    r"skriv|gjer|mellom anna|etter kvart|kommunen si|meir|fleire|blir|sjølv)\b",
    re.IGNORECASE,
)
_BOKMAL = re.compile(
    r"\b(?:ikke|jeg|en|et|fra|hva|hvordan|hvem|bare|være|vært|noe|noen|de|derfor|også|hører|"
    r"skriver|gjør|blant|mer|flere|selv)\b",
    re.IGNORECASE,
)


def find_stiff_words(text: str, *, nynorsk: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each stiff word as it is written, with the plain one in the text's own language."""
    pattern, lines = _compiled()
    for match in pattern.finditer(text):
        instead = lines[int(str(match.lastgroup)[1:])]
        yield match.group(), instead[2 if nynorsk else 1]


def is_nynorsk(text: str) -> bool:
    """Whether more of the small words are nynorsk than bokmål."""
    return len(_NYNORSK.findall(text)) > len(_BOKMAL.findall(text))


@lru_cache(maxsize=1)
def _compiled() -> tuple[re.Pattern[str], tuple[tuple[str, str, str], ...]]:
    groups = []
    for number, (forms, _bokmal, _nynorsk) in enumerate(STIFF_WORDS):
        parts = [
            re.escape(form[:-1]) + r"\w*" if form.endswith("-") else re.escape(form)
            for form in sorted(forms.split("|"), key=len, reverse=True)
        ]
        groups.append(f"(?P<w{number}>{'|'.join(parts)})")
    return re.compile(rf"\b(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE), STIFF_WORDS
