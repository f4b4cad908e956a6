"""Turns a revision's Markdown into the text on its page, with links to the laws that it names."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from intranet.core.richtext import TOP_HEADING, list_blocks, to_html
from intranet.laws.queries.corpus import load_edition
from intranet.laws.queries.linking import link_references

# A comment in HTML, which no written text can hold: it is cleaned away there.
_BETWEEN = Markup("<!--next-->")


def render_body(body: str, top_heading: int = TOP_HEADING) -> Markup:
    """Return the cleaned HTML of the text, its first heading at that level.

    The caller has asked who may read it.
    """
    if not body:
        return Markup("")
    edition = load_edition()
    return _rendered(body, top_heading, edition.database, edition.stamp)


@lru_cache(maxsize=128)
def _rendered(body: str, top_heading: int, _database: str, _stamp: tuple[object, ...]) -> Markup:
    """The same text by the same laws is the same page: to draw it costs more than all the rest."""
    return link_references(to_html(body, top_heading))


def render_blocks(body: str) -> list[Markup]:
    """Return the same in its numbered pieces. The laws are looked up once for all of them."""
    linked = link_references(_BETWEEN.join(list_blocks(body)))
    # Cleaned markup, cut where it was joined.
    return [Markup(piece) for piece in linked.split(str(_BETWEEN))]  # noqa: S704
