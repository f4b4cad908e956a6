"""What differs between two texts, word by word, as pieces that a template can mark. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]+?)(?<=\S)\1")
# Above this, two paragraphs are compared as wholes: word matching grows with the square (FI-21).
MAX_WORDS = 3_000


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of text with what happened to it."""

    change: Change
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the comparison; `is_changed` when any piece of it is."""

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything was added or removed."""
        return any(piece.change is not Change.SAME for piece in self.pieces)


def compare_markdown(old: str, new: str) -> list[Paragraph]:
    """Compare without the signs of headings and bold; with them where only they differ."""
    texts = [_BOLD.sub(r"\2", _HEADING.sub("", text)) for text in (old, new)]
    return compare_texts(old, new) if texts[0] == texts[1] else compare_texts(*texts)


def compare_texts(old: str, new: str) -> list[Paragraph]:
    """Return the paragraphs of both texts in reading order, each with its pieces.

    What is SAME or REMOVED, joined, is the old text, and what is SAME or ADDED the new one, apart
    from the white space between paragraphs.
    """
    before, after = _split(old), _split(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    result: list[Paragraph] = []
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            result += [_whole(Change.SAME, text) for text in before[i1:i2]]
        else:
            result += _changed(before[i1:i2], after[j1:j2])
    return result


def count_changes(paragraphs: Sequence[Paragraph]) -> int:
    """Return how many paragraphs differ."""
    return sum(paragraph.is_changed for paragraph in paragraphs)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")) if part.strip()]


def _whole(change: Change, text: str) -> Paragraph:
    return Paragraph((Piece(change, text),))


def _changed(before: list[str], after: list[str]) -> Iterator[Paragraph]:
    """Pair the paragraphs one by one; those left over are wholly removed or added."""
    for old, new in zip(before, after, strict=False):
        yield _pair(old, new)
    for text in before[len(after) :]:
        yield _whole(Change.REMOVED, text)
    for text in after[len(before) :]:
        yield _whole(Change.ADDED, text)


def _pair(old: str, new: str) -> Paragraph:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(a), len(b)) > MAX_WORDS:
        return Paragraph((Piece(Change.REMOVED, old), Piece(Change.ADDED, new)))
    pieces: list[Piece] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece(Change.SAME, "".join(a[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece(Change.REMOVED, "".join(a[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(Change.ADDED, "".join(b[j1:j2])))
    return Paragraph(tuple(pieces))
