"""What a leader or HR hands in as a vacancy, and the rules between its parts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

TITLE_LENGTH = 120
SHORT_LENGTH = 200
REQUIREMENTS_LENGTH = 5_000
BODY_LENGTH = 20_000
FULL_TIME = Decimal(100)

_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Terms(StrEnum):
    """How long the employment lasts."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


class Fault(StrEnum):
    """What is wrong with a vacancy; the action has the words for it."""

    TITLE_MISSING = "title_missing"
    TOO_LONG = "too_long"
    PERCENTAGE = "percentage"
    DURATION_MISSING = "duration_missing"
    WORKPLACE_MISSING = "workplace_missing"
    BODY_MISSING = "body_missing"
    HOW_TO_APPLY_MISSING = "how_to_apply_missing"
    DEADLINE_MISSING = "deadline_missing"
    DEADLINE_PASSED = "deadline_passed"


@dataclass(frozen=True)
class VacancyContents:
    """A vacancy as written. The percentage is of a full post, with at most two decimals."""

    title: str
    unit_id: int
    percentage: Decimal
    terms: Terms
    workplace: str
    body: str
    how_to_apply: str
    deadline_at: datetime | None
    duration: str = ""
    salary: str = ""
    requirements: str = ""
    contact_id: int | None = None
    is_public: bool = False

    @property
    def is_part_time(self) -> bool:
        """Whether part-timers may claim it as an extension of their post (aml. § 14-3)."""
        return self.percentage < FULL_TIME


def find_fault(contents: VacancyContents, *, at: datetime) -> tuple[str, Fault] | None:
    """Return the first (form field, fault) of a vacancy that is to be kept, or None.

    A temporary post says until when or why, so that applicants and the working environment act's
    § 14-9 are served. A deadline must lie ahead.
    """
    lengths = (
        ("title", contents.title, TITLE_LENGTH),
        ("workplace", contents.workplace, SHORT_LENGTH),
        ("duration", contents.duration, SHORT_LENGTH),
        ("salary", contents.salary, SHORT_LENGTH),
        ("how_to_apply", contents.how_to_apply, SHORT_LENGTH),
        ("requirements", contents.requirements, REQUIREMENTS_LENGTH),
        ("body", contents.body, BODY_LENGTH),
    )
    is_temporary = contents.terms == Terms.TEMPORARY
    deadline = contents.deadline_at
    checks = (
        (not contents.title, "title", Fault.TITLE_MISSING),
        *((len(text) > longest, field, Fault.TOO_LONG) for field, text, longest in lengths),
        (not is_percentage(contents.percentage), "percentage", Fault.PERCENTAGE),
        (is_temporary and not contents.duration, "duration", Fault.DURATION_MISSING),
        (not contents.workplace, "workplace", Fault.WORKPLACE_MISSING),
        (not contents.body, "body", Fault.BODY_MISSING),
        (not contents.how_to_apply, "how_to_apply", Fault.HOW_TO_APPLY_MISSING),
        (deadline is None, "deadline_at", Fault.DEADLINE_MISSING),
        (deadline is not None and deadline <= at, "deadline_at", Fault.DEADLINE_PASSED),
    )
    return next(((field, fault) for is_wrong, field, fault in checks if is_wrong), None)


def is_percentage(value: Decimal) -> bool:
    """Tell whether it is above 0, at most 100, with at most two decimals."""
    return value.is_finite() and 0 < value <= FULL_TIME and value == round(value, 2)


def application_link(how_to_apply: str) -> str | None:
    """Return where the apply button leads: the first web address, else a mailbox, or None."""
    if address := _ADDRESS.search(how_to_apply):
        return address.group().rstrip(".,;:)")
    if mailbox := _MAILBOX.search(how_to_apply):
        return f"mailto:{mailbox.group()}"
    return None
