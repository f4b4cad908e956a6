"""Lovdata's real archives, where the shared folder is; the small texts elsewhere stand in if not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intranet.laws.amendments import coming_changes
from intranet.laws.archive import read_members
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.lovdata import parse_law
from intranet.laws.texts import LawText, NodeKind
from tests.laws.real import DAY, real_laws


@pytest.fixture(scope="module")
def laws(shared: Path) -> dict[str, LawText]:
    folder = shared / "lovdata"
    if not folder.exists():
        pytest.skip(f"no {folder}: the small texts of test_lovdata.py stand in")
    return real_laws(folder)


def test_every_law_and_regulation_is_read(laws: dict[str, LawText]) -> None:
    kinds = [law.kind for law in laws.values()]
    assert (kinds.count("lov"), kinds.count("forskrift")) == (794, 3447)
    sections = sum(node.kind is NodeKind.SECTION for law in laws.values() for node in law.nodes)
    assert sections >= 85_000


def test_anchors_and_order_are_unique_in_every_law(laws: dict[str, LawText]) -> None:
    for law in laws.values():
        anchors = [node.anchor for node in law.nodes]
        assert len(anchors) == len(set(anchors)), law.refid
        assert [node.ordinal for node in law.nodes] == list(range(len(law.nodes)))


def test_well_known_paragraphs_are_where_people_look_for_them(laws: dict[str, LawText]) -> None:
    def node(refid: str, section: str) -> str:
        return next(n.title for n in laws[refid].nodes if n.section == section)

    assert node("lov/2005-06-17-62", "2 A-1").startswith("Rett til å varsle")
    assert node("lov/2018-06-15-38", "Artikkel 33").startswith("Melding til tilsynsmyndigheten")
    assert node("lov/2018-06-22-83", "25-1").startswith("Internkontroll")
    assert laws["forskrift/1996-12-06-1127"].nodes[4].section == "5"


def test_laws_that_wait_for_the_king_are_not_in_force(laws: dict[str, LawText]) -> None:
    """law.md 6: among them forvaltningsloven of 2025"""
    law = laws["lov/2025-06-20-81"]
    state = in_force_on(
        DAY, text=law.in_force_text, first=law.in_force_on, until=law.in_force_until
    )
    assert state is InForce.NOT_SET


def test_change_of_july_2026_is_seen_in_sixty_documents_or_more(laws: dict[str, LawText]) -> None:
    """law.md 0.2"""
    changed = {
        law.refid
        for law in laws.values()
        for node in law.nodes
        for change in coming_changes(node.notes)
        if change.on == date(2026, 7, 1)
    }
    assert len(changed) >= 60
    assert "lov/2011-06-24-30" in changed


def test_glued_ministries_are_split(laws: dict[str, LawText]) -> None:
    names = {name for law in laws.values() for name in law.ministries}
    assert len(names) <= 20
    assert not any("departementet" in name[:-15] for name in names)


def test_originals_of_the_gazette_are_read_too(shared: Path) -> None:
    path = shared / "lovdata" / "lovtidend-avd1-2025.tar.bz2"
    if not path.exists():
        pytest.skip(f"no {path}: the original's elements in test_lovdata.py stand in")
    with path.open("rb") as stream:
        read = [parse_law(member.data, member.name) for member in read_members(stream)]
    assert len(read) == 1272
    assert all(law.is_announcement for law in read)
    assert sum(law.is_amending for law in read) > 800
    assert all(law.nodes for law in read)
