"""What a written plan for the environment of a pupil or a child must say; reads no table.

Opplæringslova § 12-4: which problems are to be solved, which measures, when they are carried out,
who is responsible, and when they are evaluated. Barnehageloven § 42 says the same. The pupil is to
be heard, so the plan says what the child thinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from intranet.deviations.types import TYPES, Kind

PLAN_KINDS = frozenset(kind for kind, rule in TYPES.items() if rule.has_plan)
MOST_MEASURES = 20


@dataclass(frozen=True)
class PlanMeasure:
    """What is done, who sees to it, and by when."""

    what: str
    who: str
    day: date

    def as_row(self) -> dict[str, Any]:
        """Return it as the table keeps it."""
        return {**asdict(self), "day": self.day.isoformat()}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> PlanMeasure:
        """Read what the table keeps."""
        return cls(row["what"], row["who"], date.fromisoformat(row["day"]))


@dataclass(frozen=True)
class PlanContent:
    """All that one version says."""

    problem: str
    child_view: str
    measures: Sequence[PlanMeasure]
    evaluate_on: date
    change_note: str = ""


class PlanFault(StrEnum):
    """What a plan lacks."""

    NO_PROBLEM = "no_problem"
    NO_CHILD_VIEW = "no_child_view"
    NO_MEASURE = "no_measure"
    HALF_MEASURE = "half_measure"
    TOO_MANY = "too_many"
    NO_CHANGE_NOTE = "no_change_note"
    EVALUATED_BEFORE = "evaluated_before"


def plan_fault(content: PlanContent, *, is_first: bool, today: date) -> PlanFault | None:
    """Return the first thing that the plan lacks, or None when it says all that the law asks."""
    if not content.problem.strip():
        return PlanFault.NO_PROBLEM
    if not content.child_view.strip():
        return PlanFault.NO_CHILD_VIEW
    if not content.measures:
        return PlanFault.NO_MEASURE
    if len(content.measures) > MOST_MEASURES:
        return PlanFault.TOO_MANY
    if not all(each.what.strip() and each.who.strip() for each in content.measures):
        return PlanFault.HALF_MEASURE
    if content.evaluate_on < today:
        return PlanFault.EVALUATED_BEFORE
    if not is_first and not content.change_note.strip():
        return PlanFault.NO_CHANGE_NOTE
    return None


def is_plan_clock(key: str, phase: str) -> bool:
    """Whether the clock asks for the written plan."""
    return (key, phase) in {("school_plan", "plan"), ("nursery_plan", "plan")}


def has_plan(kind: Kind) -> bool:
    """Whether cases of the kind have a plan."""
    return kind in PLAN_KINDS
