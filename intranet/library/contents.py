"""What a writer fills in, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

TITLE_LENGTH = 200
KEYWORDS_LENGTH = 500
NOTE_LENGTH = 500
BODY_LENGTH = 200_000
MAX_FILES = 20


@dataclass(frozen=True)
class DraftContents:
    """The text of a draft and what goes with it."""

    title: str
    body: str
    keywords: str = ""
    change_note: str = ""
    is_significant: bool = True
    valid_for: tuple[int, ...] = ()


class Fault(StrEnum):
    """What is wrong, named field and kind."""

    TITLE_MISSING = "title missing"
    TITLE_LONG = "title long"
    BODY_LONG = "body long"
    KEYWORDS_LONG = "keywords long"
    NOTE_LONG = "change_note long"
    BODY_MISSING = "body missing"
    NOTE_MISSING = "change_note missing"

    @property
    def field(self) -> str:
        """The form field to blame."""
        return self.value.partition(" ")[0]


def find_faults(contents: DraftContents) -> Iterator[Fault]:
    """Yield what keeps the draft from being saved. Lengths in characters."""
    if not contents.title:
        yield Fault.TITLE_MISSING
    for text, most, fault in (
        (contents.title, TITLE_LENGTH, Fault.TITLE_LONG),
        (contents.body, BODY_LENGTH, Fault.BODY_LONG),
        (contents.keywords, KEYWORDS_LENGTH, Fault.KEYWORDS_LONG),
        (contents.change_note, NOTE_LENGTH, Fault.NOTE_LONG),
    ):
        if len(text) > most:
            yield fault


def find_unfinished(body: str, change_note: str, has_files: bool) -> Iterator[Fault]:
    """Yield what keeps the draft from being sent to approval: no text or file, no change note."""
    if not body and not has_files:
        yield Fault.BODY_MISSING
    if not change_note:
        yield Fault.NOTE_MISSING
