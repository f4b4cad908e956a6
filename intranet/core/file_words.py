"""Why a file is refused, in words for who sent it. Pure."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l

REASONS: dict[str, Any] = {
    "macros": _l("Filen inneholder makroer. Lagre den uten makroer og prøv igjen."),
    "embedded": _l(
        "Filen har andre filer eller objekter inni seg. Lagre den som PDF og prøv igjen."
    ),
    "encrypted": _l("Filen er beskyttet med passord. Fjern passordet og prøv igjen."),
    "bomb": _l("Filen pakker seg ut til mye mer enn den skal. Lagre den på nytt og prøv igjen."),
    "too_many_pixels": _l("Bildet er for stort. Gjør det mindre og prøv igjen."),
    "animated": _l("Bevegelige bilder kan ikke brukes. Lagre ett enkelt bilde og prøv igjen."),
    "active_content": _l(
        "Den signerte PDF-en har skript eller vedlegg i seg og kan ikke tas imot."
    ),
    "wrong_type": _l("Innholdet i filen stemmer ikke med filtypen."),
    "entities": _l("Filen har skjulte henvisninger i seg (XML-entiteter) og kan ikke tas imot."),
    "external": _l(
        "Filen henter mal eller innhold fra et annet nettsted. Fjern koblingen og prøv igjen."
    ),
    "too_long": _l("Filen er for stor til å leses. Del den opp og prøv igjen."),
    "path": _l("Zip-filen har navn som peker ut av mappen sin, og kan ikke tas imot."),
    "link": _l("Zip-filen har snarveier eller spesialfiler i seg og kan ikke tas imot."),
    "twice": _l("Zip-filen har to filer med samme navn. Pakk den på nytt."),
    "many_files": _l("Det er for mange filer. Del dem i flere omganger med høyst 5000 i hver."),
}
UNREADABLE = _l("Filen kan ikke leses. Den er kanskje skadet. Lagre den på nytt og prøv igjen.")


def say_reason(reason: str) -> str:
    """Return in words why the child refused a file."""
    return str(REASONS.get(reason, UNREADABLE))
