"""The telephone numbers that an installation begins with; data only, for the table to hold.

Looked up in November 2026: Arbeidstilsynet and 02800 on arbeidstilsynet.no, 110 for acute pollution
on kystverket.no, Mattilsynet on mattilsynet.no, the water watch on fhi.no. Datatilsynet's and 120
stood only on pages of others. They are the administrator's from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intranet.deviations.types import Kind


@dataclass(frozen=True)
class NumberRow:
    """One number, whose it is, and when to call it."""

    kind: Kind
    number: str
    name: Mapping[str, str]
    note: Mapping[str, str]


def _row(kind: Kind, number: str, name: str, note: str) -> NumberRow:
    languages = ("nb", "nn", "en")
    names, notes = name.split("|"), note.split("|")
    return NumberRow(
        kind,
        number,
        dict(zip(languages, names * 3 if len(names) == 1 else names, strict=False)),
        dict(zip(languages, notes, strict=True)),
    )


_LABOUR = "Arbeidstilsynet"
_POLICE = "Politiet|Politiet|The police"
_FIRE = "Brannvesenet|Brannvesenet|The fire service"
_AMBULANCE = "Ambulanse|Ambulanse|Ambulance"
_URGENT = "Når det haster|Når det hastar|When it is urgent"
_NOT_URGENT = "Når det ikke haster|Når det ikkje hastar|When it is not urgent"
_LIFE = (
    "Ring først hvis liv er i fare|Ring først dersom liv er i fare|Call first if life is in danger"
)

DEFAULT_NUMBERS = (
    _row(Kind.WORK_INJURY, "113", _AMBULANCE, _LIFE),
    _row(
        Kind.WORK_INJURY,
        "73 19 97 00",
        _LABOUR,
        "Tast 3 for ulykke, hverdager 8–15|Tast 3 for ulykke, kvardagar 8–15|"
        "Press 3 for an accident, weekdays 8–15",
    ),
    _row(Kind.WORK_INJURY, "112", _POLICE, _URGENT),
    _row(Kind.WORK_INJURY, "02800", _POLICE, _NOT_URGENT),
    _row(Kind.VIOLENCE, "112", _POLICE, _URGENT),
    _row(Kind.VIOLENCE, "02800", _POLICE, _NOT_URGENT),
    _row(
        Kind.DATA_BREACH,
        "22 39 69 00",
        "Datatilsynet",
        "Råd på telefon. Selve meldingen sendes skriftlig|"
        "Råd på telefon. Sjølve meldinga blir send skriftleg|"
        "Advice by telephone. The notification itself is sent in writing",
    ),
    _row(Kind.FIRE, "110", _FIRE, "Når det brenner|Når det brenn|When there is a fire"),
    _row(
        Kind.POLLUTION,
        "110",
        _FIRE,
        "All akutt forurensning|All akutt forureining|All acute pollution",
    ),
    _row(
        Kind.POLLUTION,
        "120",
        "Kystradioen|Kystradioen|Coastal radio",
        "Forurensning fra skip|Forureining frå skip|Pollution from ships",
    ),
    _row(
        Kind.DRINKING_WATER,
        "22 40 00 00",
        "Mattilsynet",
        "Velg beredskapsvakta utenom arbeidstid|Vel beredskapsvakta utanom arbeidstid|"
        "Choose the emergency duty outside office hours",
    ),
    _row(
        Kind.DRINKING_WATER,
        "21 07 88 88",
        "Nasjonal vannvakt|Nasjonal vassvakt|National water watch",
        "Råd til vannverk hele døgnet|Råd til vassverk heile døgnet|"
        "Advice to waterworks day and night",
    ),
)
