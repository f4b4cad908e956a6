"""Turns a revision's Markdown into the text on its page."""

from __future__ import annotations

from markupsafe import Markup

from intranet.core.richtext import to_html


def render_body(body: str) -> Markup:
    """Return the cleaned HTML of the text."""
    return to_html(body)
