"""The search gets an entry per law and per paragraph, with keys that lead back to them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from intranet.laws.importing import import_archive
from intranet.laws.search_source import LawSource
from intranet.search.entry import Kind, SearchEntry
from tests.laws.builders import archive, chapter, law, paragraph

SOURCE = LawSource()
AML = law(
    "lov/2005-06-17-62",
    chapter(
        "Kapittel 2 A. Varsling",
        paragraph("2 A-1", "Rett til å varsle", "Arbeidstaker kan varsle."),
        paragraph("2 A-9", "(Opphevet)"),
    )
    + chapter("Vedlegg", '<article class="defaultP">Fri tekst.</article>', paragraph("2 A-1", "x")),
    title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
    short="Arbeidsmiljøloven – aml",
)
OTHER = law(
    "forskrift/2001-01-05-1",
    paragraph("1", "Formål", "Etter arbeidsmiljøloven."),
    short="Prøveforskriften",
    title="Forskrift om prøver",
    in_force="Kongen bestemmer",
)


@pytest.fixture
def entries(context: Flask) -> dict[str, SearchEntry]:
    import_archive(archive(AML, OTHER), "p", as_of=date(2026, 6, 18))
    return {entry.key: entry for entry in SOURCE.entries()}


def test_each_law_and_each_text_in_it_is_an_entry(entries: dict[str, SearchEntry]) -> None:
    assert list(entries) == [
        "lov/2005-06-17-62",
        "lov/2005-06-17-62#2 A-1",
        "lov/2005-06-17-62#2 A-9",
        "lov/2005-06-17-62#~k-2",
        "lov/2005-06-17-62#~p-2-A-1_2",
        "forskrift/2001-01-05-1",
        "forskrift/2001-01-05-1#1",
    ]


def test_paragraph_carries_names_number_and_place(entries: dict[str, SearchEntry]) -> None:
    entry = entries["lov/2005-06-17-62#2 A-1"]
    assert (entry.doc, entry.kind, entry.paragraph) == ("lov/2005-06-17-62", Kind.LAW, "2 A-1")
    assert entry.title == "§ 2 A-1 Rett til å varsle"
    assert "aml" in entry.aliases
    assert "Varsling" in entry.name
    assert entry.url == "/lover/lov/2005-06-17-62#p-2-A-1"
    assert entry.audience == ("all",)


def test_what_is_cited_ranks_first_and_what_does_not_hold_last(
    entries: dict[str, SearchEntry],
) -> None:
    cited = entries["lov/2005-06-17-62#2 A-1"].prior
    # Cited once, and one of those that every municipality works by.
    assert cited == pytest.approx((1 + 0.25 * 0.30103) * 1.7, abs=1e-4)
    assert entries["lov/2005-06-17-62#2 A-9"].prior < cited
    waiting = entries["forskrift/2001-01-05-1#1"]
    assert waiting.prior < 1
    assert "Ikke i kraft" in waiting.subtitle


def test_loading_and_indexing_one_law_give_the_same_entries(
    entries: dict[str, SearchEntry],
) -> None:
    assert SOURCE.load(list(entries)) == entries
    one = {entry.key: entry for entry in SOURCE.entries_for(["lov/2005-06-17-62"])}
    assert one == {key: entry for key, entry in entries.items() if key.startswith("lov/2005")}


def test_what_is_gone_gives_nothing(entries: dict[str, SearchEntry]) -> None:
    missing = ["lov/1999-01-01-1", "lov/2005-06-17-62#99", "lov/2005-06-17-62#~k-99"]
    assert SOURCE.load(missing) == {}
    assert list(SOURCE.entries_for(["lov/1999-01-01-1"])) == []


@pytest.mark.parametrize(
    ("key", "owned"),
    [
        ("lov/2005-06-17-62", True),
        ("lov/2005-06-17-62#2 A-1", True),
        ("lov/1814-05-17", True),
        ("forskrift/1996-12-06-1127#5", True),
        ("library/PRO-12", False),
        ("lovsang/2005-06-17-62", False),
        ("", False),
    ],
)
def test_source_knows_its_own_keys(key: str, owned: bool) -> None:
    assert SOURCE.owns(key) is owned
