"""The addresses of laws and their paragraphs. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

# A law with more rows than this is shown a chapter at a time.
LONGEST_WHOLE_LAW = 400
_NOT_ANCHOR = re.compile(r"[^0-9A-Za-zæøåÆØÅ.-]+")


def law_url(refid: str) -> str:
    """The law's page."""
    return f"/lover/{refid}"


def section_url(refid: str, anchor: str, is_long: bool = False) -> str:
    """The paragraph's place on the law's page; for a long law the page of its chapter."""
    place = quote(anchor, safe=".-_")
    return f"/lover/{refid}?p={place}#{place}" if is_long else f"/lover/{refid}#{place}"


def anchor_of(section: str) -> str:
    """The anchor of the first paragraph with a number: "2 A-1" is p-2-A-1."""
    return "p-" + _NOT_ANCHOR.sub("-", section).strip("-")[:80]
