"""Finds references to laws in Norwegian text and says which paragraphs they mean. Pure.

"jf. forvaltningsloven § 13 første ledd", "aml. § 2 A-3 (5)", "§§ 9 A-2 til 9 A-4", "lov 17. juni 2005 nr. 62 § 4-3". A
paragraph that the law does not have, or an act that is not among those in force, gives nothing: better no link
than one to another matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from intranet.laws.amendments import DATE, MONTHS
from intranet.laws.names import REGULATION_NAMES, name_key
from intranet.laws.section_lists import Listed, read_list
from intranet.laws.texts import section_key

_NAME = (
    r"(?:[A-Za-zÆØÅæøå]+-\s(?:og|eller)\s)?[A-Za-zÆØÅæøå][\w-]*?"
    r"(?:lov(?:en|a)s?|forskrift(?:en|a)s?|forordning(?:en|a)s?|reglement(?:et)?s?|lov)"
)
_ID = r"(?P<id_kind>LOV|FOR|lov|forskrift)[-/](?P<id_date>\d{4}-\d{2}-\d{2}(?:-\d+)?)(?:[#-]§?(?P<id_sec>\d[\w-]*))?"
_DATED = (
    r"(?P<kind>[Ll]ov(?:a|en)?|[Ff]orskrift(?:a|en)?)\s+(?:av\s+|frå\s+|fra\s+)?" + DATE
    + r"(?:\s*(?:nr\.?|nummer)\s*(?P<number>\d+))?"
)  # fmt: skip
_SAME = r"(?P<same>[Ss]amme (?:lov|forskrift)s?|[Ss]ame (?:lov|forskrift)a?)\b"
_OWN = r"(?P<own>(?:[Ll]ov(?:en|a)s?|[Ff]orskrift(?:en|a)s?)(?: her)?)(?=\s+(?:§|kap))"
_SIGN = r"(?P<sign>§§?\s*|\b[Aa]rt(?:ikkel|iklene|iklane|ikler|\.)?\s+)(?=\d)"
# A name may be followed by the date of the act that it meant: then the date decides, not the name.
_NAME_DATE = re.compile(
    r"\s*\(?(?:av\s+|frå\s+|fra\s+)?(?:"
    + DATE
    + r"(?:\s*nr\.?\s*(\d+))?|(?P<year>(?:18|19|20)\d\d)(?=\)|\s+§))\)?"
)
_JOIN = re.compile(
    r"[\s,;.()]*(?:\([^()§]{0,80}\)|om [^.;§]{0,160}|«[^»§]{0,80}»)?[\s,;:()]*(?:sin |si |sine |sitt )?"
)
_CONNECTOR = re.compile(
    r"[\s,;()]*(?:(?:og|eller|samt|jf\.?|jfr\.?|jamfør|jævnfør|sml\.?|dessuten|mv\.?)[\s,]*)*"
)
_FORWARD = re.compile(r"\s*(?:i|av|etter|frå|fra)?\s*(?:den\s+)?")
_SENTENCE_END = re.compile(r"(?<![ .(]jf)(?<!nr)(?<!kap)(?<!\bmv)(?<!\d)[.!?]\s+[A-ZÆØÅ]")
_BARE_NUMBER = re.compile(r"\.?\s*(?=\d+\s?[A-Z]?-\d|\d+\s?[a-z]?(?!\d|[.\w]|\s*\w{3,}))")
# "byggesaksforskriften (SAK10)" names one act twice.
_SAME_AGAIN = re.compile(r"\s*[(,–-]?\s*")
_NEAR = 200


class Corpus(Protocol):
    """What the finder must know of the laws in force."""

    def find_name(self, key: str) -> str | None:
        """The refid of the law with this name key (names.name_key), "" for a repealed one, None if unknown."""
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


@dataclass(frozen=True)
class Reference:
    """One target. `start` to `end` is the text to link; both are equal for paragraphs inside a range."""

    start: int
    end: int
    refid: str
    section: str | None = None
    ledd: int | None = None


@dataclass
class _Act:
    start: int
    end: int
    refid: str  # empty: an act that must not be linked
    is_regulation: bool = False
    is_short: bool = False
    is_own: bool = False
    has_sections: bool = False


@dataclass
class _Sections:
    start: int
    end: int
    listed: list[Listed] = field(default_factory=list)
    is_article: bool = False


class ReferenceFinder:
    """Finds references with the names of one corpus; build it once and use it for many texts."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        shorts = sorted({re.escape(n) for n in corpus.short_names()}, key=len, reverse=True)
        short = (
            r"(?<![\w-])(?P<short>" + "|".join(shorts) + r")(?![\w-])"
            if shorts
            else r"(?P<short>(?!))"
        )
        self._tokens = re.compile(
            "|".join((r"\b" + _ID, r"\b" + _DATED, r"\b" + _SAME, r"\b" + _OWN, short_first(short),
                      r"\b(?P<name>" + _NAME + r")\b", _SIGN)),
        )  # fmt: skip

    def find(self, text: str, context: str | None = None) -> list[Reference]:
        """All references in the text. `context` is the law that the text itself stands in, if any."""
        found: list[Reference] = []
        for act, part in self._bound(text, context):
            if part is None:
                if act.refid and not act.is_own and not act.has_sections:
                    found.append(Reference(act.start, act.end, act.refid))
            elif act.refid:
                found += self._targets(act, part)
        return found

    def _bound(self, text: str, context: str | None) -> list[tuple[_Act, _Sections | None]]:
        """Each act alone, then each list of paragraphs with the act that it belongs to."""
        tokens = list(self._scan(text, context))
        acts = [t for t in tokens if isinstance(t, _Act)]
        bound: list[tuple[_Act, _Sections | None]] = []
        last: _Act | None = None
        last_end = 0
        for index, token in enumerate(tokens):
            if isinstance(token, _Act):
                last, last_end = token, token.end
                continue
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            act = self._act_for(text, token, last, last_end, following, context)
            if act is not None:
                act.has_sections = True
                bound.append((act, token))
                if act is last:
                    last_end = token.end
        return [(a, None) for a in acts] + bound

    def _act_for(
        self,
        text: str,
        part: _Sections,
        last: _Act | None,
        last_end: int,
        following: _Act | _Sections | None,
        context: str | None,
    ) -> _Act | None:
        own = _Act(part.start, part.start, context, is_own=True) if context else None
        after = text[part.end : part.end + 12]
        if re.match(r"\s*(?:her|i (?:loven|lova|forskriften) her)\b", after):
            return own
        if last is not None and _JOIN.fullmatch(text, last_end, part.start):
            # "… § 13, jf. § 9 i kommuneloven" belongs forward; "… § 13 i forskriften" does not.
            if last.has_sections and self._belongs_forward(text, part, following):
                return following if isinstance(following, _Act) else None
            return last
        if self._belongs_forward(text, part, following) and isinstance(following, _Act):
            return following
        if last is not None and _CONNECTOR.fullmatch(text, last_end, part.start):
            return last
        if own is not None:
            return own
        near = last is not None and part.start - last_end < _NEAR
        if near and not _SENTENCE_END.search(text, last_end, part.start):
            return last
        return None

    def _belongs_forward(
        self, text: str, part: _Sections, following: _Act | _Sections | None
    ) -> bool:
        position = part.end
        while isinstance(following, _Sections):
            return False
        if following is None or following.is_own:
            return False
        return _FORWARD.fullmatch(text, position, following.start) is not None

    def _scan(self, text: str, context: str | None) -> Iterator[_Act | _Sections]:
        position, last = 0, None
        while match := self._tokens.search(text, position):
            if match["sign"]:
                token: _Act | _Sections | None = self._list(
                    text, match.end(), match.start(), match["sign"]
                )
            else:
                token = self._act(text, match, last, context)
            if token is None:
                position = match.end()
                continue
            position = max(token.end, match.end()) if isinstance(token, _Act) else token.end
            if isinstance(token, _Act) and last is not None and _is_same_again(text, last, token):
                last.end = token.end
                continue
            yield token
            if isinstance(token, _Act):
                last = token if not token.is_own else last
                bare = self._bare_list(text, token)
                if bare is not None:
                    yield bare
                    position = bare.end

    def _list(self, text: str, position: int, start: int, sign: str) -> _Sections | None:
        listed, end = read_list(
            text, position, is_plural="§§" in sign or "kl" in sign or "kk" in sign
        )
        return _Sections(start, end, listed, "§" not in sign) if listed else None

    def _bare_list(self, text: str, act: _Act) -> _Sections | None:
        """ "kommuneloven 25-1" and "fvl 13": a number right behind the name, without the sign."""
        gap = _BARE_NUMBER.match(text, act.end)
        if (
            not gap
            or not act.refid
            or (not act.is_short and "-" not in text[gap.end() : gap.end() + 6])
        ):
            return None
        return self._list(text, gap.end(), gap.end(), "art" if act.is_regulation else "§")

    def _act(
        self, text: str, match: re.Match[str], last: _Act | None, context: str | None
    ) -> _Act | None:
        start, end = match.span()
        if match["id_date"]:
            return self._identified(match)
        if match["kind"]:
            refid = _dated_refid(match["kind"], match.group(5, 6, 7), match["number"])
            return _Act(start, end, refid if self._corpus.has_law(refid) else "")
        if match["same"]:
            return _Act(start, end, last.refid if last else "", is_own=True)
        if match["own"]:
            kind = "lov" if match["own"].lower().startswith("lov") else "forskrift"
            fits = context is not None and context.startswith(kind + "/")
            return _Act(start, end, context if fits and context else "", is_own=True)
        return self._named(text, match)

    def _identified(self, match: re.Match[str]) -> _Act | None:
        kind = "lov" if match["id_kind"].lower() == "lov" else "forskrift"
        refid = f"{kind}/{match['id_date']}"
        return _Act(
            match.start(), match.end("id_date"), refid if self._corpus.has_law(refid) else ""
        )

    def _named(self, text: str, match: re.Match[str]) -> _Act | None:
        name = match["short"] or match["name"]
        key = name_key(name)
        refid = self._corpus.find_name(key)
        end = match.end()
        dated = _NAME_DATE.match(text, end)
        if dated:
            return self._named_and_dated(match, dated, refid, name)
        if refid is None:
            # An unknown name is kept, so that its paragraphs do not stick to the act before it.
            return _Act(match.start(), end, "") if len(name) > 8 else None
        if match["short"] and text[end : end + 1] == ".":
            end += 1
        is_short = match["short"] is not None and " " not in name
        if (
            is_short
            and len(name) < 5
            and not re.match(r"\.?\s*(?:§|\d|art|kap)", text[match.end() :], re.I)
        ):
            return None
        is_regulation = name.lower().rstrip("s") in REGULATION_NAMES
        return _Act(match.start(), end, refid, is_regulation, is_short)

    def _named_and_dated(
        self, match: re.Match[str], dated: re.Match[str], refid: str | None, name: str
    ) -> _Act:
        if dated["year"]:
            year = dated["year"]
            meant = refid if refid and refid.split("/")[1].startswith(year) else ""
            return _Act(match.start(), dated.end(), meant or "")
        kind = "forskrift" if "forskrift" in name.lower() else "lov"
        exact = _dated_refid(kind, dated.group(1, 2, 3), dated.group(4))
        return _Act(match.start(), dated.end(), exact if self._corpus.has_law(exact) else "")

    def _targets(self, act: _Act, part: _Sections) -> list[Reference]:
        sections = self._corpus.sections(act.refid)
        is_article = part.is_article or (act.is_regulation and not part.is_article)
        resolver = _Resolver(sections, "art" if is_article else "")
        found: list[Reference] = []
        for index, item in enumerate(part.listed):
            start = (
                act.start
                if index == 0 and act.start < item.start and not act.is_own
                else item.start
            )
            if index == 0 and act.is_own:
                start = part.start
            if start == act.start and act.end > part.start:
                start = item.start
            targets = resolver.resolve(item)
            for number, section in enumerate(targets):
                is_first, is_last = number == 0, number == len(targets) - 1
                span = (start, item.end) if is_first else (item.end, item.end)
                for ledd in item.ledd if item.ledd and is_last else (None,):
                    found.append(Reference(span[0], span[1], act.refid, section, ledd))
        return found


class _Resolver:
    """Numbers as written -> paragraphs as printed, in one law."""

    def __init__(self, sections: Sequence[str], prefix: str) -> None:
        self._prefix = prefix
        self._order = [s for s in sections]
        self._index: dict[str, int] = {}
        for position, section in enumerate(self._order):
            self._index.setdefault(section_key(section), position)

    def resolve(self, item: Listed) -> list[str]:
        first = self._position(item.number)
        if item.until is not None:
            last = self._position(item.until)
            return self._between(first, last)
        if first is None and "-" in item.number and not self._prefix:
            # "§§ 40-43": a hyphen where the law has no such number is a range.
            low, _, high = item.number.partition("-")
            return self._between(self._position(low), self._position(high))
        return [] if first is None else [self._order[first]]

    def _between(self, first: int | None, last: int | None) -> list[str]:
        if first is None or last is None or not 0 <= last - first <= 120:
            return [self._order[p] for p in (first, last) if p is not None]
        is_article = self._prefix == "art"
        return [
            section
            for section in self._order[first : last + 1]
            if section_key(section).startswith("art") == is_article
        ]

    def _position(self, number: str) -> int | None:
        key = self._prefix + section_key(number)
        found = self._index.get(key)
        if found is None and key[-1:].isalpha() and " " in number.strip():
            found = self._index.get(key[:-1])
        return found


def _is_same_again(text: str, last: _Act, token: _Act) -> bool:
    if not token.refid or last.refid != token.refid:
        return False
    return _SAME_AGAIN.fullmatch(text, last.end, token.start) is not None


def short_first(pattern: str) -> str:
    """Short names are found in small letters, capitals or with a capital first."""
    return f"(?i:{pattern})"


def _dated_refid(kind: str, day: Sequence[str], number: str | None) -> str:
    start = "lov" if kind.lower().startswith("lov") else "forskrift"
    refid = f"{start}/{day[2]}-{MONTHS[day[1].lower()]:02}-{int(day[0]):02}"
    return f"{refid}-{number}" if number else refid
