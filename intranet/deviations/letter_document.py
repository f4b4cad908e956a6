"""A letter as it stands on paper: head, headings with their text, foot. Pure.

The same document is shown in the page, set as PDF and kept when the letter is finished, so that no
later change of the words changes what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from intranet.deviations.letter_shapes import FRAME, Language, LetterKind, Shape
from intranet.deviations.letter_texts.nb import BOKMAL
from intranet.deviations.letter_texts.nn import NYNORSK
from intranet.deviations.letter_texts.wording import Frame
from intranet.deviations.letters import LETTERS

FRAMES: Mapping[str, Frame] = {Language.BOKMAL: BOKMAL, Language.NYNORSK: NYNORSK}
# The same in bokmål and nynorsk.
MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]


@dataclass(frozen=True)
class Section:
    """One heading with its text."""

    key: str
    heading: str
    text: str
    is_closed: bool = False


@dataclass(frozen=True)
class LetterDocument:
    """The whole letter. `date` is in words, empty in a draft."""

    language: str
    title: str
    sender: str
    unit: str
    reference: str
    date: str = ""
    to: str = ""
    copy: str = ""
    intro: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    greeting: str = ""
    signature: str = ""
    # Whether the line of whom it goes to is closed too.
    is_to_closed: bool = False

    @property
    def has_closed(self) -> bool:
        """Whether something in it is for those who read the closed part alone."""
        return (self.is_to_closed and bool(self.to)) or any(
            section.is_closed for section in self.sections
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)

    def without_closed(self) -> LetterDocument:
        """Return it for those who may not read names and health: the headings stay."""
        mark = FRAMES[self.language].closed
        sections = tuple(
            replace(section, text=mark) if section.is_closed else section
            for section in self.sections
        )
        return replace(self, sections=sections, to=mark if self.is_to_closed else self.to)


@dataclass(frozen=True)
class Setting:
    """Where a letter stands: who sends it, in which case, which number it has, and when.

    `before_on`: the day of the one that this one follows up.
    """

    municipality: str
    unit: str
    reference: str
    number: int = 1
    on: date | None = None
    before_on: date | None = None
    address: str = ""
    known: Mapping[str, str] = field(default_factory=dict)


def compose_letter(
    kind: LetterKind, language: str, values: Mapping[str, str], setting: Setting
) -> LetterDocument:
    """Return the letter with what was written under the headings of its language."""
    rule, frame = LETTERS[kind], FRAMES[language]
    wording = frame.by_kind[kind]
    follows = rule.has_phases and setting.number > 1
    words = {
        "municipality": setting.municipality,
        "unit": setting.unit,
        "number": str(setting.number),
        "before": str(setting.number - 1),
        "day": day_words(setting.before_on),
        **setting.known,
    }
    intro = wording.follow_intro if follows else wording.intro
    return LetterDocument(
        language=str(language),
        title=(wording.follow_title if follows else wording.title).format(**words),
        sender="\n".join(filter(None, (setting.municipality, setting.address))),
        unit=setting.unit,
        reference=f"{frame.deviation} {setting.reference}",
        date=day_words(setting.on),
        to=values.get("to", ""),
        copy=values.get("copy", ""),
        intro=tuple(paragraph.format(**words) for paragraph in intro),
        sections=tuple(
            Section(each.key, wording.headings[each.key], values[each.key], each.is_closed)
            for each in rule.fields
            if each.key not in FRAME and values.get(each.key, "").strip()
        ),
        closing=tuple(paragraph.format(**words) for paragraph in wording.closing),
        greeting=frame.greeting if rule.shape == Shape.LETTER else frame.signed,
        signature=values.get("signature", ""),
        is_to_closed=any(each.key == "to" and each.is_closed for each in rule.fields),
    )


def document_from(data: Mapping[str, Any]) -> LetterDocument:
    """Return the document that `as_data` gave."""
    values = dict(data)
    values["sections"] = tuple(Section(**section) for section in values["sections"])
    values["intro"], values["closing"] = tuple(values["intro"]), tuple(values["closing"])
    return LetterDocument(**values)


def day_words(day: date | None) -> str:
    """Return "13. oktober 2026", or nothing."""
    return "" if day is None else f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
