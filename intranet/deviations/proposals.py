"""What a category or a tick says that an event was in the eyes of the law; reads no table.

A tick is a fact that the reporter states, so it counts as the reporter's proposal and starts the
clocks. A category is only a place to look: the handler is asked, and no clock starts before the
answer, but then from when it was reported. See docs/statutory-clocks.md, "Who chooses".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from intranet.deviations.categories import CategorySettings
from intranet.deviations.types import TYPES, YES, Kind, Shape


class Source(StrEnum):
    """Whence a proposal comes."""

    TICK = "tick"
    CATEGORY = "category"
    REPORTER = "reporter"


@dataclass(frozen=True)
class Meaning:
    """A kind, and the question of that kind that is answered with yes by the same fact, if any.

    Written "work_injury" or "work_injury.serious" in the tables.
    """

    kind: Kind
    question: str = ""

    @classmethod
    def read(cls, text: str | None) -> Meaning | None:
        """Read what stands in a table; None for what no kind is called."""
        kind, _dot, question = (text or "").partition(".")
        if kind not in set(Kind) - {Kind.ORDINARY}:
            return None
        return cls(Kind(kind), question if question in yes_questions(Kind(kind)) else "")

    @property
    def answers(self) -> dict[str, str]:
        """The answers that the fact gives."""
        return {self.question: YES} if self.question else {}

    def __str__(self) -> str:
        """Return it as the tables have it."""
        return f"{self.kind}.{self.question}" if self.question else str(self.kind)


@dataclass(frozen=True)
class Proposed:
    """What a report says that it was, and by which words: names of answers, or a category."""

    meaning: Meaning
    source: Source
    because: tuple[str, ...]

    @property
    def answers(self) -> dict[str, str]:
        """The answers that the facts give."""
        return self.meaning.answers


def yes_questions(kind: Kind) -> tuple[str, ...]:
    """Return the questions of a kind that a tick can answer with yes."""
    return tuple(
        question.key
        for question in TYPES[kind].questions
        if question.shape == Shape.YES_NO and question.key != TYPES[kind].needs_consent
    )


def list_meanings() -> list[Meaning]:
    """Return what an administrator may choose that a tick or a category means."""
    found = []
    for kind in Kind:
        if kind != Kind.ORDINARY:
            found += [Meaning(kind), *(Meaning(kind, each) for each in yes_questions(kind))]
    return found


def read_proposal(
    settings: CategorySettings, category: str | None, answers: Collection[str]
) -> Proposed | None:
    """Return what a category and its ticked questions propose; None when nothing.

    Several ticks: the gravest decides, the first of equals; those that mean the same kind are its
    reasons. Ticks go before the category.
    """
    row = settings.by_key.get(category or "")
    if row is None:
        return None
    ticked = [
        (question, meaning)
        for question in row.asked
        if row.name_of_answer(question) in answers
        and (meaning := Meaning.read(question.proposes)) is not None
    ]
    if ticked:
        gravest = max(ticked, key=lambda pair: pair[0].rule.means.rank)
        kind = gravest[1].kind
        because = tuple(row.name_of_answer(each) for each, what in ticked if what.kind == kind)
        return Proposed(gravest[1], Source.TICK, because)
    meaning = Meaning.read(row.proposes)
    return None if meaning is None else Proposed(Meaning(meaning.kind), Source.CATEGORY, (row.key,))
