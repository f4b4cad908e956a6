"""What those who tend the search type: words of one meaning, and the question that an answer is
fastened to; pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from intranet.search import norwegian
from intranet.search.thesaurus import content_of, terms_in

LEAST_WORDS, MOST_WORDS = 2, 8
LONGEST_WORD = 60
LONGEST_KEY = 200
_LONGEST_QUESTION = 500


class WordsProblem(StrEnum):
    """Why words cannot stand as words of one meaning."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    MEANS_NOTHING = "means_nothing"
    ONE_WORD_TWICE = "one_word_twice"


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The expressions as they are kept, or what is wrong and with which."""

    words: tuple[str, ...] = ()
    problem: WordsProblem | None = None
    culprit: str = ""


def read_words(typed: str) -> WordsRead:
    """The expressions between commas or on lines of their own, each once, in small letters."""
    pieces = norwegian.normalise(typed).replace("\n", ",").split(",")
    words = list(dict.fromkeys(filter(None, (" ".join(one.lower().split()) for one in pieces))))
    if len(words) < LEAST_WORDS:
        return WordsRead(problem=WordsProblem.TOO_FEW)
    if len(words) > MOST_WORDS:
        return WordsRead(problem=WordsProblem.TOO_MANY)
    seen: set[tuple[str, ...]] = set()
    for word in words:
        if len(word) > LONGEST_WORD:
            return WordsRead(problem=WordsProblem.TOO_LONG, culprit=word)
        terms = tuple(sorted(terms_in(word)))
        if not terms:
            return WordsRead(problem=WordsProblem.MEANS_NOTHING, culprit=word)
        if terms in seen:
            return WordsRead(problem=WordsProblem.ONE_WORD_TWICE, culprit=word)
        seen.add(terms)
    return WordsRead(tuple(words))


def question_key(text: str) -> str:
    """What a question is about, whatever the order, the endings and the words that only ask."""
    clean = norwegian.normalise(text)[:_LONGEST_QUESTION]
    words: Sequence[str] = list(norwegian.bare_words([clean]))
    asked = [word for word in words if word not in norwegian.question_words()]
    terms = {term for term in map(content_of, asked) if term}
    terms = terms or {term for term in map(content_of, words) if term}
    return " ".join(sorted(terms))[:LONGEST_KEY]
