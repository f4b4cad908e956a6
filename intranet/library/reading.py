"""Who must read a document, by when, and control questions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

DEFAULT_DAYS = 14
MOST_DAYS = 365
MOST_RULES = 20
MOST_QUESTIONS = 3
MOST_CHOICES = 4
QUESTION_LENGTH = 300
CHOICE_LENGTH = 200


class Readers(StrEnum):
    """Who of those in a place must read."""

    ALL = "all"
    LEADERS = "leaders"
    ROLE = "role"
    TITLE = "title"


@dataclass(frozen=True)
class Question:
    """A control question. `right` is the place of the right choice, from 0."""

    text: str
    choices: tuple[str, ...]
    right: int
    explanation: str = ""


def questions_of(stored: Sequence[Mapping[str, Any]] | None) -> list[Question]:
    """Return the questions as a document keeps them."""
    return [
        Question(row["text"], tuple(row["choices"]), row["right"], row["explanation"])
        for row in stored or ()
    ]


def stored(questions: Sequence[Question]) -> list[dict[str, Any]] | None:
    """Return what a document keeps of the questions."""
    return [{**asdict(each), "choices": list(each.choices)} for each in questions] or None


def wrong_places(questions: Sequence[Question], answers: Sequence[int | None]) -> list[int]:
    """Return the places of the questions that were not answered, or answered wrong."""
    given = [*answers, *[None] * len(questions)]
    return [place for place, each in enumerate(questions) if given[place] != each.right]
