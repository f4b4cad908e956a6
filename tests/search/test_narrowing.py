"""Hits are narrowed by unit, type and year, with counts, for each only of what one may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from intranet.core.actor import Viewer
from intranet.core.transaction import transaction
from intranet.search import indexing, queries
from intranet.search.actions import mark_changed
from intranet.search.entry import Kind
from intranet.search.narrowing import COUNTED
from tests.browser import Browser
from tests.cast import Cast
from tests.search.fake_source import AML, FakeSource, law_entries, make_entry

NURSE = Viewer(id=1, name="Ingrid Solheim", unit_ancestor_ids=frozenset({1, 2}))
TEACHER = Viewer(id=2, name="Tor Tveit", unit_ancestor_ids=frozenset({1, 3}))


@pytest.fixture
def filled(app: Flask, source: FakeSource) -> FakeSource:
    """Four texts about falling, two units, two types, two years; one only for unit 2."""
    for number, unit, kind, year in (
        (1, "Strandheim", "Prosedyre", 2025),
        (2, "Strandheim", "Retningslinje", 2026),
        (3, "Nesbakken skole", "Prosedyre", 2026),
    ):
        source.put(
            make_entry(
                f"library/PRO-{number}", f"Fall {number}", kind=Kind.PROCEDURE, unit=unit,
                type=kind, published_on=date(year, 3, 1),
            )
        )  # fmt: skip
    source.put(
        make_entry("nyhet/1", "Fall på avdelingen", unit="Avdeling 2", audience=("unit:2",),
                   published_on=date(2024, 3, 1))
    )  # fmt: skip
    for entry in law_entries():
        source.put(entry)
    with app.app_context():
        indexing.rebuild()
    return source


def test_each_facet_counts_what_the_others_leave(context: Flask, filled: FakeSource) -> None:
    wanted = {"unit": frozenset({"Strandheim"}), "year": frozenset({"2026"})}
    found = queries.find_hits(TEACHER, "fall", filters=wanted)
    assert [hit.key for hit in found.hits] == ["library/PRO-2"]
    assert found.total == 1
    assert found.facets["unit"] == {"Strandheim": 1, "Nesbakken skole": 1}
    assert found.facets["year"] == {"2025": 1, "2026": 1}
    assert found.facets["type"] == {"Retningslinje": 1}
    assert found.facets["kind"] == {Kind.PROCEDURE: 1}


def test_counts_tell_nothing_of_what_is_hidden(context: Flask, filled: FakeSource) -> None:
    """AZ-14"""
    hers, his = (queries.find_hits(viewer, "fall").facets for viewer in (NURSE, TEACHER))
    assert hers["unit"]["Avdeling 2"] == hers["year"]["2024"] == 1
    assert "Avdeling 2" not in his["unit"]
    assert "2024" not in his["year"]
    narrowed = queries.find_hits(TEACHER, "fall", filters={"unit": frozenset({"Avdeling 2"})})
    assert narrowed == queries.find_hits(TEACHER, "fall", filters={"unit": frozenset({"Ingen"})})


def test_a_change_brings_a_new_value_beside_the_old_ones(
    context: Flask, filled: FakeSource
) -> None:
    """The index then has two parts, each with numbers of its own for the values."""
    filled.put(make_entry("nyhet/2", "Fall i vann", unit="Badet", published_on=date(2023, 1, 1)))
    with transaction():
        mark_changed("nyhet/2")
    indexing.catch_up()
    facets = queries.find_hits(TEACHER, "fall").facets
    assert facets["unit"] == {"Strandheim": 2, "Nesbakken skole": 1, "Badet": 1}
    assert facets["year"] == {"2025": 1, "2026": 2, "2023": 1}


def test_a_law_can_be_searched_by_itself(context: Flask, filled: FakeSource) -> None:
    found = queries.find_hits(TEACHER, "virksomheten", filters={"doc": frozenset({AML})})
    assert found.total == 1
    assert found.doc_name == "Arbeidsmiljøloven"
    assert queries.find_hits(TEACHER, "fall", filters={"doc": frozenset({AML})}).total == 0
    assert set(found.facets) == set(COUNTED)


def test_a_reader_narrows_by_links_and_lets_go_again(
    filled: FakeSource, people: Cast, log_in: Callable[[int], Browser]
) -> None:
    teacher = log_in(people.tor)
    page = teacher.get("/sok?q=fall")
    (link,) = [a for a in page.find("//nav[@class='facets']//a/@href") if "enhet=Strandheim" in a]
    page = teacher.get(link)
    assert page.heading == "2 treff på «fall»"
    assert page.find("//a[@aria-current='true'][contains(@href,'enhet')]") == []
    (link,) = [a for a in page.find("//nav[@class='facets']//a/@href") if "ar=2026" in a]
    page = teacher.get(link)
    assert page.heading == "1 treff på «fall»"
    chips = page.find("//a[contains(@class,'ds-chip')]")
    assert [chip.text_content().split(": ")[-1].strip() for chip in chips] == ["Strandheim", "2026"]
    assert teacher.get(chips[0].get("href")).heading == "2 treff på «fall»"


@pytest.mark.parametrize(
    "odd", ["enhet=%00", "ar=abc", "enhet=" + "x" * 5000, "dokumenttype=%F0%9F%99%82", "i=lov/0",
            "i=%2e%2e", "enhet=a&" * 60, "type=finnes-ikke"],
)  # fmt: skip
def test_odd_filters_are_no_error(
    filled: FakeSource, people: Cast, log_in: Callable[[int], Browser], odd: str
) -> None:
    """IN-08"""
    assert log_in(people.tor).get(f"/sok?q=fall&{odd}").status == 200
