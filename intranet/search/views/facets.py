"""The result page's filters as links: each chooses a value, or lets a chosen one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import LazyString

from intranet.core.text import _l
from intranet.search.entry import Kind
from intranet.search.kinds import LOOKS
from intranet.search.narrowing import DOC, KIND, Counts
from intranet.search.views.asked import Asked

_NAMES = {"type": _l("Dokumenttype"), "unit": _l("Enhet"), "year": _l("År")}
# So many are shown at once, and so many in all: more are no help in choosing.
SHOWN = 6
_MOST = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A value as a link, with how many hits have it."""

    name: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet with its values, the most common (of years, the latest) first."""

    key: str
    name: LazyString
    choices: tuple[Choice, ...]


def kind_choices(asked: Asked, counts: Counts) -> list[Choice]:
    """The kinds that were found or chosen, in the page's order."""
    held = counts.get(KIND, {})
    return [
        _choice(asked, KIND, kind, held.get(kind, 0), str(look.many))
        for kind, look in LOOKS.items()
        if held.get(kind, 0) or asked.having(KIND, kind)
    ]


def groups_of(asked: Asked, counts: Counts) -> list[Group]:
    """The other facets, those that tell hits apart or that are narrowed by."""
    return [
        Group(facet, name, tuple(choices))
        for facet, name in _NAMES.items()
        if (choices := list(_choices(asked, facet, counts.get(facet, {}))))
        and (len(choices) > 1 or choices[0].is_chosen)
    ]


def chips_of(asked: Asked, doc_name: str) -> list[Choice]:
    """Everything that the hits are narrowed by, each with the address without it."""
    return [
        _choice(asked, facet, value, 0, _name_of(facet, value, doc_name))
        for facet in (KIND, *_NAMES, DOC)
        for value in sorted(asked.filters.get(facet, ()))
    ]


def _choices(asked: Asked, facet: str, held: dict[str, int]) -> Iterator[Choice]:
    chosen = asked.filters.get(facet, frozenset())
    if facet == "year":
        ordered = sorted(held, reverse=True)
    else:
        ordered = sorted(held, key=lambda value: (-held[value], value))
    shown = [*chosen.intersection(held), *(value for value in ordered if value not in chosen)]
    for value in shown[:_MOST]:
        yield _choice(asked, facet, value, held[value], value)


def _choice(asked: Asked, facet: str, value: str, count: int, name: str) -> Choice:
    url = asked.toggled(facet, value).url
    return Choice(name, count, url, asked.having(facet, value))


def _name_of(facet: str, value: str, doc_name: str) -> str:
    if facet == KIND:
        return str(LOOKS[Kind(value)].many)
    return doc_name or value if facet == DOC else value
