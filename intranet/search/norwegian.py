"""Norwegian analysis, bokmål and nynorsk together: text to terms; pure, and the same at indexing
and asking.

A paragraph number is one term ("§ 2 A-1" is "2a-1"), names of laws keep their -lov, a compound
gives its own stem and those of its parts.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from snowballstemmer import stemmer

# Raised when the same text gives other terms than before: the index is then built anew.
ANALYSIS_VERSION = "2"

# A word longer than this is no word (an encoded picture, a hash): it is cut, so that every step
# below has a bound.
LONGEST_WORD = 60
_LONGEST_SPLIT = 40

_TOKEN = re.compile(
    r"""
    (?P<date>\d{4}-\d\d-\d\d(?:-\d{1,5})?)
  | (?P<signed>§{1,2}[ \u00a0]{0,2}\d{1,4}(?:[ \u00a0]?[A-Za-z](?=-\d))?(?:-\d{1,3})?
      (?:[ \u00a0]?[a-hj-z](?!\w))?)
  | (?P<section>\d{1,4}(?:[ \u00a0]?[A-Z])?-\d{1,3}(?:[ \u00a0]?[a-hj-z](?!\w))?)
  | (?P<lettered>\d{1,4}[a-zA-Z](?!\w))
  | (?P<word>[^\W_]+)
    """,
    re.VERBOSE,
)
_SPACES_AND_SIGN = re.compile(r"[§ \u00a0]+")
_LAW_NAME = re.compile(r"(?P<head>\w{2,}?)(?P<kind>lov|forskrift)(?:en|a|er|ene|ens|as|enes|s)?")
_NOT_A_LAW = frozenset({"forlov", "frilov", "ulov", "ferielov", "etterlov", "lov"})
_NOT_PLURAL = frozenset({"interne", "eksterne", "moderne"})
_NYNORSK_ENDINGS = (
    ("legheiter", "ligheter"),
    ("legheita", "ligheten"),
    ("legheit", "lighet"),
    ("heiter", "heter"),
    ("heita", "heten"),
    ("heit", "het"),
    ("givaren", "giver"),
    ("givarar", "giver"),
    ("givar", "giver"),
    ("takaren", "taker"),
    ("takarar", "taker"),
    ("takar", "taker"),
    ("sjukdom", "sykdom"),
    ("legast", "ligst"),
    ("lege", "lige"),
    ("leg", "lig"),
    ("setjing", "setting"),
    ("setje", "sette"),
    ("skule", "skole"),
    ("skular", "skoler"),
    ("tenester", "tjenester"),
    ("tenesta", "tjeneste"),
    ("teneste", "tjeneste"),
)

# Within a word too, so that a compound need not stand in the list. None of them is in a word of
# bokmål: "skulle" has two l, "tjeneste" another beginning.
_NYNORSK_WITHIN = (
    ("sjuk", "syk"),
    ("heime", "hjemme"),
    ("køyr", "kjør"),
    ("skule", "skole"),
    ("eigedom", "eiendom"),
    ("høyring", "høring"),
    ("medverk", "medvirk"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands in the text: text[start:end]; `terms[0]` is its own, the rest its
    parts.
    """

    start: int
    end: int
    terms: tuple[str, ...]


def normalise(text: str) -> str:
    """The text in NFC without soft hyphens, zero-width or control characters; same length not
    promised.
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


_BARE = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\x00]")


def scan(text: str) -> Iterator[Token]:
    """The words of an already normalised text with their places and terms; stop words are left
    out.
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        word = match.group()
        if kind == "word":
            found = terms_of(word.lower()[:LONGEST_WORD])
            if found:
                yield Token(match.start(), match.end(), found)
        elif kind == "date":
            yield Token(match.start(), match.end(), (word,))
        else:
            yield Token(match.start(), match.end(), (section_number(word),))


def bare_words(words: Iterable[str]) -> Iterator[str]:
    """The words in lower case without signs and stems, as somebody begins to type them."""
    for word in words:
        yield from (match.group().lower() for match in _BARE.finditer(word))


def section_number(text: str) -> str:
    """A paragraph's number as one term: "§ 2 A-1", "2A-1" and "2 a-1" are all "2a-1"."""
    return _SPACES_AND_SIGN.sub("", text).lower()


@lru_cache(maxsize=50_000)
def terms_of(word: str) -> tuple[str, ...]:
    """The terms of one word in lower case: its stem, then its parts' stems; nothing for a stop
    word.
    """
    if word in stop_words():
        return ()
    own = stem(word)
    parts = (stem(part) for part in split_compound(word))
    return tuple(dict.fromkeys((own, *parts)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem under which a word is found; nynorsk words have the stem of their bokmål sister."""
    word = _within_bokmaal(_nynorsk().get(word, word))
    law = _LAW_NAME.fullmatch(word)
    if law and word not in _NOT_A_LAW:
        return _bokmaal_ending(law["head"]) + law["kind"]
    word = _bokmaal_ending(word)
    if word.endswith("erne") and len(word) >= 7 and word not in _NOT_PLURAL:
        word = word[:-2]  # lederne: the plural of an agent, which Snowball leaves as "ledern"
    return _shorten(_snowball(word))


def _within_bokmaal(word: str) -> str:
    for form, replacement in _NYNORSK_WITHIN:
        if form in word:
            word = word.replace(form, replacement)
    return word


def _bokmaal_ending(word: str) -> str:
    for ending, replacement in _NYNORSK_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + replacement
    return word


def _shorten(stemmed: str) -> str:
    # Snowball leaves varsle -> varsl but varsling -> varsling, and leder, lederen, lederne as three
    # stems: nobody means different things by them.
    if stemmed.endswith("ing") and len(stemmed) >= 7:
        doing = stemmed[:-3]
        is_noun = doing.endswith("n") and len(doing) >= 6 and doing[-2] not in "aeiouyæøån"
        return doing[:-1] if is_noun else doing
    if stemmed.endswith("er") and len(stemmed) > 4:
        return stemmed[:-2]
    return stemmed


def is_respelt(word: str) -> bool:
    """Whether the word is searched as another, which may begin otherwise."""
    return word in _nynorsk()


def split_compound(word: str) -> tuple[str, ...]:
    """The words a compound is made of, the parts' own parts included; nothing if it is none."""
    pieces = pieces_of(_within_bokmaal(word))
    if len(pieces) < 2:
        return ()
    found = list(pieces)
    for piece in pieces:
        found.extend(split_compound(piece))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """The split into the fewest known parts, the longest last part first; a linking s or e is
    dropped.
    """
    if not 7 <= len(word) <= _LONGEST_SPLIT:
        return ()
    known = compound_parts()
    size = len(word)
    best: list[tuple[str, ...] | None] = [None] * (size + 1)
    best[0] = ()
    for end in range(3, size + 1):
        for start in range(end - 3, -1, -1):
            before = best[start]
            if before is None or (start == 0 and end == size):
                continue
            part = _known_part(word[start:end], known, last=end == size)
            if not part:
                continue
            here = best[end]
            if here is None or len(before) + 1 <= len(here):
                best[end] = (*before, part)
    return best[size] or ()


def _known_part(piece: str, known: frozenset[str], *, last: bool) -> str:
    if piece in known and (len(piece) > 3 or not last):
        return piece
    if not last and len(piece) > 4 and piece[-1] in "se" and piece[:-1] in known:
        return piece[:-1]
    return ""


@cache
def compound_parts() -> frozenset[str]:
    """The words that compounds are split into."""
    return frozenset(read_lines("parts.txt"))


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no content."""
    return frozenset(word for line in read_lines("stopwords.txt") for word in line.split())


@cache
def question_words() -> frozenset[str]:
    """Words that only ask."""
    return frozenset(word for line in read_lines("question_words.txt") for word in line.split())


@cache
def _nynorsk() -> dict[str, str]:
    pairs = (line.split() for line in read_lines("nynorsk.txt"))
    return dict(pairs)


def read_lines(name: str) -> list[str]:
    """The lines of one of the word lists beside this file, without comments and empty lines."""
    text = files("intranet.search").joinpath("data", name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


_stemmer = stemmer("norwegian")
_stemming = threading.Lock()


def _snowball(word: str) -> str:
    # One stemmer object is not safe between threads: its word is state. The lock is inside the
    # cache, so that it costs only for new words.
    with _stemming:
        return str(_stemmer.stemWord(word))
