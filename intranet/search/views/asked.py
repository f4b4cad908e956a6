"""What the address of the result page asks for, and the addresses that ask for a little else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request, url_for

from intranet.search.entry import Kind
from intranet.search.kinds import BY_SLUG, LOOKS
from intranet.search.narrowing import DOC, KIND, Filters
from intranet.search.queries import MOST_PAGES

_LONGEST_TEXT = 20_000
_LONGEST_VALUE = 200
_MOST_VALUES = 20
# What each facet is called in the address.
_PARAMETERS = {KIND: "type", "unit": "enhet", "type": "dokumenttype", "year": "ar", DOC: "i"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what narrows it, and the page of the hits."""

    text: str
    filters: Filters
    page: int = 1
    literally: bool = False

    def having(self, facet: str, value: str) -> bool:
        """Whether it is narrowed by the value."""
        return value in self.filters.get(facet, ())

    def toggled(self, facet: str, value: str) -> Asked:
        """The first page with the value chosen, or let go of."""
        values = self.filters.get(facet, frozenset()) ^ {value}
        return replace(self, filters={**self.filters, facet: values}, page=1)

    @property
    def is_plain(self) -> bool:
        """Whether it is the first page of everything: there is room for an answer above it."""
        return self.page == 1 and not any(self.filters.values())

    @property
    def url(self) -> str:
        """The address that asks for this."""
        return f"{url_for('search.show_search')}?{urlencode(list(self._parts()))}"

    def _parts(self) -> Iterator[tuple[str, str]]:
        yield "q", self.text
        for facet, name in _PARAMETERS.items():
            for value in sorted(self.filters.get(facet, ())):
                yield name, LOOKS[Kind(value)].slug if facet == KIND else value
        if self.page > 1:
            yield "side", str(self.page)
        if self.literally:
            yield "ordrett", "1"


def read_asked() -> Asked:
    """What this request asks for; what no page of ours writes is left out."""
    filters = {
        facet: frozenset(_values(name)) for facet, name in _PARAMETERS.items() if facet != KIND
    }
    kinds = frozenset(str(BY_SLUG[slug]) for slug in _values("type") if slug in BY_SLUG)
    return Asked(
        typed_text(), {KIND: kinds, **filters}, _page(), request.args.get("ordrett") == "1"
    )


def typed_text(sent: Mapping[str, str] | None = None) -> str:
    """The question without what cannot be shown in a page: NUL and lone surrogates."""
    return _clean((request.args if sent is None else sent).get("q", "")[:_LONGEST_TEXT])


def _values(name: str) -> list[str]:
    typed = request.args.getlist(name)[:_MOST_VALUES]
    return list(filter(None, (_clean(value[:_LONGEST_VALUE]) for value in typed)))


def _clean(typed: str) -> str:
    return typed.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()


def _page() -> int:
    typed = request.args.get("side", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 1
    return min(max(number, 1), MOST_PAGES)
