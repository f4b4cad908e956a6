"""What is proposed for the follow-up of employees, and when it is due; reads no table.

The employer follows up whoever was exposed to violence and threats, body and mind (forskrift om
utførelse av arbeid § 3A-6), and to harassment (§ 2A-4; arbeidsmiljøloven § 4-3). The law names no
list: these rows are the beginning of the municipality's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intranet.core.clock import add_working_days
from intranet.deviations.types import Kind


@dataclass(frozen=True)
class FollowUpRow:
    """One proposal; `days`: working days until it is due, 0 the same day."""

    kind: Kind
    days: int
    words: Mapping[str, str]


def _row(kind: Kind, days: int, nb: str, nn: str, en: str) -> FollowUpRow:
    return FollowUpRow(kind, days, {"nb": nb, "nn": nn, "en": en})


_TALK = (
    "Snakk med den som ble utsatt, samme dag",
    "Snakk med den som vart utsett, same dag",
    "Talk with the person exposed, the same day",
)
_HEALTH = (
    "Tilby samtale med bedriftshelsetjenesten",
    "Tilby samtale med bedriftshelsetenesta",
    "Offer a talk with the occupational health service",
)

DEFAULT_FOLLOW_UP = (
    _row(Kind.VIOLENCE, 0, *_TALK),
    _row(Kind.VIOLENCE, 2, *_HEALTH),
    _row(
        Kind.VIOLENCE,
        3,
        "Gå gjennom hendelsen med dem som var til stede",
        "Gå gjennom hendinga med dei som var til stades",
        "Go through the event with those who were present",
    ),
    _row(
        Kind.VIOLENCE,
        2,
        "Vurder om forholdet skal meldes til politiet",
        "Vurder om forholdet skal meldast til politiet",
        "Consider whether to report it to the police",
    ),
    _row(
        Kind.VIOLENCE,
        3,
        "Vurder om skademelding skal sendes til Nav",
        "Vurder om skademelding skal sendast til Nav",
        "Consider whether to send an injury report to Nav",
    ),
    _row(
        Kind.VIOLENCE,
        10,
        "Oppdater risikovurderingen av vold og trusler",
        "Oppdater risikovurderinga av vald og truslar",
        "Update the risk assessment of violence and threats",
    ),
    _row(Kind.HARASSMENT, 0, *_TALK),
    _row(
        Kind.HARASSMENT,
        1,
        "Bestem hvordan den som ble utsatt, er trygg mens saken undersøkes",
        "Bestem korleis den som vart utsett, er trygg medan saka blir undersøkt",
        "Decide how the person exposed is safe while the case is examined",
    ),
    _row(Kind.HARASSMENT, 2, *_HEALTH),
    _row(
        Kind.HARASSMENT,
        5,
        "Undersøk hva som har skjedd, og hør begge sider",
        "Undersøk kva som har skjedd, og høyr begge sider",
        "Examine what has happened, and hear both sides",
    ),
    _row(
        Kind.HARASSMENT,
        10,
        "Oppdater risikovurderingen av det psykososiale arbeidsmiljøet",
        "Oppdater risikovurderinga av det psykososiale arbeidsmiljøet",
        "Update the risk assessment of the psychosocial working environment",
    ),
    _row(
        Kind.HARASSMENT,
        10,
        "Avtal en ny samtale med den som ble utsatt",
        "Avtal ein ny samtale med den som vart utsett",
        "Arrange another talk with the person exposed",
    ),
)


def due_on(days: int, today: date) -> date:
    """Return the day on which a proposal is due when it is taken today."""
    return add_working_days(today, days) if days else today
