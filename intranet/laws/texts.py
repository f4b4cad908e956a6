"""What a law text is once it has been read: plain frozen records. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LawKind(StrEnum):
    """An act of the Storting, or a central regulation made under one."""

    LAW = "lov"
    REGULATION = "forskrift"


class NodeKind(StrEnum):
    """What one row of a law is: a heading with its own text, a paragraph, an EU article, or
    loose text.
    """

    HEADING = "heading"
    SECTION = "section"
    ARTICLE = "article"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class LawNode:
    """One row of a law, in the order of the law.

    `section` is the number as printed ("2 A-1", "Artikkel 33"), empty for headings and loose text.
    `level` is the depth of the heading above it (1 = chapter). `chapter` is the nearest heading.
    `html` is clean, `text` plain with one line per ledd or list item, `notes` the amendment notes.
    `is_text_from_note`: the text stood in the note's element, where editions differ by more than
    the law does.
    """

    ordinal: int
    kind: NodeKind
    level: int
    anchor: str
    section: str = ""
    title: str = ""
    chapter: str = ""
    html: str = ""
    text: str = ""
    notes: str = ""
    is_text_from_note: bool = False

    @property
    def content_hash(self) -> str:
        """A fingerprint of what the law says here; notes about amendments do not count."""
        whole = "\x1f".join((self.section, self.title, self.text))
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def is_repealed(self) -> bool:
        """Whether the paragraph only says that it has been repealed."""
        if self.kind not in (NodeKind.SECTION, NodeKind.ARTICLE):
            return False
        return is_repealed(self.title, self.text)


@dataclass(frozen=True, slots=True)
class LawText:
    """A law or regulation as one document says it."""

    refid: str
    kind: LawKind
    dokid: str
    title: str
    short_title: str
    aliases: tuple[str, ...]
    ministries: tuple[str, ...]
    legal_areas: tuple[str, ...]
    in_force_text: str
    in_force_on: date | None
    in_force_until: date | None
    last_changed_on: date | None
    last_changed_by: str
    is_amending: bool
    is_announcement: bool
    nodes: tuple[LawNode, ...]


def is_repealed(title: str, text: str) -> bool:
    """Whether a paragraph's title or text is nothing but "(Opphevet)" in either written form."""
    word = (title.strip() or text.strip()[:40]).strip("()[]. ").lower()
    if word.startswith(("opphevet", "opphevd", "oppheva")) and len(word) < 60:
        return len(text) < 200
    return False


def section_key(section: str) -> str:
    """A paragraph number as it is compared: "§ 2 A-1" and "2A-1" are the same, "Art 33" is
    "Artikkel 33".
    """
    plain = "".join(section.lower().replace("§", "").replace("\u2011", "-").split())
    for word in ("artikkel", "article", "art."):
        plain = plain.replace(word, "art")
    return plain.rstrip(".")
