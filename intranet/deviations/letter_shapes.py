"""What a letter that the law asks for is made of, and what still lacks in it. Pure.

Which letters there are stands in `letters.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from intranet.deviations.types import Kind


class LetterKind(StrEnum):
    """Which letter or form it is."""

    BREACH_NOTICE = "breach_notice"
    BREACH_PERSONS = "breach_persons"
    BREACH_DECISION = "breach_decision"
    WORK_CONFIRMATION = "work_confirmation"
    NAV_INJURY = "nav_injury"
    SAFETY_ANSWER = "safety_answer"
    CARE_MESSAGE = "care_message"
    CARE_REPORT = "care_report"
    CARE_INVITATION = "care_invitation"


class Shape(StrEnum):
    """A letter is sent; a decision is kept; a checklist is typed into somebody else's form."""

    LETTER = "letter"
    DECISION = "decision"
    CHECKLIST = "checklist"


class LetterState(StrEnum):
    """A finished one is never changed; what is new goes into a new one."""

    DRAFT = "draft"
    FINISHED = "finished"
    DISCARDED = "discarded"


class Language(StrEnum):
    """The language of the letter, whatever the writer's own is."""

    BOKMAL = "nb"
    NYNORSK = "nn"


class Need(StrEnum):
    """When the letter is not finished without the field."""

    ALWAYS = "always"
    NEVER = "never"
    # Only when the deadline is out.
    LATE = "late"
    # Only from the second of its kind.
    FOLLOWING = "following"


@dataclass(frozen=True)
class LetterField:
    """One thing that the letter says.

    `source`: what the case knows of it, see `fill_in`. `is_closed`: names and health, for those who
    may read the closed part alone. `has_names`: who answers for the letter, never looked through.
    `is_new`: empty in each new letter of the kind, also when there is an earlier one.
    """

    key: str
    need: Need = Need.ALWAYS
    source: str = ""
    rows: int = 3
    is_closed: bool = False
    has_names: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class LetterRule:
    """One kind of letter. `clock`: the (key, phase) of the deadline that it answers.

    `is_guarded`: it goes to others than an authority, and is looked through for names before it is
    kept. `has_phases`: the next one follows up the one before (GDPR art. 33 no. 4). `is_voluntary`:
    it can be made for the kind also when its deadline does not run.
    """

    slug: str
    kind: Kind
    clock: tuple[str, str]
    fields: tuple[LetterField, ...]
    shape: Shape = Shape.LETTER
    is_guarded: bool = False
    has_phases: bool = False
    is_voluntary: bool = False

    @property
    def has_closed(self) -> bool:
        """Whether it has a place for names or health."""
        return any(each.is_closed for each in self.fields)


@dataclass(frozen=True)
class Draft:
    """What was typed: a text for each field that the writer may see, and the letter's language."""

    texts: Mapping[str, str] = field(default_factory=dict)
    language: Language = Language.BOKMAL
    privacy_reason: str = ""


# Stand in the letter's head and foot, and not among its headings.
FRAME = frozenset({"to", "copy", "signature"})


def fill_in(
    rule: LetterRule, facts: Mapping[str, str], earlier: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return what the case knows for each field, as a proposal.

    A source "a|b" is the first of them that is known, "a+b" both, each on its own line. A letter
    that follows up an `earlier` one begins with what that one said.
    """
    filled = {}
    for each in rule.fields:
        if earlier is not None and not each.is_new:
            text = earlier.get(each.key, "")
        else:
            text = _from_source(each.source, facts)
        if text:
            filled[each.key] = text
    return filled


def is_needed(one: LetterField, *, number: int, is_late: bool) -> bool:
    """Whether the letter with this number is not finished without the field."""
    return (
        one.need == Need.ALWAYS
        or (one.need == Need.LATE and is_late)
        or (one.need == Need.FOLLOWING and number > 1)
    )


def missing_fields(
    rule: LetterRule, values: Mapping[str, str], *, number: int, is_late: bool
) -> list[str]:
    """Return the keys of what the law demands and nobody has written."""
    return [
        each.key
        for each in rule.fields
        if is_needed(each, number=number, is_late=is_late) and not values.get(each.key, "").strip()
    ]


def shown_fields(
    rule: LetterRule, *, number: int, is_late: bool, reads_closed: bool
) -> list[LetterField]:
    """Return the fields that stand in the form of this letter for this writer."""
    hidden = {Need.FOLLOWING: number == 1, Need.LATE: not is_late}
    return [
        each
        for each in rule.fields
        if (reads_closed or not each.is_closed) and not hidden.get(each.need, False)
    ]


def split_recipient(recipient: str) -> tuple[str, str]:
    """Return to whom and to whom a copy, of "A og B, kopi til C" as the table of deadlines has it.

    >>> split_recipient("Statsforvalteren og Ukom, kopi til Statens helsetilsyn")
    ('Statsforvalteren og Ukom', 'Statens helsetilsyn')
    """
    to, _sign, copy = recipient.partition(", kopi til ")
    return to, copy[:1].upper() + copy[1:]


def _from_source(source: str, facts: Mapping[str, str]) -> str:
    for choice in filter(None, source.split("|")):
        found = [facts[key].strip() for key in choice.split("+") if facts.get(key, "").strip()]
        if found:
            return "\n".join(dict.fromkeys(found))
    return ""
