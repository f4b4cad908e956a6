"""Two editions of a law, paragraph by paragraph; and the real ones, where the shared folder is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from intranet.laws.comparing import (
    Fingerprint,
    SectionChange,
    compare_sections,
    fingerprints,
    read_fingerprints,
)
from intranet.laws.lovdata import parse_law
from tests.laws.builders import archive, chapter, law, paragraph

NAME = "lov/2001-01-05-1"


def changes(old: tuple[str, ...], new: tuple[str, ...]) -> list[tuple[str, SectionChange]]:
    before, after = (fingerprints(parse_law(law(NAME, *body)).nodes) for body in (old, new))
    return [(one.section, one.change) for one in compare_sections(before, after)]


def test_each_kind_of_change_is_named_once() -> None:
    old = (
        paragraph("1", "Formål", "Likt."),
        paragraph("2", "Virkeområde", "Før."),
        paragraph("3", "Gammel tittel", "Likt."),
        paragraph("4", "Borte", "Borte."),
    )
    new = (
        paragraph("1", "Formål", "Likt."),
        paragraph("2", "Omfang", "Etter."),
        paragraph("3", "Ny tittel", "Likt."),
        paragraph("3 a", "Ny", "Ny."),
    )
    assert changes(old, new) == [
        ("2", SectionChange.TEXT),
        ("3", SectionChange.TITLE),
        ("3 a", SectionChange.ADDED),
        ("4", SectionChange.REPEALED),
    ]


@pytest.mark.parametrize(
    "new",
    [
        paragraph("2 A-1", "Varsling", "En to."),
        paragraph("2A-1", "Varsling", "En to."),
        paragraph("2 A-1", "Varsling", "En\n  to."),
        paragraph("2 A-1", "Varsling", "En to.", notes="Endret ved lov 1 jan 2026 nr. 1."),
        chapter("Kapittel 2", paragraph("2 A-1", "Varsling", "En to.")),
    ],
)
def test_what_is_only_written_or_placed_otherwise_is_no_change(new: str) -> None:
    assert changes((paragraph("2 A-1", "Varsling", "En to."),), (new,)) == []


def test_number_that_an_annex_repeats_changes_with_either_text() -> None:
    first, annex = paragraph("1", "Formål", "Lov."), paragraph("1", "Formål", "Vedlegg.")
    changed = paragraph("1", "Formål", "Nytt vedlegg.")
    assert changes((first, annex), (first, changed)) == [("1", SectionChange.TEXT)]


def test_text_that_stands_in_a_note_is_not_compared() -> None:
    old = paragraph("4", "Samtykke", notes="Kan samtykke.\nEndret ved lov 1 jan 2020 nr. 1.")
    new = paragraph("4", "Samtykke", notes="Må samtykke.\nEndret ved lov 1 jan 2026 nr. 1.")
    assert changes((old,), (new,)) == []


def amended(app: Flask, old: Path, new: Path) -> Result:
    return app.test_cli_runner().invoke(args=["laws", "amended", str(old), str(new)])


def test_command_writes_a_line_for_each_changed_paragraph(app: Flask, tmp_path: Path) -> None:
    old, new = tmp_path / "old.tar.bz2", tmp_path / "new.tar.bz2"
    old.write_bytes(archive(law(NAME, paragraph("1", "Formål", "Før."))).getvalue())
    new.write_bytes(
        archive(
            law(NAME, paragraph("1", "Formål", "Etter.")),
            law("lov/2026-06-12-25", paragraph("1", "Ny", "Ny lov.")),
        ).getvalue()
    )
    result = amended(app, old, new)
    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"doc": NAME, "section": "1", "change": "text"},
        {"doc": "lov/2026-06-12-25", "section": "1", "change": "added"},
    ]


def test_command_refuses_what_is_no_archive(app: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.bz2"
    broken.write_bytes(b"BZh9 no archive")
    result = amended(app, broken, broken)
    assert result.exit_code == 1
    assert "broken.tar.bz2" in result.output


def test_real_editions_of_may_and_june_differ_in_exactly_these_paragraphs(shared: Path) -> None:
    folder = shared / "lovdata"
    if not folder.exists():
        pytest.skip(f"no {folder}: the small texts above stand in")
    found = []
    for kind in ("lover", "sentrale-forskrifter"):
        old: dict[str, dict[str, Fingerprint]] = {}
        new: dict[str, dict[str, Fingerprint]] = {}
        for laws, day in ((old, "2026-05-21"), (new, "2026-06-18")):
            with (folder / f"gjeldende-{kind}-{day}.tar.bz2").open("rb") as stream:
                laws.update(read_fingerprints(stream))
        found += [
            {"doc": refid, "section": one.section, "change": one.change.value}
            for refid in old.keys() | new.keys()
            for one in compare_sections(old.get(refid, {}), new.get(refid, {}))
        ]
    expected = (folder / "amended-2026-05-21-to-2026-06-18.jsonl").read_text(encoding="utf-8")
    in_order = lambda row: (row["doc"], row["section"])  # noqa: E731
    assert sorted(found, key=in_order) == sorted(
        map(json.loads, expected.splitlines()), key=in_order
    )
