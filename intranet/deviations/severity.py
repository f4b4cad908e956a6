"""Severity from facts: what was asked, and what the answers make of it; knows no person and no
table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The keys of the six categories that every installation begins with.

    The administrator adds others and takes some out of use: `queries/settings.py` knows them.
    """

    PATIENT = "patient"
    CHILD = "child"
    STAFF = "staff"
    VIOLENCE = "violence"
    PRIVACY = "privacy"
    OTHER = "other"


class Severity(StrEnum):
    """Four steps; the order of the members is the order of gravity."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical; what the database sorts and compares by."""
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        """Whether this is as grave as `other` or graver."""
        return self.rank >= other.rank

    @classmethod
    def of_rank(cls, rank: int) -> "Severity":
        """The severity with that rank."""
        return list(cls)[rank]


# Nobody has judged it yet: the middle way, so that a serious event is not left for weeks.
UNASSESSED = Severity.MEDIUM


@dataclass(frozen=True)
class Question:
    """One factual question that is ticked or not.

    `means` is the severity that a yes gives by itself; a question with `raises_to` instead lifts
    what the others gave by one step, but never above that ceiling.
    """

    key: str
    means: Severity = Severity.LOW
    raises_to: Severity | None = None


# The questions of each category. Which there are, the administrator decides.
SeverityTable = Mapping[str, tuple[Question, ...]]


def answer_key(category: str, question: Question) -> str:
    """The name of one answer in forms and rows, "privacy.many"."""
    return f"{category}.{question.key}"


def relevant_answers(
    table: SeverityTable, category: str | None, answers: Collection[str]
) -> list[str]:
    """The ticked answers that belong to the category, in the order in which they were asked."""
    if category is None:
        return []
    asked = [answer_key(category, question) for question in table.get(category, ())]
    return [key for key in asked if key in answers]


def assess_severity(
    table: SeverityTable,
    category: str | None,
    answers: Collection[str],
    *,
    was_asked: bool = True,
) -> Severity:
    """The severity that the ticked answers give: the gravest of them, then lifted by what makes it
    worse.

    Nothing ticked in a category that was asked about is low; no category, a category without
    questions, or nothing asked, is UNASSESSED.
    """
    if not is_judged(table, category, was_asked=was_asked):
        return UNASSESSED
    assert category is not None
    ticked = [q for q in table[category] if answer_key(category, q) in answers]
    rank = max((q.means.rank for q in ticked if q.raises_to is None), default=Severity.LOW.rank)
    for question in ticked:
        if question.raises_to is not None and rank < question.raises_to.rank:
            rank += 1
    return Severity.of_rank(rank)


def is_judged(table: SeverityTable, category: str | None, *, was_asked: bool = True) -> bool:
    """Whether the answers judge the case, or a handler has to."""
    return was_asked and category is not None and bool(table.get(category))
