"""What was asked: a typed line to a question; pure, and never raises whatever is typed.

There is no query language: operators, wildcards and field names are words like others. Only quotes
mean something, and references to laws ("aml 2A-1", "§ 13-2 barnevernsloven") are recognised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from intranet.search import norwegian, thesaurus
from intranet.search.naming import law_names, name_key
from intranet.search.thesaurus import Meanings, content_of

LONGEST_QUESTION = 500
_MOST_SLOTS = 16
_LONGEST_NAME = 8
_SYNONYM_WEIGHT = 0.6
_PARTS_WEIGHT = 0.75
_JOINED_WEIGHT = 1.1

_PIECE = re.compile(
    r"(?P<section>§{0,2}\s?\d{1,4}(?:\s?[A-Za-z](?=-\d))?(?:-\d{1,3})?(?:\s?[a-hj-z](?!\w))?(?!\w))|(?P<word>[^\W_]+)"
)
_LETTERS_AND_DIGITS = re.compile(r"\b([^\W\d_]{2,6})(\d{1,6})\b")
_ARTICLE_WORDS = frozenset({"art", "artikkel", "artikkelen"})
_SECTION_WORDS = frozenset({"paragraf", "paragrafen", "par", "pgf"})
_QUOTED = re.compile(r'["«“”„]([^"«»“”„]{2,200})["»“”]')
_DATED_ACT = re.compile(
    r"\b(?P<kind>lov|forskrift)(?:en|a)?[ -](?:av |av den |om )?"
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)(?:-(?P<isonr>\d{1,5}))?"
    r"|(?P<day>\d{1,2})\. ?(?P<month>[a-z]{3,9}) (?P<year>\d{4})(?: nr\.? ?(?P<nr>\d{1,5}))?)",
    re.IGNORECASE,
)
# By their first three letters, which no two share and which nynorsk writes alike.
_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Terms that a row must all hold to answer one part of the question this way."""

    terms: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of the question, as typed, and the ways to answer it, first the typed word."""

    text: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A named document, and a paragraph in it when one was named. `doc` is set for a dated act."""

    name: str
    paragraph: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A paragraph that is known to answer `share` (0 to 1) of what was asked."""

    reference: Reference
    share: float


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, ready for the index."""

    text: str = ""
    slots: tuple[Slot, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    answers: tuple[Answer, ...] = ()
    was_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self.slots or self.phrases or self.references)

    @property
    def terms(self) -> frozenset[str]:
        """Every term that counts as a hit, for marking it in the text."""
        of_slots = (
            term
            for slot in self.slots
            for alternative in slot.alternatives
            for term in alternative.terms
        )
        return frozenset((*of_slots, *(term for phrase in self.phrases for term in phrase)))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_section: bool
    has_sign: bool


def parse(
    text: str,
    is_name: Callable[[str], bool] = lambda _key: False,
    own: Meanings = MappingProxyType({}),
) -> Question:
    """The question in a typed line. `is_name` knows which names (see `name_key`) stand for
    documents, `own` are the municipality's own words of one meaning.
    """
    clean = norwegian.normalise(text)
    was_cut = len(clean) > LONGEST_QUESTION
    clean = clean[:LONGEST_QUESTION].strip()
    phrases = tuple(filter(None, (_phrase(match.group(1)) for match in _QUOTED.finditer(clean))))
    dated, rest = _take_dated_act(clean)
    pieces = _pieces(rest)
    reference, left = _take_reference(pieces, is_name, dated)
    slots = _slots([piece.text for piece in left], own)
    return Question(
        clean,
        slots,
        phrases,
        references=(reference,) if reference else (),
        answers=_answers([slot.text for slot in slots if " " not in slot.text]),
        was_cut=was_cut,
    )


def _phrase(quoted: str) -> tuple[str, ...]:
    return tuple(token.terms[0] for token in norwegian.scan(quoted))


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in re.finditer(r"[^\W_]+", text)]


def _pieces(text: str) -> list[_Piece]:
    found = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        found.append(_Piece(piece.lower(), match.lastgroup == "section", piece.startswith("§")))
    return found[: 4 * _MOST_SLOTS]


def _take_dated_act(text: str) -> tuple[str, str]:
    """A reference by date and number ("lov 17. juni 2005 nr. 62") as a key, and the rest."""
    match = _DATED_ACT.search(text)
    if not match:
        return "", text
    kind = match["kind"].lower()
    if match["iso"]:
        date, number = match["iso"], match["isonr"]
    else:
        name = match["month"].lower()[:3]
        if name not in _MONTHS:
            return "", text
        month = _MONTHS.index(name) + 1
        date, number = f"{match['year']}-{month:02}-{int(match['day']):02}", match["nr"]
    doc = f"{kind}/{date}" + (f"-{number}" if number else "")
    return doc, text[: match.start()] + " " + text[match.end() :]


def _take_reference(
    pieces: list[_Piece], is_name: Callable[[str], bool], dated: str
) -> tuple[Reference | None, list[_Piece]]:
    """The longest known name in the line with the paragraph beside it, and the pieces that are
    left.
    """
    if dated:
        paragraph, left = _take_paragraph(pieces, 0, needs_sign=False)
        return Reference("", paragraph, dated), left
    for size in range(min(_LONGEST_NAME, len(pieces)), 0, -1):
        for start in range(len(pieces) - size + 1):
            names = _proper_names(" ".join(piece.text for piece in pieces[start : start + size]))
            name = next((key for key in names if is_name(key)), "")
            if not name:
                continue
            left = pieces[:start] + pieces[start + size :]
            paragraph, remaining = _take_paragraph(left, start, needs_sign=False)
            if size == 1 and not paragraph and left and not _is_surely_a_name(pieces[start].text):
                continue
            return Reference(name, paragraph), remaining
    return None, pieces


def _is_surely_a_name(word: str) -> bool:
    # "pol", "sak" and "tek" are names only beside a paragraph's number or alone.
    return norwegian.stem(word).endswith(("lov", "forskrift")) and len(word) > 6


def _proper_names(text: str) -> list[str]:
    key = name_key(text)
    joined = name_key(text.replace(" ", ""))  # "TEK 17"
    apart = name_key(_LETTERS_AND_DIGITS.sub(r"\1 \2", text))  # "PRO12"
    return list(dict.fromkeys((key, *law_names().get(key, ()), joined, apart)))


def _take_paragraph(
    pieces: list[_Piece], near: int, *, needs_sign: bool
) -> tuple[str, list[_Piece]]:
    """The paragraph number nearest to where the name stood."""
    candidates = [
        i
        for i, piece in enumerate(pieces)
        if piece.is_section and (piece.has_sign or not needs_sign)
    ]
    if not candidates:
        return "", pieces
    at = min(candidates, key=lambda i: (not pieces[i].has_sign, abs(i - near)))
    number = norwegian.section_number(pieces[at].text)
    first = at
    if at and pieces[at - 1].text in _ARTICLE_WORDS:
        number, first = f"artikkel{number}", at - 1
    elif at and pieces[at - 1].text in _SECTION_WORDS:
        first = at - 1
    return number, pieces[:first] + pieces[at + 1 :]


def _slots(words: Sequence[str], own: Meanings) -> tuple[Slot, ...]:
    """The words that carry content, each with its parts, its neighbours joined on and its
    synonyms.
    """
    told = [word for word in words if content_of(word)]
    asked = [word for word in told if word not in norwegian.question_words()]
    kept = list(dict.fromkeys(asked or told))[:_MOST_SLOTS]
    synonyms = _synonyms_of(kept, own)
    return (
        *_sayings(words),
        *(
            Slot(word, tuple(_unique((*_own(word), *_joined(kept, i), *synonyms.get(i, ())))))
            for i, word in enumerate(kept)
        ),
    )


def _sayings(words: Sequence[str]) -> Iterator[Slot]:
    """What is said with words that are dropped one by one."""
    for saying in thesaurus.sayings():
        size = len(saying.words)
        if any(tuple(words[at : at + size]) == saying.words for at in range(len(words))):
            yield Slot(" ".join(saying.words), tuple(Alternative(t, 1.0) for t in saying.meant))


def _own(word: str) -> Iterator[Alternative]:
    yield Alternative((content_of(word),), 1.0)
    parts = tuple(dict.fromkeys(norwegian.stem(part) for part in norwegian.pieces_of(word)))
    if len(parts) > 1:
        yield Alternative(parts, _PARTS_WEIGHT)


def _joined(words: Sequence[str], at: int) -> Iterator[Alternative]:
    """ "avviks melding" also finds "avviksmelding"."""
    for first, second in ((at - 1, at), (at, at + 1)):
        if (
            first >= 0
            and second < len(words)
            and words[first].isalpha()
            and words[second].isalpha()
        ):
            for link in ("", "s"):
                yield Alternative(
                    (norwegian.stem(words[first] + link + words[second]),), _JOINED_WEIGHT
                )


def _unique(alternatives: Sequence[Alternative]) -> Iterator[Alternative]:
    seen: set[tuple[str, ...]] = set()
    for alternative in alternatives:
        if alternative.terms not in seen:
            seen.add(alternative.terms)
            yield alternative


def _synonyms_of(kept: Sequence[str], own: Meanings) -> dict[int, list[Alternative]]:
    """For each kept word the other ways to say it, or the expression that it is part of."""
    stems = [content_of(word) for word in kept]
    found: dict[int, list[Alternative]] = {}
    for meaning in thesaurus.find_meanings(frozenset(stems), own):
        for i, term in enumerate(stems):
            if term in meaning.typed:
                found.setdefault(i, []).extend(
                    Alternative(terms, _SYNONYM_WEIGHT) for terms in meaning.others
                )
    return found


def _answers(kept: Sequence[str]) -> tuple[Answer, ...]:
    """Where the rules stand that the kept words, or some of them, ask for; each paragraph once."""
    return tuple(
        Answer(Reference("", paragraph, doc), share)
        for (doc, paragraph), share in thesaurus.find_places(kept).items()
    )
