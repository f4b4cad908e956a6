"""Finds in an amending act the words that it gives a paragraph of another law. Pure.

"I lov 24. juni 2011 nr. 30 om ... gjøres følgende endringer: ... § 12-3 a skal lyde: ...". Some
renderings print an act on lines of its own, some as one long line; both are read. An act that says
it in another way gives nothing: better the act itself than words that are not the law's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intranet.laws.amendments import DATE, MONTHS
from intranet.laws.texts import section_key

_NUMBER = r"\d+(?:\s?[A-ZÆØÅ](?![\wæøå]))?(?:-\d+)?(?:\s?[a-zæøå](?![\wæøå]))?"
# "I lov 24. juni 2011 nr. 30 om kommunale helse- og omsorgstjenester m.m. gjøres ..."
_ACT = re.compile(
    r"(?:\b\d{1,3}\.\s+)?\bI\s+(?P<kind>lov|forskrift)\s+(?:av\s+)?"
    + DATE
    + r"\s+nr\.?\s*(?P<number>\d+)\b",
    re.IGNORECASE,
)
# Between the last § before the verb and the verb stands the part: "§ 12-3 andre ledd skal lyde:".
_STEP = re.compile(
    r"(?<![\w§])(?:(?:Ny(?:tt)?|ny(?:tt)?)\s+)?§\s?(?P<section>" + _NUMBER + r")"
    r"(?P<part>(?:\s+(?:nr\.|[^\s:;.§]+)){0,10}?)\s+(?:(?P<words>(?:skal\s+)?lyde:)|"
    r"(?P<repeal>oppheves\b|opphevast\b|blir\s+opphev\w+|vert\s+opphev\w+))"
)
# What begins something else than the words that a paragraph gets.
_NEXT = re.compile(
    r"(?:^|(?<=[.:;\n–—-]))\s*(?:(?:Ny(?:tt)?|Nåværende|Noverande|Overskriften)\s[^.:\n]{0,80}"
    r"(?:lyde:|blir|vert)|§§\s?[^.:\n]{1,80}\s(?:oppheves|opphevast|lyde:)"
    r"|[Kk]apittel\s[^.:\n]{1,60}(?:oppheves|lyde:))",
    re.MULTILINE,
)
_OWN_NUMBER = re.compile(r"§\s?" + _NUMBER + r"\s?\.?\s*")
_DASHES = re.compile(r"^(?:\s*[–—-]\s*)+|(?:\s*[–—-]\s*)+$")


@dataclass(frozen=True, slots=True)
class AnnouncedWords:
    """What a paragraph, or a part of it, will say.

    `part` is what the act calls the part ("andre ledd"), empty for the whole paragraph; then `text`
    begins with the paragraph's number and title. What is repealed has no text.
    """

    section: str
    part: str
    text: str
    is_repeal: bool = False

    @property
    def body(self) -> str:
        """The words without the number that they begin with."""
        return self.text if self.part else _OWN_NUMBER.sub("", self.text, count=1)

    def holds_in(self, title: str, text: str) -> bool:
        """Whether a paragraph says this: the whole of it, or the part somewhere in it.

        What is repealed says nothing, so that its absence cannot be seen.
        """
        if self.is_repeal:
            return True
        standing = _bare(f"{title} {text}")
        return _bare(self.body) in standing if self.part else _bare(self.body) == standing

    @property
    def is_one_line(self) -> bool:
        """Whether the rendering lost where ledd end."""
        return "\n" not in self.text


def find_announced(texts: Iterable[str], refid: str, section: str) -> list[AnnouncedWords]:
    """Return the words that the act of these texts gives a paragraph of the law, in its order."""
    wanted = section_key(section)
    return [
        one
        for law, one in list_announced(texts)
        if law == refid and section_key(one.section) == wanted
    ]


def list_announced(texts: Iterable[str]) -> Iterator[tuple[str, AnnouncedWords]]:
    """Yield all that the act of these texts changes: the law, and what a paragraph of it gets."""
    for text in texts:
        for refid, part in _by_law(text):
            for one in _words(part):
                yield refid, one


def _by_law(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text with the law that each changes."""
    acts = list(_ACT.finditer(text))
    for act, following in zip(acts, [*acts[1:], None], strict=False):
        day, month, year = act.group(2, 3, 4)
        date = f"{year}-{MONTHS[month.lower()]:02}-{int(day):02}"
        end = following.start() if following else len(text)
        yield f"{act['kind'].lower()}/{date}-{act['number']}", text[act.end() : end]


def _words(text: str) -> Iterator[AnnouncedWords]:
    steps = list(_STEP.finditer(text))
    for found, following in zip(steps, [*steps[1:], None], strict=False):
        part = " ".join(found["part"].split()).removesuffix("skal").strip()
        if found["repeal"]:
            yield AnnouncedWords(found["section"], part, "", is_repeal=True)
            continue
        end = following.start() if following else len(text)
        other = _NEXT.search(text, found.end(), end)
        words = _DASHES.sub("", text[found.end() : other.start() if other else end]).strip()
        if words:
            yield AnnouncedWords(found["section"], part, words)


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
