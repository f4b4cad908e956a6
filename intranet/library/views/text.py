"""Turns a revision's Markdown into the text on its page, with links to the laws that it names."""

from __future__ import annotations

from markupsafe import Markup

from intranet.core.richtext import to_html
from intranet.laws.queries.linking import link_references


def render_body(body: str) -> Markup:
    """Return the cleaned HTML of the text."""
    return link_references(to_html(body)) if body else Markup("")
