"""How long a hearing lasts, when somebody is reminded, and how its text is numbered. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from intranet.core.clock import is_working_day
from intranet.core.richtext import list_blocks

# The whole document; its paragraphs are numbered from 1.
WHOLE = 0
MOST_DAYS = 365
MOST_PERSONS = 50
NAME_LENGTH = 300
WORDS_LENGTH = 2000
COMMENT_LENGTH = 4000
ANSWER_LENGTH = 2000
REASON_LENGTH = 1000
_REMINDED_BEFORE = timedelta(days=2)


class HearingAnswer(StrEnum):
    """What the author made of a comment."""

    NONE = "none"
    FOLLOWED = "followed"
    NOT_FOLLOWED = "not_followed"


def is_open(closed: bool, due_on: date, day: date) -> bool:
    """Tell whether comments may still come: until the end of the last day, unless closed before."""
    return not closed and day <= due_on


def may_last_until(due_on: date, day: date) -> bool:
    """Tell whether a deadline set on `day` gives time: tomorrow at the earliest, within a year."""
    return day < due_on <= day + timedelta(days=MOST_DAYS)


def reminder_day(due_on: date, asked_on: date) -> date | None:
    """Return the working day two days or more before the deadline when a reminder goes out.

    None when the deadline is so near that the asking itself is the reminder.
    """
    day = due_on - _REMINDED_BEFORE
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day if day > asked_on else None


def count_places(body: str) -> int:
    """Return the number of the last paragraph of the text."""
    return len(list_blocks(body))
