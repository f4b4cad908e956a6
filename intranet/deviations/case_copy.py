"""A case as a document that can leave the house: whole, or with parts withheld; reads no table.

A copy is facts and parts. What may be withheld, and by which provision, follows offentleglova;
section 31 demands that each refusal names the exact provision and ledd, so the provisions are a
list to choose from and no free text. Read in Lovdata's text of 18 June 2026.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Provision(StrEnum):
    """Why something is withheld from one who asks for access."""

    PERSONAL = "offl13_fvl13_1"
    BUSINESS = "offl13_fvl13_2"
    HEALTH = "offl13_hpl21"
    INTERNAL = "offl14"
    BARGAINING = "offl23"
    TIP = "offl24_2"
    DANGER = "offl24_3"
    IDENTITY_NUMBER = "offl26_5"


# Access must be refused by these; by the others the municipality may, and shall consider not to
# (offentleglova section 11).
MUST_WITHHOLD = frozenset({Provision.PERSONAL, Provision.BUSINESS, Provision.HEALTH})


class PartKind(StrEnum):
    """What a part of the case is, which decides what is proposed for it."""

    REPORT = "report"
    REPORTER = "reporter"
    TALK = "talk"
    NOTE = "note"
    EVENT = "event"
    ACTION = "action"
    ANSWER = "answer"
    DETAIL = "detail"
    FILE = "file"


# A note between leaders is the plain case of an internal document. The rest is open until
# somebody judges it: whoever reports a breach at work does their duty and is no secret in itself.
PROPOSED: Mapping[PartKind, Provision] = {PartKind.NOTE: Provision.INTERNAL}


@dataclass(frozen=True)
class Part:
    """One piece of the case. `key` is stable, so that a choice in a form finds its part."""

    key: str
    kind: PartKind
    heading: str
    text: str
    about: str = ""
    withheld_by: str = ""


@dataclass(frozen=True)
class CaseCopy:
    """The whole case as shown to one person: facts as (label, value), parts in their order."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    names: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


_DIGITS = re.compile(r"(?<!\d)\d{6}[ .]?\d{5}(?!\d)")


def withhold(
    copy: CaseCopy,
    choices: Mapping[str, Provision],
    words: Collection[str],
    labels: Mapping[Provision, str],
    *,
    words_by: Provision = Provision.PERSONAL,
    mark: str = "[sladdet]",
) -> CaseCopy:
    """Return the copy with the chosen parts taken out and the words replaced by `mark` everywhere.

    `choices`: part key to the provision that takes it out. `words`: names and the like, replaced
    as whole words in any case, in the parts that stay and in the facts. Eleven digits that can be
    a national identity number always go. A mark in words is read out; a black bar is not.
    `provisions` lists what was used, in order.
    """
    used: dict[str, None] = {}
    pattern = _pattern(words)

    def cover(text: str) -> str:
        if pattern is not None:
            text, count = pattern.subn(mark, text)
            if count:
                used[labels[words_by]] = None
        text, count = _DIGITS.subn(mark, text)
        if count:
            used[labels[Provision.IDENTITY_NUMBER]] = None
        return text

    parts = []
    for part in copy.parts:
        provision = choices.get(part.key)
        if provision is None:
            parts.append(
                replace(
                    part,
                    heading=cover(part.heading),
                    text=cover(part.text),
                    about=cover(part.about),
                )
            )
        else:
            used[labels[provision]] = None
            parts.append(replace(part, text="", about="", withheld_by=labels[provision]))
    facts = tuple((label, cover(value)) for label, value in copy.facts)
    return CaseCopy(
        title=cover(copy.title),
        facts=facts,
        parts=tuple(parts),
        provisions=tuple(used),
    )


def propose(parts: Iterable[Part]) -> dict[str, Provision]:
    """Return what is proposed to be withheld, by part; a person decides."""
    return {part.key: PROPOSED[part.kind] for part in parts if part.kind in PROPOSED}


def _pattern(words: Collection[str]) -> re.Pattern[str] | None:
    """The words as a pattern, the longest first, so that a full name goes before its parts."""
    wanted = sorted({word.strip() for word in words if len(word.strip()) > 1}, key=len)[::-1]
    if not wanted:
        return None
    alternatives = "|".join(r"\s+".join(map(re.escape, word.split())) for word in wanted)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?:s|'s)?(?!\w)", re.IGNORECASE)
