"""Turns the law references in a text into links."""

from __future__ import annotations

import html
import re

from markupsafe import Markup, escape

from intranet.laws.addresses import anchor_of, law_url, section_url
from intranet.laws.queries.corpus import Edition, load_edition
from intranet.laws.references import Reference

_TAG = re.compile(r"(<[^>]*>)")
_UNTOUCHED = ("a", "code", "pre")
# A line that ends with "§" and a next one that begins with its number are hard to read.
_SIGN_AND_NUMBER = re.compile(r"(§)\s+(?=\d)")
_KEPT_TOGETHER = "\\1\u00a0"


def list_references(text: str, context: str | None = None) -> list[Reference]:
    """What a plain text refers to, each paragraph once for each place where it stands."""
    return load_edition().finder.find(text, context)


def link_references(text: str | Markup, context: str | None = None) -> Markup:
    """The text with its references as links. Markup stays markup; a plain string is escaped
    first.
    """
    # Asked for once: a long text has hundreds of pieces, and all are of the same laws.
    edition = load_edition()
    if not isinstance(text, Markup):
        return _linked(text, context, edition)
    parts: list[Markup | str] = []
    closed_by = ""
    for piece in _TAG.split(str(text)):
        if piece.startswith("<"):
            closed_by = _skipping(piece, closed_by)
            parts.append(Markup(piece))  # noqa: S704 - it came in as markup
        elif closed_by or not piece:
            parts.append(Markup(piece))  # noqa: S704 - it came in as markup
        else:
            parts.append(_linked(html.unescape(piece), context, edition))
    return Markup("").join(parts)


def reference_url(reference: Reference) -> str:
    """Where a reference leads."""
    return _url_in(load_edition(), reference)


def _url_in(edition: Edition, reference: Reference) -> str:
    if reference.section is None:
        return law_url(reference.refid)
    is_long = edition.corpus.is_long(reference.refid)
    return section_url(reference.refid, anchor_of(reference.section), is_long)


def _skipping(tag: str, closed_by: str) -> str:
    if closed_by:
        return "" if tag.lower().startswith(closed_by) else closed_by
    name = re.match(r"<([a-z0-9]+)", tag.lower())
    return f"</{name[1]}" if name and name[1] in _UNTOUCHED else ""


def _linked(text: str, context: str | None, edition: Edition) -> Markup:
    parts: list[Markup] = []
    position = 0
    found = sorted(
        edition.finder.find(text, context),
        key=lambda reference: (reference.start, -reference.end),
    )
    for reference in found:
        # What lies inside a link already, and the middle of a range, gets no link of its own.
        if reference.start < position or reference.end <= reference.start:
            continue
        parts.append(escape(text[position : reference.start]))
        parts.append(
            Markup('<a class="law-reference" href="{}">{}</a>').format(
                _url_in(edition, reference),
                _SIGN_AND_NUMBER.sub(_KEPT_TOGETHER, text[reference.start : reference.end]),
            )
        )
        position = reference.end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)
