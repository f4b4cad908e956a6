"""Categories, their questions and their words as plain values; asks no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intranet.deviations.severity import Question, SeverityTable, answer_key

# By language: nb, nn and en. What a case keeps is the same shape, so that it can show old words.
Words = Mapping[str, str]

# What an administrator chooses from; each is in the sprite.
ICONS = (
    "PersonGroup",
    "HatSchool",
    "HardHat",
    "ShieldLock",
    "Buildings3",
    "House",
    "Calendar",
    "FileText",
    "ExclamationmarkTriangle",
    "InformationSquare",
)
MOST_ACTIVE = 12
FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 4


@dataclass(frozen=True)
class AskedQuestion:
    """One question with its words, as it is in force or was."""

    key: str
    words: Words
    rule: Question
    is_active: bool = True
    # What a tick says that it was, see `proposals.Meaning`.
    proposes: str | None = None


@dataclass(frozen=True)
class CategoryRow:
    """One category with its questions in the order in which they are asked."""

    key: str
    words: Words
    icon: str
    is_active: bool = True
    questions: tuple[AskedQuestion, ...] = ()
    # What it may have been when a reporter chose it.
    proposes: str | None = None

    @property
    def asked(self) -> tuple[AskedQuestion, ...]:
        """The questions that are in force."""
        return tuple(question for question in self.questions if question.is_active)

    def name_of_answer(self, question: AskedQuestion) -> str:
        """The name of one answer in forms and rows, "privacy.many"."""
        return answer_key(self.key, question.rule)


@dataclass(frozen=True)
class CauseRow:
    """One cause; `depth` 0 stands at the top."""

    id: int
    key: str
    parent_id: int | None
    words: Words
    position: int
    is_active: bool

    @property
    def depth(self) -> int:
        """How far in it stands in the list."""
        return 0 if self.parent_id is None else 1


@dataclass(frozen=True, eq=False)
class CategorySettings:
    """All categories and causes in order, also those that are not in use any more.

    Each reading of the tables is itself: what is made of it can be kept by it.
    """

    categories: tuple[CategoryRow, ...] = ()
    by_key: Mapping[str, CategoryRow] = field(default_factory=dict)
    causes: tuple[CauseRow, ...] = ()

    @classmethod
    def of(
        cls, rows: tuple[CategoryRow, ...], causes: tuple[CauseRow, ...] = ()
    ) -> CategorySettings:
        """Gather the rows."""
        return cls(rows, {row.key: row for row in rows}, causes)

    @property
    def active_causes(self) -> tuple[CauseRow, ...]:
        """The causes that a handler may choose; below one that is out of use, none is in use."""
        ended = {row.id for row in self.causes if not row.is_active}
        return tuple(row for row in self.causes if row.is_active and row.parent_id not in ended)

    @property
    def active(self) -> tuple[CategoryRow, ...]:
        """The categories that a reporter may choose."""
        return tuple(row for row in self.categories if row.is_active)

    @property
    def table(self) -> SeverityTable:
        """Questions by category, for `severity.assess_severity`."""
        return {row.key: tuple(question.rule for question in row.asked) for row in self.categories}

    def may_choose(self, key: str | None) -> bool:
        """Whether a report or a handler may give this category; None is "not chosen"."""
        return key is None or (key in self.by_key and self.by_key[key].is_active)

    def words_for(self, key: str | None, answers: list[str]) -> dict[str, dict[str, str]]:
        """The words of a category and of ticked answers as they are now, for a case to keep."""
        row = self.by_key.get(key or "")
        if row is None:
            return {}
        kept = {row.key: dict(row.words)}
        for question in row.asked:
            name = row.name_of_answer(question)
            if name in answers:
                kept[name] = dict(question.words)
        return kept
