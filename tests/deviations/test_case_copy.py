"""Copies of a case: what is withheld is gone, and the reason stands in its place."""

from __future__ import annotations

import pytest

from intranet.deviations.case_copy import (
    CaseCopy,
    Part,
    PartKind,
    Provision,
    propose,
    withhold,
)

BLACK = "[sladdet]"
LABELS = {provision: f"label {provision}" for provision in Provision}
COPY = CaseCopy(
    title="Avvik 2026-0001",
    facts=(("Meldt av", "Kari Nordmann"), ("Sted", "Solbakken")),
    parts=(
        Part("what", PartKind.REPORT, "Hva skjedde", "Kari Nordmann så at Ola falt. kari ropte."),
        Part("entry-1", PartKind.NOTE, "Ola Hansen skrev et internt notat", "Hemmelig", "i dag"),
    ),
)


def test_a_withheld_part_leaves_nothing_but_its_provision() -> None:
    made = withhold(COPY, {"entry-1": Provision.INTERNAL}, [], LABELS)
    part = made.parts[1]
    assert (part.text, part.about) == ("", "")
    assert part.withheld_by == LABELS[Provision.INTERNAL]
    assert made.provisions == (LABELS[Provision.INTERNAL],)
    assert not made.data


def test_words_are_blackened_everywhere_in_any_case() -> None:
    made = withhold(COPY, {}, ["Kari Nordmann", "kari", "Ola"], LABELS)
    everything = repr(made).casefold()
    assert "kari" not in everything
    assert "nordmann" not in everything
    assert "ola falt" not in everything
    assert made.parts[0].text == f"{BLACK} så at {BLACK} falt. {BLACK} ropte."
    assert made.facts[0] == ("Meldt av", BLACK)
    assert made.parts[1].heading.startswith(BLACK)


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("Ola", "Olav og Ola", f"Olav og {BLACK}"),
        ("Ola", "Olas bil", f"{BLACK} bil"),
        ("Kari Nordmann", "Kari\nNordmann kom", f"{BLACK} kom"),
        ("a.c", "abc a.c", f"abc {BLACK}"),
        ("Åse", "ÅSE var der", f"{BLACK} var der"),
        ("", "ingenting", "ingenting"),
        ("x", "x og y", "x og y"),
    ],
)
def test_only_whole_words(word: str, text: str, expected: str) -> None:
    copy = CaseCopy("t", (), (Part("what", PartKind.REPORT, "h", text),))
    assert withhold(copy, {}, [word], LABELS).parts[0].text == expected


@pytest.mark.parametrize("number", ["01019012345", "010190 12345", "010190.12345"])
def test_identity_numbers_are_always_blackened(number: str) -> None:
    copy = CaseCopy("t", (), (Part("what", PartKind.REPORT, "h", f"Nr {number}."),))
    made = withhold(copy, {}, [], LABELS)
    assert made.parts[0].text == f"Nr {BLACK}."
    assert made.provisions == (LABELS[Provision.IDENTITY_NUMBER],)


def test_only_internal_notes_are_proposed() -> None:
    assert propose(COPY.parts) == {"entry-1": Provision.INTERNAL}
