"""Notes under paragraphs tell of changes to come, and laws tell whether they are in force."""

from __future__ import annotations

from datetime import date

import pytest

from intranet.laws.amendments import ChangeKind, coming_changes, next_change_on
from intranet.laws.in_force import InForce, in_force_on

HOL = (
    "Tilføyd ved lov 15 des 2017 nr. 107 (ikr. 1 juli 2019 iflg. res. 26 apr 2019 nr. 541 ), endret "
    "ved lov 7 mai 2021 nr. 31 (ikr. 1 juli 2021 iflg. res. 7 mai 2021 nr. 1444 ). Endres ved lov 20 "
    "juni 2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 nr. 675 )."
)


def test_note_on_serious_events_announces_the_change_of_july_2026() -> None:
    """law.md 0.2: helse- og omsorgstjenesteloven § 12-3 a"""
    (change,) = coming_changes(HOL)
    assert (change.kind, change.by, change.on) == (
        ChangeKind.AMENDED,
        "lov/2025-06-20-74",
        date(2026, 7, 1),
    )
    assert change.note.startswith("Endres ved lov 20")


@pytest.mark.parametrize(
    ("notes", "wanted"),
    [
        ("Endret ved lov 1 mars 2020 nr. 4 (i kraft 1 juli 2020).", []),
        (
            "Endres ved lov 20 juni 2025 nr. 40 (i kraft fra den tid Kongen bestemmer).",
            [(ChangeKind.AMENDED, "lov/2025-06-20-40", None)],
        ),
        (
            "Endret ved forskrift 1 jan 2020 nr. 1. Oppheves ved forskrifter 26 juni 2024 nr. 1359 "
            "(i kraft 1 juli 2026) og 17 sep 2025 nr. 1909 (i kraft 1 aug 2026).",
            [
                (ChangeKind.REPEALED, "forskrift/2024-06-26-1359", date(2026, 7, 1)),
                (ChangeKind.REPEALED, "forskrift/2025-09-17-1909", date(2026, 8, 1)),
            ],
        ),
        (
            "Tilføyes ved forskrift 18 des 2025 nr. 2918 (i kraft 1 sep 2026).",
            [(ChangeKind.ADDED, "forskrift/2025-12-18-2918", date(2026, 9, 1))],
        ),
    ],
)
def test_notes_in_the_present_tense_are_changes_to_come(
    notes: str, wanted: list[tuple[ChangeKind, str, date | None]]
) -> None:
    assert [(c.kind, c.by, c.on) for c in coming_changes(notes)] == wanted


def test_first_day_of_change_is_the_earliest() -> None:
    notes = "Endres ved lov 1 mai 2026 nr. 9 (i kraft 1 jan 2027).\n" + HOL
    assert next_change_on(notes) == date(2026, 7, 1)
    assert next_change_on("") is None


DAY = date(2026, 6, 18)


@pytest.mark.parametrize(
    ("text", "first", "until", "gone", "wanted"),
    [
        ("2006-01-01", date(2006, 1, 1), None, None, InForce.IN_FORCE),
        ("", None, None, None, InForce.IN_FORCE),
        ("Kongen bestemmer", None, None, None, InForce.NOT_SET),
        ("Ikkje i kraft", None, None, None, InForce.NOT_SET),
        ("2026-07-01", date(2026, 7, 1), None, None, InForce.FUTURE),
        ("2020-01-01, Kongen bestemmer", date(2020, 1, 1), None, None, InForce.PARTLY),
        ("2020-01-01 – 2026-06-17", date(2020, 1, 1), date(2026, 6, 17), None, InForce.EXPIRED),
        ("2020-01-01 – 2026-06-18", date(2020, 1, 1), DAY, None, InForce.IN_FORCE),
        ("2006-01-01", date(2006, 1, 1), None, date(2026, 6, 1), InForce.GONE),
    ],
)
def test_law_stands_where_its_own_words_put_it(
    text: str, first: date | None, until: date | None, gone: date | None, wanted: InForce
) -> None:
    assert in_force_on(DAY, text=text, first=first, until=until, gone=gone) is wanted
