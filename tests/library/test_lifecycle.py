"""The life of a revision: every pair of state and step."""

from __future__ import annotations

from datetime import date

import pytest

from intranet.library.lifecycle import (
    READABLE,
    STEPS,
    WORKING,
    ReviewState,
    RevisionState,
    Step,
    next_review,
    next_state,
    review_state,
)

ALLOWED = {
    ("draft", "send_to_hearing"): "hearing",
    ("draft", "send_to_approval"): "approval",
    ("draft", "withdraw"): "withdrawn",
    ("draft", "take_over"): "published",
    ("hearing", "end_hearing"): "draft",
    ("approval", "take_back"): "draft",
    ("approval", "return"): "draft",
    ("approval", "approve"): "published",
    ("approval", "schedule"): "scheduled",
    ("scheduled", "call_back"): "draft",
    ("scheduled", "come_into_force"): "published",
    ("published", "supersede"): "superseded",
    ("published", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("state", RevisionState)
@pytest.mark.parametrize("step", Step)
def test_a_step_leads_where_the_table_says_or_nowhere(state: RevisionState, step: Step) -> None:
    """AZ-22: a draft that was written here cannot be published, and nothing leads out of superseded
    or withdrawn.
    """
    assert next_state(state, step) == ALLOWED.get((state, step))


def test_every_state_is_reached_and_every_step_is_of_use() -> None:
    reached = {RevisionState.DRAFT} | set(STEPS.values())
    assert reached == set(RevisionState)
    assert {step for _state, step in STEPS} == set(Step)
    assert set(RevisionState) == WORKING | READABLE


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 10, 13), 12, date(2027, 10, 13)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 1), 24, date(2028, 1, 1)),
        (date(2026, 1, 1), 0, None),
    ],
)
def test_the_review_date_is_whole_months_later(
    start: date, months: int, expected: date | None
) -> None:
    """CF-12."""
    assert next_review(start, months) == expected


@pytest.mark.parametrize(
    ("review_on", "expected"),
    [
        (None, ReviewState.NONE),
        (date(2026, 10, 12), ReviewState.OVERDUE),
        (date(2026, 10, 13), ReviewState.SOON),
        (date(2026, 11, 12), ReviewState.SOON),
        (date(2026, 11, 13), ReviewState.FINE),
    ],
)
def test_a_document_is_overdue_from_the_day_after_its_date(
    review_on: date | None, expected: ReviewState
) -> None:
    assert review_state(review_on, date(2026, 10, 13)) == expected
