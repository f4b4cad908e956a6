"""Letters as data: what each must contain, its words in both languages, and the finished paper."""

from __future__ import annotations

import string
from datetime import date

import pytest

from intranet.deviations.clock_rules import DEFAULT_CLOCKS
from intranet.deviations.letter_document import (
    FRAMES,
    Setting,
    compose_letter,
    day_words,
    document_from,
)
from intranet.deviations.letter_shapes import (
    FRAME,
    Language,
    LetterKind,
    Need,
    fill_in,
    missing_fields,
    shown_fields,
    split_recipient,
)
from intranet.deviations.letter_words import LEADS, LETTER_KINDS, MAKE, field_words
from intranet.deviations.letters import BY_SLUG, LETTERS, kinds_for
from intranet.deviations.types import Kind

SETTING = Setting(
    "Havnsund kommune",
    "Strandheim",
    "2026-0012",
    on=date(2026, 10, 16),
    known={"one_year": "16. oktober 2027"},
)
KNOWN = {"municipality", "unit", "number", "before", "day", "one_year"}


@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("language", list(Language))
def test_every_letter_has_its_words_in_both_languages(kind: LetterKind, language: Language) -> None:
    rule, wording = LETTERS[kind], FRAMES[language].by_kind[kind]
    asked = {field.key for field in rule.fields} - FRAME
    assert set(wording.headings) == asked
    assert wording.intro
    assert bool(wording.follow_intro) is bool(wording.follow_title) is rule.has_phases
    texts = [wording.title, wording.follow_title, *wording.intro, *wording.closing]
    for text in (*texts, *wording.follow_intro):
        names = {name for _text, name, _spec, _conversion in string.Formatter().parse(text)}
        assert names - {None} <= KNOWN


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_field_says_what_it_is_and_why_it_is_asked_for(kind: LetterKind) -> None:
    assert str(LETTER_KINDS[kind])
    assert str(MAKE[kind])
    assert str(LEADS[kind])
    for field in LETTERS[kind].fields:
        label, why = field_words(kind, field.key)
        assert str(label)
        assert str(why).endswith(".")


def test_every_letter_answers_a_deadline_of_its_kind() -> None:
    clocks = {(rule.key, rule.phase): rule.kind for rule in DEFAULT_CLOCKS}
    for rule in LETTERS.values():
        assert clocks[rule.clock] == rule.kind
    assert len(BY_SLUG) == len(LETTERS)
    assert kinds_for(Kind.FIRE, []) == []


def test_a_notice_lacks_what_article_33_demands_until_it_is_written() -> None:
    rule = LETTERS[LetterKind.BREACH_NOTICE]
    first = missing_fields(rule, {"nature": "  "}, number=1, is_late=False)
    assert {"nature", "persons", "records", "effects", "measures", "contact"} <= set(first)
    assert not {"late", "news", "missing"} & set(first)
    written = dict.fromkeys(first, "Skrevet.")
    assert missing_fields(rule, written, number=1, is_late=False) == []
    assert missing_fields(rule, written, number=1, is_late=True) == ["late"]
    assert missing_fields(rule, written, number=2, is_late=False) == ["news"]


@pytest.mark.parametrize(("number", "is_late"), [(1, False), (2, False), (1, True)])
def test_what_is_new_and_why_it_is_late_are_asked_for_when_they_must_be_said(
    number: int, is_late: bool
) -> None:
    rule = LETTERS[LetterKind.BREACH_NOTICE]
    shown = shown_fields(rule, number=number, is_late=is_late, reads_closed=True)
    keys = [each.key for each in shown]
    assert ("news" in keys) is (number > 1)
    assert ("late" in keys) is is_late


def test_a_letter_begins_with_what_the_case_knows() -> None:
    rule = LETTERS[LetterKind.BREACH_NOTICE]
    facts = {
        "what": "Mappa sto åpen.", "answer.remedies": "Lukket mappa.", "actions": "– Ny rutine",
        "immediate": "Lukket mappa.", "officer": "", "writer": "Mona Dahl",
    }  # fmt: skip
    filled = fill_in(rule, facts)
    assert filled["nature"] == "Mappa sto åpen."
    assert filled["measures"] == "Lukket mappa.\n– Ny rutine"
    assert filled["contact"] == "Mona Dahl"
    assert "persons" not in filled
    assert fill_in(rule, {**facts, "answer.facts": "Søknader."})["nature"] == "Søknader."


def test_the_next_notice_begins_with_what_the_one_before_said() -> None:
    rule = LETTERS[LetterKind.BREACH_NOTICE]
    earlier = {"nature": "Rettet tekst.", "missing": "Antallet.", "signature": "Mona"}
    filled = fill_in(rule, {"what": "Meldt tekst.", "signature": "Kaja"}, earlier)
    assert filled == {"nature": "Rettet tekst.", "signature": "Kaja"}


def test_what_is_closed_in_one_letter_never_comes_into_an_open_field_of_another() -> None:
    for rule in LETTERS.values():
        for field in rule.fields:
            assert field.is_closed or "closed." not in field.source


@pytest.mark.parametrize(
    ("kind", "demanded"),
    [
        # helse- og omsorgstjenesteloven § 12-3 a second paragraph.
        (
            LetterKind.CARE_REPORT,
            "review causes measures followed_patient followed_relatives followed_staff involved",
        ),
        (LetterKind.CARE_MESSAGE, "harm cause unexpected"),
        (LetterKind.CARE_INVITATION, "to what measures meeting"),
        (LetterKind.WORK_CONFIRMATION, "to copy called harm"),
        (LetterKind.SAFETY_ANSWER, "inquiry answer"),
        # GDPR art. 34 no. 2.
        (LetterKind.BREACH_PERSONS, "nature contact effects measures"),
        # GDPR art. 33 no. 5.
        (LetterKind.BREACH_DECISION, "nature effects measures unlikely"),
    ],
)
def test_each_letter_demands_what_its_law_names(kind: LetterKind, demanded: str) -> None:
    missing = missing_fields(LETTERS[kind], {}, number=1, is_late=False)
    assert set(demanded.split()) <= set(missing)


def test_letters_come_with_their_deadlines_and_one_of_them_without() -> None:
    assert kinds_for(Kind.WORK_INJURY, []) == []
    serious = [("work_accident", "confirmation"), ("nav_injury", "report")]
    assert kinds_for(Kind.WORK_INJURY, serious) == [
        LetterKind.WORK_CONFIRMATION,
        LetterKind.NAV_INJURY,
    ]
    assert kinds_for(Kind.DATA_BREACH, []) == [LetterKind.BREACH_PERSONS]


def test_the_recipient_of_the_deadline_becomes_to_and_copy() -> None:
    both = "Statsforvalteren og Ukom, kopi til Statens helsetilsyn"
    assert split_recipient(both) == ("Statsforvalteren og Ukom", "Statens helsetilsyn")
    assert split_recipient("Arbeidstilsynet, kopi til verneombudet")[1] == "Verneombudet"
    assert split_recipient("Datatilsynet") == ("Datatilsynet", "")


def test_a_following_notice_names_the_one_before_and_says_the_news_first() -> None:
    setting = Setting("Havnsund kommune", "Strandheim", "2026-0012", 2, None, date(2026, 10, 3))
    values = {"news": "To til.", "nature": "Mappe.", "missing": " "}
    made = compose_letter(LetterKind.BREACH_NOTICE, Language.NYNORSK, values, setting)
    assert made.title.endswith("melding 2")
    assert "Melding 1 er datert 3. oktober 2026" in made.intro[0]
    assert [section.key for section in made.sections] == ["news", "nature"]
    assert made.sections[0].heading == "Nytt sidan førre melding"


def test_what_people_wrote_is_never_read_as_a_pattern() -> None:
    values = {"nature": "Feil {municipality} i malen {0}", "to": "{unit}"}
    made = compose_letter(LetterKind.BREACH_NOTICE, Language.BOKMAL, values, SETTING)
    assert made.sections[0].text == "Feil {municipality} i malen {0}"
    assert made.to == "{unit}"


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_kept_letter_is_the_same_when_it_is_read_again(kind: LetterKind) -> None:
    values = {field.key: f"Tekst {field.key}" for field in LETTERS[kind].fields}
    made = compose_letter(kind, Language.BOKMAL, values, SETTING)
    assert document_from(made.as_data()) == made
    assert made.date == "16. oktober 2026"
    assert made.has_closed is LETTERS[kind].has_closed
    shown = made.without_closed()
    for field in LETTERS[kind].fields:
        assert (f"Tekst {field.key}" in repr(shown)) is not field.is_closed


def test_needs_are_all_in_use_and_no_day_is_no_words() -> None:
    used = {field.need for rule in LETTERS.values() for field in rule.fields}
    assert used == set(Need)
    assert day_words(None) == ""
