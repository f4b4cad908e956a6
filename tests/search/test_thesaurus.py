"""The tables of other words and of answers, as they stand in the files."""

from __future__ import annotations

import re

from intranet.search import norwegian, thesaurus
from intranet.search.query import Answer, Reference, parse

_PLACE = re.compile(r"\d{1,3}[a-z]?(-\d{1,3}[a-z]?)?|artikkel\d{1,3}")


def test_every_pointer_names_a_document_and_a_paragraph() -> None:
    assert len(thesaurus.pointers()) > 400
    for pointer in thesaurus.pointers():
        assert re.fullmatch(r"(lov|forskrift)/\d{4}-\d\d-\d\d(-\d+)?", pointer.doc), pointer
        assert _PLACE.fullmatch(pointer.paragraph), pointer


def test_every_line_means_something_else_than_it_says() -> None:
    """A line without content, or without "=", would do nothing and nobody would see it."""
    for name in ("thesaurus.txt", "answers.txt"):
        for line in norwegian.read_lines(name):
            if not line.startswith("["):
                typed, sign, meant = line.partition("=")
                assert sign, line
                said = {" ".join(saying.words) for saying in thesaurus.sayings()}
                texts = [text.strip() for text in typed.split(",")]
                assert all(thesaurus.terms_in(text) or text in said for text in texts), line
                assert all(thesaurus.terms_in(text) for text in meant.split(",")), line


def test_an_answer_says_how_much_of_the_question_it_covers() -> None:
    whole = parse("har jeg rett til pause").answers
    assert Answer(Reference("", "10-9", "lov/2005-06-17-62"), 0.5) in whole
    assert parse("pause").answers == (Answer(Reference("", "10-9", "lov/2005-06-17-62"), 1.0),)
    assert parse("brannbil").answers == ()


def test_a_compound_is_its_parts_too() -> None:
    found = {answer.reference.paragraph for answer in parse("ungdomsskoleelev utvist").answers}
    assert "13-1" in found


def test_words_that_mean_nothing_one_by_one_mean_something_together() -> None:
    slots = parse("si fra om noe").slots
    assert [slot.text for slot in slots] == ["si fra"]
    assert ("varsl",) in [alternative.terms for alternative in slots[0].alternatives]
    assert parse("fra og si").is_empty
