"""The hits of a page by document: the best paragraph of a law, with its next ones beneath it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from intranet.search.narrowing import DOC
from intranet.search.queries import Hit
from intranet.search.views.asked import Asked


@dataclass(frozen=True, slots=True)
class HitGroup:
    """A hit with the others of the same document, and the address of all that are in it."""

    lead: Hit
    more: tuple[Hit, ...] = ()
    all_url: str = ""


def group_hits(hits: Iterable[Hit], asked: Asked) -> list[HitGroup]:
    """The hits with those of one document together, where the best of them stands.

    Where one document is all that is searched, its paragraphs stand one by one.
    """
    if asked.filters.get(DOC):
        return [HitGroup(hit) for hit in hits]
    by_doc: dict[str, list[Hit]] = {}
    for hit in hits:
        by_doc.setdefault(hit.doc, []).append(hit)
    return [
        HitGroup(lead, tuple(more), _only(asked, lead.doc) if more else "")
        for lead, *more in by_doc.values()
    ]


def _only(asked: Asked, doc: str) -> str:
    return replace(asked, filters={**asked.filters, DOC: frozenset({doc})}, page=1).url
