"""Who must read a document, by when, when they are reminded, and control questions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

DEFAULT_DAYS = 14
MOST_DAYS = 365
MOST_RULES = 20
MOST_QUESTIONS = 3
MOST_CHOICES = 4
QUESTION_LENGTH = 300
CHOICE_LENGTH = 200
# On the last day, a week after it, and three weeks after it; then the list of who is missing tells.
_REMINDERS = (timedelta(0), timedelta(days=7), timedelta(days=21))


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


def reminder_after(due_on: date, day: date) -> date | None:
    """Return the next day of reminding that comes after `day`, or None when all have passed."""
    return next((due_on + pause for pause in _REMINDERS if due_on + pause > day), None)


def first_reminder(due_on: date) -> date:
    """Return the day of the first reminder: the last day for reading."""
    return due_on + _REMINDERS[0]


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
