"""Severity computed from facts, by table."""

import pytest

from intranet.deviations.defaults import DEFAULT_CATEGORIES
from intranet.deviations.severity import (
    UNASSESSED,
    Category,
    Question,
    Severity,
    answer_key,
    assess_severity,
    relevant_answers,
)

TABLE = DEFAULT_CATEGORIES.table


@pytest.mark.parametrize(
    ("category", "ticked", "expected"),
    [
        ("patient", "", "low"),
        ("patient", "before", "medium"),
        ("patient", "could", "medium"),
        ("patient", "could before", "high"),
        ("patient", "treatment", "high"),
        ("patient", "treatment before", "high"),
        ("patient", "lasting", "critical"),
        ("patient", "lasting treatment could before", "critical"),
        ("child", "treatment", "high"),
        ("staff", "could before", "high"),
        ("privacy", "", "low"),
        ("privacy", "many", "medium"),
        ("privacy", "leaked", "medium"),
        ("privacy", "leaked many", "high"),
        ("privacy", "sensitive", "high"),
        ("privacy", "sensitive many", "critical"),
        ("privacy", "open", "high"),
        ("other", "danger", "critical"),
        ("other", "law", "medium"),
        ("other", "law before", "high"),
        ("other", "stopped before", "high"),
    ],
)
def test_the_answers_give_the_severity_of_the_table(
    category: str, ticked: str, expected: str
) -> None:
    answers = {f"{category}.{key}" for key in ticked.split()}
    assert assess_severity(TABLE, Category(category), answers) == expected


def test_the_answers_of_another_category_count_for_nothing() -> None:
    assert assess_severity(TABLE, Category.OTHER, {"patient.lasting"}) == Severity.LOW
    assert relevant_answers(TABLE, Category.OTHER, {"patient.lasting", "other.law"}) == [
        "other.law"
    ]
    assert relevant_answers(TABLE, None, {"patient.lasting"}) == []


def test_a_report_that_nobody_has_judged_is_in_the_middle() -> None:
    assert assess_severity(TABLE, None, {"patient.lasting"}) == UNASSESSED == Severity.MEDIUM
    assert assess_severity(TABLE, Category.PATIENT, (), was_asked=False) == UNASSESSED


@pytest.mark.parametrize("category", Category)
def test_each_category_asks_three_or_four_questions_and_can_end_anywhere(
    category: Category,
) -> None:
    questions = TABLE[category]
    assert 3 <= len(questions) <= 4
    keys = [answer_key(category, question) for question in questions]
    subsets = [
        {key for place, key in enumerate(keys) if bits >> place & 1}
        for bits in range(2 ** len(keys))
    ]
    assert {assess_severity(TABLE, category, subset) for subset in subsets} == set(Severity)


@pytest.mark.parametrize("category", Category)
def test_one_more_yes_never_makes_it_less_grave(category: Category) -> None:
    keys = [answer_key(category, question) for question in TABLE[category]]
    for bits in range(2 ** len(keys)):
        answers = {key for place, key in enumerate(keys) if bits >> place & 1}
        for key in keys:
            assert assess_severity(TABLE, category, answers | {key}).at_least(
                assess_severity(TABLE, category, answers)
            )


def test_every_answer_has_one_name() -> None:
    names = [answer_key(category, question) for category in TABLE for question in TABLE[category]]
    assert len(set(names)) == len(names) == 24


@pytest.mark.parametrize("severity", Severity)
def test_a_rank_names_its_severity(severity: Severity) -> None:
    assert Severity.of_rank(severity.rank) is severity


def test_a_category_without_questions_is_left_to_the_handler() -> None:
    assert assess_severity({"empty": ()}, "empty", ()) == UNASSESSED
    assert assess_severity({}, "unknown", {"unknown.x"}) == UNASSESSED


def test_the_table_that_is_given_decides() -> None:
    table = {"water": (Question("leak", means=Severity.CRITICAL),)}
    assert assess_severity(table, "water", {"water.leak"}) == Severity.CRITICAL
    assert assess_severity({"water": (Question("leak"),)}, "water", {"water.leak"}) == Severity.LOW
