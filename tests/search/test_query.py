"""What was asked, with no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.search.naming import name_key, names_in, paragraph_key
from intranet.search.query import Reference, parse

NAMES = {
    name_key(name)
    for name in (
        "Arbeidsmiljøloven",
        "aml",
        "Barnevernsloven",
        "Forvaltningsloven",
        "fvl",
        "Kommuneloven",
        "Personopplysningsloven",
        "Plan- og bygningsloven",
        "Vass- og avløpsanleggslova",
        "tek17",
        "PRO-12",
    )
}


def reference(text: str) -> Reference | None:
    found = parse(text, NAMES.__contains__).references
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "name", "paragraph"),
    [
        ("aml 2A-1", "aml", "2a-1"),
        ("aml. § 2 A-1", "aml", "2a-1"),
        ("fvl § 13", "fvl", "13"),
        ("§ 13-2 barnevernsloven", "Barnevernsloven", "13-2"),
        ("kommuneloven 25-1", "Kommuneloven", "25-1"),
        ("kommunelova § 25-1", "Kommuneloven", "25-1"),
        ("gdpr art 33", "Personopplysningsloven", "artikkel33"),
        ("pbl § 20-5", "Plan- og bygningsloven", "20-5"),
        ("plan og bygningslova", "Plan- og bygningsloven", ""),
        ("vass- og avløpsanleggsloven", "Vass- og avløpsanleggslova", ""),
        ("TEK 17", "tek17", ""),
        ("pro-12", "PRO-12", ""),
        ("fvl § 13 e", "fvl", "13e"),
    ],
)
def test_a_law_reference_is_recognised(text: str, name: str, paragraph: str) -> None:
    assert reference(text) == Reference(name_key(name), paragraph)


@pytest.mark.parametrize(
    ("text", "doc", "paragraph"),
    [
        ("lov 17. juni 2005 nr. 62 § 4-3", "lov/2005-06-17-62", "4-3"),
        ("LOV-2005-06-17-62", "lov/2005-06-17-62", ""),
        ("forskrift 6. desember 1996 nr. 1127 § 5", "forskrift/1996-12-06-1127", "5"),
        ("lov av 10. februar 1967", "lov/1967-02-10", ""),
    ],
)
def test_an_act_is_recognised_by_its_date(text: str, doc: str, paragraph: str) -> None:
    assert reference(text) == Reference("", paragraph, doc)


def test_words_beside_a_law_name_are_searched_too() -> None:
    question = parse("barnevernsloven meldeplikt", NAMES.__contains__)
    assert question.references == (Reference(name_key("Barnevernsloven")),)
    assert [slot.text for slot in question.slots] == ["meldeplikt"]


def test_a_question_keeps_the_words_that_say_something() -> None:
    slots = parse("hvor lenge kan jeg ha egenmelding").slots
    assert [slot.text for slot in slots] == ["egenmelding"]


def test_a_question_of_nothing_but_asking_words_is_searched_as_it_is() -> None:
    assert parse("hvor lang tid").slots


def test_a_phrase_stands_in_quotes() -> None:
    assert parse("«rett til å varsle»").phrases == (("rett", "varsl"),)
    assert parse('"uten slutt').phrases == ()


def test_words_written_apart_also_find_the_compound() -> None:
    slots = parse("avviks melding").slots
    assert all(any(one.terms == ("avviksmeld",) for one in slot.alternatives) for slot in slots)


def test_an_everyday_word_also_finds_the_word_of_the_law() -> None:
    (slot,) = parse("medisin").slots
    assert ("legemiddel",) in [one.terms for one in slot.alternatives]
    assert slot.alternatives[0].weight > slot.alternatives[-1].weight


@pytest.mark.parametrize(
    "text", ["title:varsling", "varsling^3", "varsl* AND plan", "[a TO z]", "aud:all"]
)
def test_there_is_no_query_language(text: str) -> None:
    """AZ-15"""
    terms = parse(text).terms
    assert terms
    assert not any(sign in term for term in terms for sign in ":*^[]")


ODD = [
    "",
    " ",
    "\0",
    "(" * 10_000,
    "a OR " * 5_000,
    "AND NOT " * 3_000,
    "*" * 3_000,
    "* " * 3_000,
    "x" * 1_000_000,
    "§" * 100_000,
    "1-" * 50_000,
    "é" * 100_000,
    '"' * 100_001,
    '"' + "a " * 50_000 + '"',
    "lov " * 20_000,
    "🙂" * 3_000,
    "\u202eabc אבג",
    "\ud800",
    "a\u0301" * 500,
    "'; DROP TABLE person; --",
    "<script>alert(1)</script>",
    "\\" * 5_000,
    "lov 99. juni 20055 nr. 1",
    "§ § § 1 2 3 - -",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_never_raises(text: str) -> None:
    """IN-11, IN-12"""
    question = parse(text, NAMES.__contains__)
    assert len(question.text) <= 500
    assert len(question.slots) <= 16


@given(st.text(max_size=200))
def test_no_input_raises(text: str) -> None:
    parse(text, lambda key: len(key) % 2 == 0)


def test_names_in_brackets_are_names_of_their_own() -> None:
    assert list(names_in("Byggteknisk forskrift (TEK17)")) == ["byggteknisk forskrift", "tek17"]


def test_articles_and_paragraphs_have_keys_of_their_own() -> None:
    assert paragraph_key("Artikkel 33") == "artikkel33"
    assert paragraph_key("33") == "33"
