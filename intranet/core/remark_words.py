"""What is said of each thing that was found in a text: its name, and what to do about it."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l
from intranet.core.text_checks import PARAGRAPH_WORDS, SENTENCE_WORDS, Check

# Check: (its name, what to do).
REMARK_WORDS: dict[Check, tuple[Any, Any]] = {
    Check.HEADING_SKIPPED: (
        _l("Overskriften hopper over et nivå"),
        _l(
            "Skjermlesere viser teksten som et kart av overskrifter. "
            "Bruk ## først, og ### under en ##."
        ),
    ),
    Check.PICTURE_UNDESCRIBED: (
        _l("Bildet mangler beskrivelse"),
        _l("Skriv hva bildet viser, mellom klammene: ![Hva bildet viser](adressen)."),
    ),
    Check.HEADING_TOP: (
        _l("Overskriften er på nivå 1"),
        _l("Tittelen på siden er nivå 1. Begynn overskrifter i teksten med ##."),
    ),
    Check.HEADING_EMPTY: (_l("Tom overskrift"), _l("Skriv overskriften, eller ta bort tegnene.")),
    Check.TABLE_HEADLESS: (
        _l("Tabell uten overskrifter"),
        _l("Skriv i den øverste raden hva kolonnene inneholder."),
    ),
    Check.LINK_VAGUE: (
        _l("Lenketeksten sier ikke hvor den fører"),
        _l("Skriv hva leseren finner der, for eksempel «rutinen for nøkler»."),
    ),
    Check.LINK_BARE: (
        _l("Adresse i teksten"),
        _l("Lag en lenke med ord: [Helsenorge](https://www.helsenorge.no)."),
    ),
    Check.SENTENCE_LONG: (
        _l("Setning på mer enn %(most)s ord", most=SENTENCE_WORDS),
        _l("Del den i to. I klart språk er en setning oftest på 15 til 20 ord."),
    ),
    Check.PARAGRAPH_LONG: (
        _l("Avsnitt på mer enn %(most)s ord", most=PARAGRAPH_WORDS),
        _l("Del det, eller lag en punktliste."),
    ),
    Check.WORD_STIFF: (
        _l("Ord som kan byttes med et enklere"),
        _l("Velg det ordet du ville ha sagt."),
    ),
    Check.PASSIVE: (
        _l("Det står ikke hvem som gjør det"),
        _l("Skriv hvem: «Vakten låser døra», ikke «Døra skal låses»."),
    ),
}
