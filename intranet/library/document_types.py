"""The kinds of document that a new installation starts with. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = 7
NUMBER = re.compile(rf"[A-ZÆØÅ]{{2,4}}-[0-9]{{1,{DIGITS}}}")


@dataclass(frozen=True)
class TypeRule:
    """A kind of document: the letters of its numbers and how often it must be looked at."""

    prefix: str
    name: str
    review_months: int


# Yearly unless a plan or form says otherwise; a report describes what was, and is not revised.
DEFAULT_TYPES = (
    TypeRule("PRO", "Prosedyre", 12),
    TypeRule("RUT", "Rutine", 12),
    TypeRule("RET", "Retningslinje", 12),
    TypeRule("REG", "Reglement", 24),
    TypeRule("FUL", "Fullmakt", 12),
    TypeRule("PLA", "Plan", 12),
    TypeRule("SKJ", "Skjema", 24),
    TypeRule("SJE", "Sjekkliste", 12),
    TypeRule("RAP", "Rapport", 0),
)


def is_number(text: str) -> bool:
    """Whether the text looks like a document number: "PRO-12"."""
    return NUMBER.fullmatch(text) is not None


def sort_key(number: str) -> str:
    """Return the number as it is sorted: by its letters, then by its running number as a number."""
    letters, _dash, running = number.partition("-")
    return f"{letters}-{running:0>{DIGITS}}"


def split_keywords(text: str) -> list[str]:
    """Return the keywords of a comma-separated line, each once, in the order given."""
    words = (
        " ".join(part.split()) for part in text.replace("\n", ",").replace(";", ",").split(",")
    )
    return list(dict.fromkeys(word for word in words if word))
