"""Severity computed from facts, by table."""

import pytest

from intranet.deviations.severity import (
    ALL_ANSWERS,
    QUESTIONS,
    UNASSESSED,
    Category,
    Severity,
    answer_key,
    assess_severity,
    relevant_answers,
)


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
    assert assess_severity(Category(category), answers) == expected


def test_the_answers_of_another_category_count_for_nothing() -> None:
    assert assess_severity(Category.OTHER, {"patient.lasting"}) == Severity.LOW
    assert relevant_answers(Category.OTHER, {"patient.lasting", "other.law"}) == ["other.law"]
    assert relevant_answers(None, {"patient.lasting"}) == []


def test_a_report_that_nobody_has_judged_is_in_the_middle() -> None:
    assert assess_severity(None, {"patient.lasting"}) == UNASSESSED == Severity.MEDIUM
    assert assess_severity(Category.PATIENT, (), was_asked=False) == UNASSESSED


@pytest.mark.parametrize("category", Category)
def test_each_category_asks_three_or_four_questions_and_can_end_anywhere(
    category: Category,
) -> None:
    questions = QUESTIONS[category]
    assert 3 <= len(questions) <= 4
    keys = [answer_key(category, question) for question in questions]
    subsets = [
        {key for place, key in enumerate(keys) if bits >> place & 1}
        for bits in range(2 ** len(keys))
    ]
    assert {assess_severity(category, subset) for subset in subsets} == set(Severity)


@pytest.mark.parametrize("category", Category)
def test_one_more_yes_never_makes_it_less_grave(category: Category) -> None:
    keys = [answer_key(category, question) for question in QUESTIONS[category]]
    for bits in range(2 ** len(keys)):
        answers = {key for place, key in enumerate(keys) if bits >> place & 1}
        for key in keys:
            assert assess_severity(category, answers | {key}).at_least(
                assess_severity(category, answers)
            )


def test_every_answer_has_one_name() -> None:
    assert len(set(ALL_ANSWERS)) == len(ALL_ANSWERS) == sum(len(q) for q in QUESTIONS.values())


@pytest.mark.parametrize("severity", Severity)
def test_a_rank_names_its_severity(severity: Severity) -> None:
    assert Severity.of_rank(severity.rank) is severity
