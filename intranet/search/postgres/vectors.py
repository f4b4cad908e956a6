"""An entry as a row with a tsvector of our own terms; pure.

PostgreSQL analyses nothing. Each term is a lexeme with a sign for its field, so that a look-up in
the GIN index is exact and reads no vector: "=ferie" stands in the title, ".ferie" in the text, and
".ferie#3" says that it stands there three times. Positions are kept where phrases are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from intranet.search import norwegian
from intranet.search.entry import FACETS, Kind, SearchEntry
from intranet.search.fields import fields_of

SIGNS = {
    "title": "=",
    "name": "~",
    "text": ".",
    "par": "%",
    "doc": "/",
    "alias": "@",
    "start": "^",
    "whole": "!",
    "near": "+",
}
# What a row is told apart by, each value once in a table of its own and here a number.
AUDIENCE = "audience"
LABELS = (AUDIENCE, *FACETS)
# How often a term stands in a field, as far as it is told apart: more than the last is the last.
STEPS = {
    "title": (2, 3),
    "name": (2, 3, 4),
    "text": (2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 40),
}
_KINDS = {kind: place for place, kind in enumerate(Kind)}
# A lexeme may be 2,046 bytes long; nobody asks for a name of that length.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the table takes it; `starts` and `aliases` are counted beside it."""

    key: str
    doc: str
    kind: int
    prior: float
    lengths: tuple[int, int, int]
    day: int
    labels: dict[str, str]
    vector: str
    starts: tuple[str, ...]
    aliases: tuple[str, ...]


def row_of(entry: SearchEntry) -> Row:
    """The entry as a row. Raises `ValueError` for one that cannot be indexed."""
    fields = fields_of(entry)
    lexemes: list[str] = []
    lengths = tuple(
        _add_text(lexemes, name, text)
        for name, text in (("title", fields.title), ("name", fields.name), ("text", fields.text))
    )
    starts, aliases = _kept(fields.starts), _kept(fields.aliases)
    terms_of = {
        "par": (fields.paragraph,),
        "doc": (entry.doc,),
        "alias": aliases,
        "start": starts,
        "whole": _kept((fields.whole,)),
        "near": fields.near,
    }
    for name, terms in terms_of.items():
        lexemes += (quoted(SIGNS[name] + term) for term in terms)
    return Row(
        key=entry.key,
        doc=entry.doc,
        kind=_KINDS[entry.kind],
        prior=float(entry.prior),
        lengths=(lengths[0], lengths[1], lengths[2]),
        day=fields.day,
        labels={AUDIENCE: " ".join(sorted(fields.audience)), **fields.labels},
        vector=" ".join(lexemes),
        starts=starts,
        aliases=aliases,
    )


def _kept(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(term for term in terms if 0 < len(term) <= _LONGEST)


def _add_text(lexemes: list[str], name: str, text: str) -> int:
    """Add the field's lexemes and return how many terms it has."""
    places: dict[str, list[int]] = {}
    length = 0
    for place, token in enumerate(norwegian.scan(text), 1):
        length += len(token.terms)
        for term in token.terms:
            places.setdefault(term, []).append(place)
    sign, steps = SIGNS[name], STEPS[name]
    for term, where in places.items():
        times = len(where)
        if times >= steps[0]:
            step = max(step for step in steps if step <= times)
            lexemes.append(quoted(f"{sign}{term}#{step}"))
        own = quoted(sign + term)
        lexemes.append(own if name == "name" else f"{own}:{','.join(map(str, where))}")
    return length


def quoted(lexeme: str) -> str:
    """The lexeme as PostgreSQL reads it in a vector and in a query, whatever it holds."""
    if "\\" in lexeme or "'" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"


def is_possible(term: str) -> bool:
    """Whether any row could hold the term: PostgreSQL takes no NUL and no lone surrogate."""
    return 0 < len(term) <= _LONGEST and "\0" not in term and term.isprintable()


def lexemes_of(term: str) -> Iterator[tuple[str, int, str]]:
    """Each field and number of times with the lexeme that says so; once also stands for more."""
    for name, steps in STEPS.items():
        yield name, 1, quoted(SIGNS[name] + term)
        for step in steps:
            yield name, step, quoted(f"{SIGNS[name]}{term}#{step}")


def phrase_of(terms: Sequence[str]) -> str:
    """The query for rows where the terms stand side by side in the title or in the text."""
    beside = (
        " <-> ".join(quoted(SIGNS[name] + term) for term in terms) for name in ("title", "text")
    )
    return " | ".join(f"({one})" for one in beside)
