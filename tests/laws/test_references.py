"""References in text find the paragraphs that they mean, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from intranet.laws.names import name_key, names_of, short_name_table
from intranet.laws.references import ReferenceFinder
from tests.growth import assert_linear

AML, FVL, HOL = "lov/2005-06-17-62", "lov/1967-02-10", "lov/2011-06-24-30"
KOML, POL, OFFL = "lov/2018-06-22-83", "lov/2018-06-15-38", "lov/2006-05-19-16"
PHVL, NAV, CITIZEN = "lov/1999-07-02-62", "lov/2009-12-18-131", "lov/2005-06-10-51"
TITLE = (
    "Forskrift om systematisk helse-, miljø- og sikkerhetsarbeid i virksomheter "
    "(Internkontrollforskriften)"
)
IKF, BRANN = "forskrift/1996-12-06-1127", "lov/2002-06-14-20"


class SmallCorpus:
    """A handful of laws with some of their paragraphs."""

    laws: dict[str, tuple[str, ...]] = {
        AML: ("Arbeidsmiljøloven", "2 A-1", "2 A-2", "2 A-3", "4-1", "4-2", "4-3", "4-6", "14-9"),
        FVL: ("Forvaltningsloven", "6", "7", "8", "13", "13 a", "13 b", "13 c", "14", "36"),
        HOL: ("Helse- og omsorgstjenesteloven", "4-2", "12-3", "12-3 a", "12-4"),
        KOML: ("Kommuneloven", "25-1", "25-2", "31-3"),
        POL: ("Personopplysningsloven", "16", "33", "Artikkel 32", "Artikkel 33", "Artikkel 34"),
        OFFL: ("Offentleglova", "3", "13", "14", "25"),
        IKF: ("Internkontrollforskriften", "4", "5", "6"),
        BRANN: ("Brann- og eksplosjonsvernloven", "5", "8"),
        PHVL: ("Psykisk helsevernloven", "3-1", "3-2"),
        NAV: ("Sosialtjenesteloven", "3", "4", "18"),
        CITIZEN: ("Statsborgerloven", "7"),
    }

    def __init__(self) -> None:
        self._names = short_name_table()
        for refid, (name, *_sections) in self.laws.items():
            for one in names_of(name, (), TITLE if refid == IKF else name):
                self._names[name_key(one)] = refid

    def find_name(self, key: str) -> str | None:
        refid = self._names.get(key)
        return refid if refid is None or refid in self.laws else ""

    def has_law(self, refid: str) -> bool:
        return refid in self.laws

    def sections(self, refid: str) -> Sequence[str]:
        return self.laws[refid][1:]

    def short_names(self) -> Sequence[str]:
        return ["sak 10", "tek 17", name_key("Psykisk helsevernloven")]


FINDER = ReferenceFinder(SmallCorpus())


def targets(text: str, context: str | None = None) -> list[str]:
    found = []
    for reference in FINDER.find(text, context):
        place = f"{reference.refid}#{reference.section}" if reference.section else reference.refid
        found.append(f"{place}({reference.ledd})" if reference.ledd else place)
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("jf. forvaltningsloven § 13 første ledd", [f"{FVL}#13(1)"]),
        ("kommunelovens § 25-1", [f"{KOML}#25-1"]),
        ("arbeidsmiljølova § 4-3", [f"{AML}#4-3"]),
        ("aml. § 2 A-3 (5)", [f"{AML}#2 A-3(5)"]),
        ("aml §2A-3", [f"{AML}#2 A-3"]),
        ("AML § 2\u00a0A-3", [f"{AML}#2 A-3"]),
        ("hol § 12-3a", [f"{HOL}#12-3 a"]),
        ("helse- og omsorgstjenestelovens § 12-3 a", [f"{HOL}#12-3 a"]),
        ("arbeidsmiljøloven § 4-6 tredje og fjerde ledd", [f"{AML}#4-6(3)", f"{AML}#4-6(4)"]),
        ("arbeidsmiljøloven §§ 4-1, 4-2 og 4-3", [f"{AML}#4-1", f"{AML}#4-2", f"{AML}#4-3"]),
        ("forvaltningsloven §§ 13 til 13 b", [f"{FVL}#13", f"{FVL}#13 a", f"{FVL}#13 b"]),
        ("forvaltningsloven §§ 6-8", [f"{FVL}#6", f"{FVL}#7", f"{FVL}#8"]),
        ("fvl §§ 13 b og 13c", [f"{FVL}#13 b", f"{FVL}#13 c"]),
        ("lov 17. juni 2005 nr. 62 § 4-3", [f"{AML}#4-3"]),
        ("lov 17. juni 2005 nr. 62 om arbeidsmiljø mv. § 4-3", [f"{AML}#4-3"]),
        ("LOV-2005-06-17-62-§14-9", [f"{AML}#14-9"]),
        ("FOR-1996-12-06-1127", [IKF]),
        ("§ 4-3 i arbeidsmiljøloven", [f"{AML}#4-3"]),
        ("offl. § 13, jf. fvl. § 13 (1) nr. 1", [f"{OFFL}#13", f"{FVL}#13(1)"]),
        ("internkontrollforskriften § 5 annet ledd nr. 7", [f"{IKF}#5(2)"]),
        ("personvernforordningen artikkel 33 og 34", [f"{POL}#Artikkel 33", f"{POL}#Artikkel 34"]),
        ("GDPR art. 32-34", [f"{POL}#Artikkel {n}" for n in (32, 33, 34)]),
        ("gdpr art 33", [f"{POL}#Artikkel 33"]),
        ("personopplysningsloven § 33", [f"{POL}#33"]),
        ("kommuneloven 25-1", [f"{KOML}#25-1"]),
        ("fvl 13", [f"{FVL}#13"]),
        ("Vi følger arbeidsmiljøloven.", [AML]),
        ("brannvernloven § 5", [f"{BRANN}#5"]),
        ("psykisk helsevernlova § 3-2", [f"{PHVL}#3-2"]),
        ("psykisk helsevernlovens § 3-2", [f"{PHVL}#3-2"]),
        ("statsborgarlova § 7", [f"{CITIZEN}#7"]),
        (
            "forskrift om systematisk helse-, miljø- og sikkerhetsarbeid i virksomheter §§ 4 og 5",
            [f"{IKF}#4", f"{IKF}#5"],
        ),
        (f"{TITLE} § 5, og aml. § 4-1", [f"{IKF}#5", f"{AML}#4-1"]),
        ("§ 14 i forvaltningsloven", [f"{FVL}#14"]),
    ],
)
def test_finder_resolves_reference_as_people_write_it(text: str, wanted: list[str]) -> None:
    assert targets(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "kommuneloven 25. september 1992 nr. 107 § 31 nr. 3",
        "kommuneloven av 1992 § 31-3",
        "§ 6-1 og § 6-2 i forskrift 26. juni 2002 nr. 847 om brannforebyggende tiltak og tilsyn",
        "arbeidsmiljøloven § 99-9",
        "barnehageforskriften § 4",
        "Hol kommune har 13 ansatte",
        # An act that counts by chapters had this name before: § 4-3 is no range down to § 3.
        "sosialtjenesteloven § 4-3",
        # The date decides, also when the name of today's act stands behind it.
        "lov 14. juni 1985 nr. 77 forvaltningsloven § 13",
        "lov 17. juli 1992 nr. 100 om gamle prøver (arbeidsmiljøloven) § 4-3",
        # A letter that the law does not have is not left out.
        "forvaltningsloven § 14 a",
        "forskrift om noe ganske annet i virksomheter § 5",
        "Se § 4 i avtalen",
        "",
    ],
)
def test_finder_gives_nothing_for_repealed_or_unknown(text: str) -> None:
    """XT-10"""
    assert targets(text) == []


def test_paragraph_of_an_unknown_act_does_not_stick_to_the_one_before() -> None:
    text = "forvaltningsloven § 13 og ukjentloven § 14"
    assert targets(text) == [f"{FVL}#13"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("jf. § 13", [f"{FVL}#13"]),
        ("etter§§ 6og7", [f"{FVL}#6", f"{FVL}#7"]),
        ("loven § 13 b", [f"{FVL}#13 b"]),
        ("arbeidsmiljøloven § 4-1 og § 13 her", [f"{AML}#4-1", f"{FVL}#13"]),
    ],
)
def test_bare_paragraph_belongs_to_the_law_that_the_text_stands_in(
    text: str, wanted: list[str]
) -> None:
    assert targets(text, context=FVL) == wanted
    if "arbeidsmiljø" not in text:
        assert targets(text) == []


def test_positions_cover_name_and_number_and_do_not_overlap() -> None:
    text = "Se aml. § 4-1 og § 4-3, og forvaltningsloven §§ 6 til 8."
    found = FINDER.find(text)
    spans = [text[r.start : r.end] for r in found if r.end > r.start]
    assert spans == ["aml. § 4-1", "4-3", "forvaltningsloven §§ 6 til 8"]


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [("", "a-", ""), ("", "§ 1 ", ""), ("", " ", "§ 3"), ("aml § 4-3, ", " ", "§ 4"),
     ("§§ ", "1, ", ""), ("", "forvaltningsloven ", ""), ("", "lov 1. ", ""), ("", "forskrift om x ", ""), ("", "x", "")],
)  # fmt: skip
def test_worst_text_of_a_hundred_kilobytes_costs_what_its_length_costs(
    before: str, piece: str, after: str
) -> None:
    """IN-11."""
    assert_linear(FINDER.find, lambda size: before + piece * (size // len(piece)) + after, 100_000)


def test_real_references_resolve_at_ninety_five_percent(shared: Path) -> None:
    """Against the laws in force, where the shared archives are; else said and left out."""
    questions, archives = shared / "search" / "refs_dev.jsonl", shared / "lovdata"
    if not questions.exists() or not archives.exists():
        pytest.skip(f"no {questions}: the small corpus above stands in")
    from tests.laws.real import RealCorpus

    finder = ReferenceFinder(RealCorpus(archives))
    right = total = 0
    for line in questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        wanted = {(target["doc"], target["section"]) for target in question["targets"]}
        found = finder.find(question["text"], question.get("context"))
        right += {(reference.refid, reference.section) for reference in found} == wanted
        total += 1
    assert right / total >= 0.95
