"""The shape of a letter's words, and the two languages side by side. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wording:
    """The fixed words of one kind of letter in one language.

    `title` of the first and `follow_title` of each that follows up, with {number}. `intro` and
    `closing` are paragraphs; `follow_intro` takes the place of the intro, with {number}, {before}
    and {day}. `headings`: field to heading, for every field that is not in the frame.
    """

    title: str
    intro: tuple[str, ...]
    headings: Mapping[str, str]
    closing: tuple[str, ...] = ()
    follow_title: str = ""
    follow_intro: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The words that all letters share."""

    to: str
    copy: str
    reference: str
    draft: str
    greeting: str
    page: str
    deviation: str
    closed: str
    signed: str
    by_kind: Mapping[str, Wording] = field(default_factory=dict)
