"""Changes of a law that a document's owner is asked about, by when, and the answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intranet.core.clock import add_working_days

REASON_LENGTH = 1000
# Who is told of a change that holds already has so many working days to look at it.
DAYS_TO_LOOK = 10


class LawAnswer(StrEnum):
    """What the owner found. NONE: not answered."""

    NONE = ""
    NO_CONSEQUENCE = "no_consequence"
    REVISE = "revise"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class FoundChange:
    """One change of what a document rests on.

    `wording_id` when an import recorded it; `amended_by` and `effective_on` when a note announces
    it. With neither the law is gone from the source.
    """

    refid: str
    section: str
    section_key: str
    change_key: str
    change: str
    wording_id: int | None = None
    amended_by: str = ""
    effective_on: date | None = None


def recorded(
    refid: str, section: str, section_key: str, change: str, wording_id: int, on: date | None
) -> FoundChange:
    """Return the change that an import recorded; each is asked about once."""
    return FoundChange(
        refid, section, section_key, f"wording:{wording_id}", change, wording_id, effective_on=on
    )


def announced(
    refid: str, section: str, section_key: str, change: str, by: str, on: date
) -> FoundChange:
    """Return the change that a note announces; when its day is moved, it is still the same one."""
    return FoundChange(refid, section, section_key, f"act:{by}", change, None, by, on)


def gone(refid: str, on: date) -> FoundChange:
    """Return that the law is not in the source's complete collection from a day on."""
    return FoundChange(refid, "", "", f"gone:{on.isoformat()}", "gone", effective_on=on)


def due_on(effective_on: date | None, day: date) -> date:
    """Return the last day for the answer: when the change takes effect, if that is ahead."""
    if effective_on is not None and effective_on > day:
        return effective_on
    return add_working_days(day, DAYS_TO_LOOK)


def needs_reason(answer: LawAnswer) -> bool:
    """Whether the answer must say why; a new revision speaks for itself."""
    return answer is not LawAnswer.REVISE
