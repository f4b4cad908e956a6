"""Finds references to laws in Norwegian text and says which paragraphs they mean. Pure.

"jf. forvaltningsloven § 13 første ledd", "aml. § 2 A-3 (5)", "§§ 9 A-2 til 9 A-4", "lov 17.
juni 2005 nr. 62 § 4-3". A paragraph that the law does not have, or an act that is not among
those in force, gives nothing: better no link than one to another matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intranet.laws.reference_tokens import Act, Corpus, Scanner, Sections
from intranet.laws.section_lists import Listed
from intranet.laws.texts import section_key

# Between an act and its paragraphs: its title, a bracket, or nothing but signs.
_JOIN = re.compile(
    r"[\s,;.()/-]{0,8}(?:\([^()§]{0,80}\)|om [^.;§]{0,160}|«[^»§]{0,80}»)?"
    r"[\s,;:()]{0,8}(?:sin |si |sine |sitt )?"
)
_CONNECTOR = re.compile(
    r"[\s,;()]{0,8}(?:(?:og|eller|samt|jf\.?|jfr\.?|jamfør|sml\.?|dessuten|mv\.?)[\s,]{0,8}){0,4}"
)
_FORWARD = re.compile(r"\s{0,3}(?:(?:i|av|etter|frå|fra)\s{1,3})?(?:den\s{1,3})?")
_HERE = re.compile(r"\s{1,3}(?:her|i (?:loven|lova|forskriften|forskrifta) her)\b")
_SENTENCE_END = re.compile(r"(?<![ .(]jf)(?<!nr)(?<!kap)(?<!\bmv)(?<!\d)[.!?]\s+[A-ZÆØÅ]")
# A paragraph further away than this from the act named last belongs to something else.
_NEAR = 200
_LONGEST_RANGE = 120
_ADJACENT = 3
# Small words that look like the letter of a paragraph.
_WORDS = frozenset({"i", "o", "å", "f"})


@dataclass(frozen=True)
class Reference:
    """One target. `start` to `end` is the text to link; equal for paragraphs inside a range."""

    start: int
    end: int
    refid: str
    section: str | None = None
    ledd: int | None = None


class ReferenceFinder:
    """Finds references with the names of one corpus; build it once and use it for many texts."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._scanner = Scanner(corpus)

    def find(self, text: str, context: str | None = None) -> list[Reference]:
        """All references in the text. `context` is the law that the text itself stands in."""
        found: list[Reference] = []
        for act, part in self._bound(text, context):
            if part is not None:
                found += self._targets(act, part) if act.refid else []
            elif act.refid and not act.is_own and not act.has_sections:
                found.append(Reference(act.start, act.end, act.refid))
        return found

    def _bound(self, text: str, context: str | None) -> list[tuple[Act, Sections | None]]:
        """Each act alone, then each list of paragraphs with the act that it belongs to."""
        tokens = list(self._scanner.scan(text, context))
        bound: list[tuple[Act, Sections | None]] = []
        last: Act | None = None
        last_end = 0
        for token, following in zip(tokens, [*tokens[1:], None], strict=False):
            if isinstance(token, Act):
                last, last_end = token, token.end
                continue
            act = _act_for(text, token, last, last_end, following, context)
            if act is not None:
                act.has_sections = True
                bound.append((act, token))
                last_end = token.end if act is last else last_end
        return [(token, None) for token in tokens if isinstance(token, Act)] + bound

    def _targets(self, act: Act, part: Sections) -> list[Reference]:
        is_article = part.is_article or act.is_regulation
        resolver = _Resolver(self._corpus.sections(act.refid), "art" if is_article else "")
        is_adjacent = 0 <= part.start - act.end <= _ADJACENT and act.end > act.start
        first_start = act.start if is_adjacent else part.start
        found: list[Reference] = []
        for index, item in enumerate(part.listed):
            targets = resolver.resolve(item)
            start = item.start if index else first_start
            for number, section in enumerate(targets):
                begin = item.end if number else start
                is_last = number == len(targets) - 1
                for ledd in item.ledd if item.ledd and is_last else (None,):
                    found.append(Reference(begin, item.end, act.refid, section, ledd))
        return found


def _act_for(
    text: str,
    part: Sections,
    last: Act | None,
    last_end: int,
    following: Act | Sections | None,
    context: str | None,
) -> Act | None:
    """The act that a list of paragraphs belongs to: the one behind, the one ahead, or its own."""
    own = Act(part.start, part.start, context, is_own=True) if context else None
    if _HERE.match(text, part.end):
        return own
    ahead = _act_ahead(text, part, following)
    is_near = last is not None and part.start - last_end < _NEAR
    if is_near and last is not None and _JOIN.fullmatch(text, last_end, part.start):
        # "… § 13, jf. § 9 i kommuneloven": the second paragraph belongs to the act ahead.
        return ahead if ahead is not None and last.has_sections else last
    if ahead is not None:
        return ahead
    if is_near and _CONNECTOR.fullmatch(text, last_end, part.start):
        return last
    if own is not None:
        return own
    if is_near and not _SENTENCE_END.search(text, last_end, part.start):
        return last
    return None


def _act_ahead(text: str, part: Sections, following: Act | Sections | None) -> Act | None:
    if not isinstance(following, Act) or following.is_own:
        return None
    return following if _FORWARD.fullmatch(text, part.end, following.start) else None


class _Resolver:
    """Numbers as written -> paragraphs as printed, in one law."""

    def __init__(self, sections: Sequence[str], prefix: str) -> None:
        self._prefix = prefix
        self._order = sections
        self._index: dict[str, int] = {}
        for position, section in enumerate(sections):
            self._index.setdefault(section_key(section), position)

    def resolve(self, item: Listed) -> list[str]:
        first = self._position(item.number)
        if item.until is not None:
            return self._between(first, self._position(item.until))
        if first is None and "-" in item.number:
            # "§§ 40-43": a hyphen where the law has no such number is a range.
            low, _dash, high = item.number.partition("-")
            first, last = self._position(low), self._position(high)
            # "§ 4-3" of an act that counts by chapters is none: better no link than § 3.
            is_range = first is not None and last is not None and first < last
            return self._between(first, last) if is_range else []
        return [] if first is None else [self._order[first]]

    def _between(self, first: int | None, last: int | None) -> list[str]:
        if first is None or last is None or not 0 <= last - first <= _LONGEST_RANGE:
            return [self._order[place] for place in (first, last) if place is not None]
        return [
            section
            for section in self._order[first : last + 1]
            if section_key(section).startswith("art") == bool(self._prefix)
        ]

    def _position(self, number: str) -> int | None:
        key = self._prefix + section_key(number)
        found = self._index.get(key)
        if found is None and key[-1:] in _WORDS and " " in number:
            # "§ 13 i loven" has no letter; "§ 132 a" that the law does not have is not § 132.
            found = self._index.get(key[:-1])
        return found
