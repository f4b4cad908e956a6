"""The life of a revision as a table, and when a document must be looked at again. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=30)


class RevisionState(StrEnum):
    """Where a revision is. Only one revision of a document is worked on, and one is published."""

    DRAFT = "draft"
    HEARING = "hearing"
    APPROVAL = "approval"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What someone does with a revision."""

    SEND_TO_HEARING = "send_to_hearing"
    END_HEARING = "end_hearing"
    SEND_TO_APPROVAL = "send_to_approval"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    CALL_BACK = "call_back"
    COME_INTO_FORCE = "come_into_force"
    TAKE_OVER = "take_over"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


class DocumentState(StrEnum):
    """What readers know of a document: not yet there, in force, or withdrawn."""

    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """How the review date stands today."""

    NONE = "none"
    FINE = "fine"
    SOON = "soon"
    OVERDUE = "overdue"


STEPS: dict[tuple[RevisionState, Step], RevisionState] = {
    (RevisionState.DRAFT, Step.SEND_TO_HEARING): RevisionState.HEARING,
    (RevisionState.DRAFT, Step.SEND_TO_APPROVAL): RevisionState.APPROVAL,
    # A draft that nobody wants any more is laid aside, never deleted.
    (RevisionState.DRAFT, Step.WITHDRAW): RevisionState.WITHDRAWN,
    # What applied in a former system goes on applying (docs/decisions/0010).
    (RevisionState.DRAFT, Step.TAKE_OVER): RevisionState.PUBLISHED,
    (RevisionState.HEARING, Step.END_HEARING): RevisionState.DRAFT,
    (RevisionState.APPROVAL, Step.TAKE_BACK): RevisionState.DRAFT,
    (RevisionState.APPROVAL, Step.RETURN): RevisionState.DRAFT,
    (RevisionState.APPROVAL, Step.APPROVE): RevisionState.PUBLISHED,
    # Approved with a day to come: until then the former one stands, and it may be called back.
    (RevisionState.APPROVAL, Step.SCHEDULE): RevisionState.SCHEDULED,
    (RevisionState.SCHEDULED, Step.CALL_BACK): RevisionState.DRAFT,
    (RevisionState.SCHEDULED, Step.COME_INTO_FORCE): RevisionState.PUBLISHED,
    (RevisionState.PUBLISHED, Step.SUPERSEDE): RevisionState.SUPERSEDED,
    (RevisionState.PUBLISHED, Step.WITHDRAW): RevisionState.WITHDRAWN,
}
WORKING = frozenset(
    {
        RevisionState.DRAFT,
        RevisionState.HEARING,
        RevisionState.APPROVAL,
        RevisionState.SCHEDULED,
    }
)
# What is on hearing may be written on: the hearing keeps the text that was sent.
EDITABLE = frozenset({RevisionState.DRAFT, RevisionState.HEARING})
# Once published, a revision is readable for ever (koml § 25-1, arkl § 13).
READABLE = frozenset({RevisionState.PUBLISHED, RevisionState.SUPERSEDED, RevisionState.WITHDRAWN})


def next_state(state: RevisionState, step: Step) -> RevisionState | None:
    """Return the state after the step, or None when the table does not allow it."""
    return STEPS.get((state, step))


def next_review(start: date, months: int) -> date | None:
    """Return the day `months` calendar months after `start`; the last of a shorter month.

    None when the type sets no review (0 months). At least yearly is the rule of internal control
    (KVAL § 8); the types say it.
    """
    if months <= 0:
        return None
    month = start.month - 1 + months
    year = start.year + month // 12
    month = month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def review_state(review_on: date | None, day: date) -> ReviewState:
    """Return how the review date stands on `day`. On the date itself it is not yet overdue."""
    if review_on is None:
        return ReviewState.NONE
    if review_on < day:
        return ReviewState.OVERDUE
    return ReviewState.SOON if review_on - day <= SOON else ReviewState.FINE
