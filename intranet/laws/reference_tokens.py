"""Cuts a text into the laws that it names and the lists of paragraph numbers in it. Pure.

Every pattern is bounded, so that no text takes longer than its length deserves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from intranet.laws.amendments import DATE, MONTHS
from intranet.laws.names import REGULATION_NAMES, name_key
from intranet.laws.section_lists import Listed, read_list

_NAME = (
    r"(?P<name>(?:[A-Za-zÆØÅæøå]{2,40}-\s(?:og|eller)\s)?[A-Za-zÆØÅæøå][\w-]{0,60}?"
    r"(?:lov(?:en|a)s?|forskrift(?:en|a)s?|forordning(?:en|a)s?|reglement(?:et)?s?|lov)\b)"
)
# An abbreviation counts only with a number behind it: Hol is also a municipality.
_BRIEF = r"(?P<brief>[A-Za-zÆØÅæøå][\w-]{1,14})(?=\.?\s{0,3}(?:§|\d|[Aa]rt|[Kk]ap))"
_ID = r"(?P<id_kind>LOV|FOR|lov|forskrift)[-/](?P<id_date>\d{4}-\d{2}-\d{2}(?:-\d{1,6})?)"
_DATED = (
    r"(?P<kind>[Ll]ov(?:a|en)?|[Ff]orskrift(?:a|en)?)\s{1,3}(?:(?:av|frå|fra)\s{1,3})?"
    r"(?P<date>" + DATE + r")(?:\s{0,3}(?:nr\.?|nummer)\s{0,3}(?P<number>\d{1,6}))?"
)
# "forskrift om ledelse og kvalitetsforbedring i ...": the whole title stands in the text.
_TITLED = r"(?P<titled>(?:[Ll]ov|[Ff]orskrift|[Rr]eglement|[Ii]nstruks)\s{1,3}(?:om|for|til)\s)"
_SAME = r"(?P<same>[Ss]amme (?:lov|forskrift)s?|[Ss]ame (?:lov|forskrift)a?)\b"
_OWN = r"(?P<own>(?:[Ll]ov(?:en|a)s?|[Ff]orskrift(?:en|a)s?)(?: her)?)(?=\s{1,3}(?:§|kap))"
_SIGN = r"(?P<sign>§§?\s{0,3}|\b[Aa]rt(?:ikkel|iklene|iklane|ikler|\.)?\s{1,3})(?=\d)"
# A name may be followed by the date of the act that was meant: then the date decides.
_NAME_DATE = re.compile(
    r"\s{0,3}\(?(?:(?:av|frå|fra)\s{1,3})?(?:"
    + DATE
    + r"(?:\s{0,3}nr\.?\s{0,3}(\d{1,6}))?|(?P<year>(?:18|19|20)\d\d)(?=\)|\s{1,3}§))\)?"
)
_BARE_NUMBER = re.compile(r"\.?\s{0,3}(?=\d+\s?[A-Z]?-\d|\d+\s?[a-z]?(?!\d|[.\w]|\s{0,3}\w{3,}))")
_DATE = re.compile(DATE)
# "byggesaksforskriften (SAK10)" names one act twice.
_SAME_AGAIN = re.compile(r"\s{0,3}[(,–-]?\s{0,3}")
_ITS_NAME = re.compile(r"\s{0,3}(?:om\s[^.;§()]{0,160})?[(,–-]?\s{0,3}")
_HAS_ENDING = re.compile(r"(?:lov|forskrift)$")
_LONG = 8
_WORD = re.compile(r"\S+")
_LONGEST_TITLE = 170
_BESIDE = 3


class Corpus(Protocol):
    """What the finder must know of the laws in force."""

    def find_name(self, key: str) -> str | None:
        """The law with this name (see names.name_key), "" for a repealed one, None if unknown."""
        ...

    def has_law(self, refid: str) -> bool:
        """Whether the law is in force and known."""
        ...

    def sections(self, refid: str) -> Sequence[str]:
        """The numbers of its paragraphs as printed, in order."""
        ...

    def short_names(self) -> Sequence[str]:
        """Abbreviations and names of several words, which no ending gives away."""
        ...


@dataclass
class Act:
    """A law that the text names. An empty `refid` is one that must not be linked."""

    start: int
    end: int
    refid: str
    is_regulation: bool = False
    is_short: bool = False
    is_own: bool = False
    is_dated: bool = False
    has_sections: bool = False


@dataclass
class Sections:
    """A list of paragraph numbers, from its sign to its end."""

    start: int
    end: int
    listed: list[Listed] = field(default_factory=list)
    is_article: bool = False


class Scanner:
    """Finds acts and lists of paragraphs with the names of one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        words = "|".join(
            [_ID, _DATED, _TITLED, _SAME, _OWN, _phrases(corpus.short_names()), _NAME, _BRIEF]
        )
        # Only the beginning of a word is tried, which makes it ten times faster.
        self._tokens = re.compile(rf"{_SIGN}|(?<![\w-])(?=[A-Za-zÆØÅæøå])(?:{words})")

    def scan(self, text: str, context: str | None) -> Iterator[Act | Sections]:
        """Acts and lists in the order of the text."""
        position = 0
        last: Act | None = None
        while match := self._tokens.search(text, position):
            if match["sign"]:
                has_act = last is not None and match.start() - last.end <= _BESIDE
                listed = _read(text, match.end(), match.start(), match["sign"], has_act)
                position = listed.end if listed else match.end()
                if listed:
                    yield listed
                continue
            act = self._act(text, match, last, context)
            position = max(match.end(), act.end if act else 0)
            if act is None:
                continue
            if last is not None and _is_same_again(text, last, act):
                last.end = act.end
                continue
            act.is_dated = bool(match["kind"])
            yield act
            last = last if act.is_own else act
            if bare := _bare_list(text, act):
                yield bare
                position = bare.end

    def _act(
        self, text: str, match: re.Match[str], last: Act | None, context: str | None
    ) -> Act | None:
        start, end = match.span()
        if match["id_date"]:
            kind = "lov" if match["id_kind"].lower() == "lov" else "forskrift"
            return Act(start, end, self._known(f"{kind}/{match['id_date']}"))
        if match["kind"]:
            return Act(start, end, self._dated(match["kind"], match["date"], match["number"]))
        if match["same"]:
            return Act(start, end, last.refid if last else "", is_own=True)
        if match["own"]:
            kind = "lov" if match["own"].lower().startswith("lov") else "forskrift"
            own = context if context is not None and context.startswith(f"{kind}/") else ""
            return Act(start, end, own, is_own=True)
        if match["titled"]:
            return self._titled(text, start)
        return self._named(text, match)

    def _titled(self, text: str, start: int) -> Act | None:
        """The act with the longest title that the text has here."""
        words = list(_WORD.finditer(text, start, start + _LONGEST_TITLE))
        for word in reversed(words[2:]):
            refid = self._corpus.find_name(name_key(text[start : word.end()]))
            if refid:
                return Act(start, word.end(), refid)
        return None

    def _named(self, text: str, match: re.Match[str]) -> Act | None:
        name = match["phrase"] or match["name"] or match["brief"]
        refid = self._corpus.find_name(name_key(name))
        start, end = match.span()
        if dated := _NAME_DATE.match(text, end):
            return Act(start, dated.end(), self._meant(name, refid, dated))
        if refid is None:
            # An unknown name is kept, so that its paragraphs do not stick to the act before it.
            return Act(start, end, "") if match["name"] and len(name) > _LONG else None
        is_short = match["name"] is None
        if is_short and text[end : end + 1] == ".":
            end += 1
        is_regulation = name.lower().removesuffix("s") in REGULATION_NAMES
        return Act(start, end, refid, is_regulation, is_short)

    def _meant(self, name: str, refid: str | None, dated: re.Match[str]) -> str:
        """The act that a name with a date or a year behind it means: maybe an older one."""
        if year := dated["year"]:
            return refid if refid and refid.split("/")[1].startswith(year) else ""
        kind = "forskrift" if "forskrift" in name.lower() else "lov"
        return self._dated(kind, " ".join(dated.group(1, 2, 3)), dated[4])

    def _dated(self, kind: str, day: str, number: str | None) -> str:
        found = _DATE.fullmatch(day)
        if found is None:
            return ""
        start = "lov" if kind.lower().startswith("lov") else "forskrift"
        date = f"{found[3]}-{MONTHS[found[2].lower()]:02}-{int(found[1]):02}"
        return self._known(f"{start}/{date}-{number}" if number else f"{start}/{date}")

    def _known(self, refid: str) -> str:
        return refid if self._corpus.has_law(refid) else ""


def _phrases(names: Sequence[str]) -> str:
    """A pattern for names of several words and single ones that stand alone, by first word."""
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        first, space, rest = name.partition(" ")
        if space or len(name) > _LONG:
            ending = "(?:en|a)?s?" if _HAS_ENDING.search(name) else ""
            by_first.setdefault(re.escape(first), []).append(re.escape(space + rest) + ending)
    groups = [f"{first}(?:{'|'.join(rests)})" for first, rests in sorted(by_first.items())]
    return rf"(?i:(?P<phrase>{'|'.join(groups) or '(?!)'})(?![\w-]))"


def _read(text: str, position: int, start: int, sign: str, has_act: bool = True) -> Sections | None:
    is_plural = "§§" in sign or "kl" in sign
    listed, end = read_list(text, position, is_plural or "ikkel" in sign, has_act)
    return Sections(start, end, listed, "§" not in sign) if listed else None


def _bare_list(text: str, act: Act) -> Sections | None:
    """ "kommuneloven 25-1" and "fvl 13": a number right behind the name, without the sign."""
    gap = _BARE_NUMBER.match(text, act.end)
    if gap is None or not act.refid:
        return None
    if not act.is_short and "-" not in text[gap.end() : gap.end() + 6]:
        return None
    return _read(text, gap.end(), gap.end(), "art" if act.is_regulation else "§")


def _is_same_again(text: str, last: Act, act: Act) -> bool:
    if last.is_dated and not last.refid and not act.is_own:
        # "lov 17. juli 1992 nr. 100 om ... (barnevernloven)": the name is that of the dated act.
        return _ITS_NAME.fullmatch(text, last.end, act.start) is not None
    if not act.refid or last.refid != act.refid:
        return False
    return _SAME_AGAIN.fullmatch(text, last.end, act.start) is not None
