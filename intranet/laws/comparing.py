"""Compares two editions of a law and says which paragraphs differ, and how. Pure.

Only paragraphs count ("§ 12-3 a"), not the articles of treaties and EU acts in annexes, nor
headings. Where a law prints a number more than once, in its annexes, all that stands under the
number is compared together. Text that one edition took out of an amendment note says nothing
sure about the law (`LawNode.is_text_from_note`) and is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from intranet.laws.archive import read_members
from intranet.laws.lovdata import parse_law
from intranet.laws.texts import LawNode, NodeKind, section_key


class SectionChange(StrEnum):
    """How a paragraph differs: new in the law, worded anew, only its title, or not there now."""

    ADDED = "added"
    TEXT = "text"
    TITLE = "title"
    REPEALED = "repealed"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a paragraph to compare it: its number as printed, and two digests."""

    section: str
    titles: bytes
    texts: bytes


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """One paragraph that differs. `section` is as printed, in the new edition where it is there."""

    section: str
    change: SectionChange


def group_sections(
    nodes: Iterable[LawNode], kinds: Collection[NodeKind]
) -> dict[str, list[LawNode]]:
    """Return what stands under each number, by key."""
    groups: dict[str, list[LawNode]] = {}
    for node in nodes:
        if node.kind in kinds:
            groups.setdefault(section_key(node.section), []).append(node)
    return groups


def fingerprint(group: Sequence[LawNode], *, with_note_text: bool = False) -> Fingerprint:
    """Return what is compared of all that stands under one number."""
    return Fingerprint(
        group[0].section,
        _digest(node.title for node in group),
        _digest(
            node.text if with_note_text or not node.is_text_from_note else "" for node in group
        ),
    )


def fingerprints(nodes: Iterable[LawNode]) -> dict[str, Fingerprint]:
    """Return a law's paragraphs by key, 40 bytes each, so that a whole archive fits in memory."""
    groups = group_sections(nodes, (NodeKind.SECTION,))
    return {key: fingerprint(group) for key, group in groups.items()}


def read_fingerprints(stream: BinaryIO) -> dict[str, dict[str, Fingerprint]]:
    """Return the paragraphs of every law in an archive, by refid. Raises ArchiveRefused."""
    laws = (parse_law(member.data, member.name) for member in read_members(stream))
    return {law.refid: fingerprints(law.nodes) for law in laws}


def compare_sections(
    old: Mapping[str, Fingerprint], new: Mapping[str, Fingerprint]
) -> list[ChangedSection]:
    """Return what differs from the old edition to the new, by number as printed."""
    changed: list[ChangedSection] = []
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        change = change_between(before, after)
        if change is not None:
            shown = after or before
            assert shown is not None
            changed.append(ChangedSection(shown.section, change))
    return sorted(changed, key=lambda one: one.section)


def change_between(before: Fingerprint | None, after: Fingerprint | None) -> SectionChange | None:
    """Return how a paragraph differs, or None when it does not."""
    if before is None:
        return SectionChange.ADDED
    if after is None:
        return SectionChange.REPEALED
    if before.texts != after.texts:
        return SectionChange.TEXT
    return SectionChange.TITLE if before.titles != after.titles else None


def _digest(parts: Iterable[str]) -> bytes:
    # Where lines break is the renderer's choice.
    whole = "\x1f".join(" ".join(part.split()) for part in parts)
    return hashlib.blake2b(whole.encode(), digest_size=16).digest()
