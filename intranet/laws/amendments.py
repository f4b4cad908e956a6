"""Reads the notes under a paragraph for changes that are still to come. Pure.

The consolidated text may show the old wording and say only in its note from when the new one holds:
"Endres ved lov 20 juni 2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 nr. 675 )."
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = {
    "januar": 1, "jan": 1, "februar": 2, "feb": 2, "mars": 3, "april": 4, "apr": 4, "mai": 5,
    "juni": 6, "jun": 6, "juli": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9,
    "sept": 9, "oktober": 10, "okt": 10, "november": 11, "nov": 11, "desember": 12, "des": 12,
}  # fmt: skip
DATE = r"(\d{1,2})\.?\s+(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?\s+(\d{4})"
_COMING = re.compile(
    r"(?:^|(?<=[.)\n]))\s*((?:[A-ZÆØÅ][\w .]{0,40}?\s)?"
    r"(?P<verb>[Ee]ndres|[Ee]ndras|[Oo]ppheves|[Oo]pphevast|[Tt]ilføyes|[Tt]ilføyast|"
    r"(?:[Vv]ert|[Bb]lir) (?:endra|endret|oppheva|opphevet|tilføyd|lagt til))\s+ved\s+"
    r"(?P<kind>lov|forskrift)\w*\s(?P<rest>.*))",
    re.S,
)
_ACT = re.compile(DATE + r"(?:\s+nr\.?\s*(\d+))?\s*(\((?:[^()]|\([^()]*\))*\))?")
_IN_FORCE = re.compile(r"(?:i kraft|ikr\.?|gjelder fra|frå)\s+(?:fra\s+|frå\s+)?" + DATE)


class ChangeKind(StrEnum):
    """What will happen to the paragraph."""

    AMENDED = "amended"
    REPEALED = "repealed"
    ADDED = "added"


@dataclass(frozen=True)
class ComingChange:
    """One change that a note announces. `on` is None while the date is not set; `by` is the
    amending act.
    """

    kind: ChangeKind
    by: str
    on: date | None
    note: str


def coming_changes(notes: str) -> tuple[ComingChange, ...]:
    """The changes that the notes put in the present tense ("Endres ved …"), in the order of the
    notes.
    """
    found: list[ComingChange] = []
    for line in notes.split("\n"):
        match = _COMING.search(line)
        if match is None:
            continue
        for act in _ACT.finditer(match["rest"]):
            day, month, year, number, bracket = act.groups()
            if act.start() and match["rest"][: act.start()].rstrip().endswith(
                ("res.", "lov", "endret ved")
            ):
                continue
            by = f"{match['kind']}/{year}-{MONTHS[month]:02}-{int(day):02}"
            by += f"-{number}" if number else ""
            in_force = _IN_FORCE.search(bracket or "")
            on = to_date(*in_force.groups()) if in_force else None
            found.append(ComingChange(_kind(match["verb"]), by, on, match[1].strip()))
    return tuple(found)


def next_change_on(notes: str) -> date | None:
    """The first day on which a note says that the wording changes, past or future; None when no
    day is set.
    """
    days = [change.on for change in coming_changes(notes) if change.on]
    return min(days, default=None)


def in_force_days(notes: str) -> list[date]:
    """The days on which changes that the notes tell of took or take effect, in their order."""
    days = (to_date(*found.groups()) for found in _IN_FORCE.finditer(notes))
    return [day for day in days if day is not None]


def to_date(day: str, month: str, year: str) -> date | None:
    """A date in words, or None when there is no such day."""
    try:
        return date(int(year), MONTHS[month.lower().rstrip(".")], int(day))
    except (KeyError, ValueError):
        return None


def _kind(verb: str) -> ChangeKind:
    lowered = verb.lower()
    if "opphev" in lowered:
        return ChangeKind.REPEALED
    return ChangeKind.ADDED if "tilføy" in lowered or "lagt til" in lowered else ChangeKind.AMENDED
