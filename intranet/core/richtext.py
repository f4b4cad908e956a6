"""Turns Markdown into clean HTML or text; lets no raw HTML, script or foreign picture through."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# A page owns its one h1, so written headings begin one level below it.
TOP_HEADING = 2
_DEEPEST_HEADING = 6
# Above this length a text is rendered each time: a few huge ones must not fill the cache's memory.
_LONGEST_CACHED = 100_000
_CACHED_TEXTS = 256
_EXTERNAL_REL = "noopener noreferrer external"

_TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em",
    "strong", "s", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"tabindex"},
}
_CLASSES = {"div": {"prose-table"}, "table": {"ds-table"}, "a": {"external"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LINE_ENDING = {"softbreak", "hardbreak"}


def to_html(markdown: str, top_heading: int = TOP_HEADING) -> Markup:
    """Render Markdown; the shallowest heading becomes `top_heading` (2 to 6) and the others follow.

    Raw HTML is shown as the text that it is. Addresses with other schemes than http, https, mailto
    and tel are no links. Only pictures from this site are shown: a foreign one would tell its
    server who reads the page, so its alternative text stands in its place.
    """
    if len(markdown) > _LONGEST_CACHED:
        return _render(markdown, top_heading)
    return _render_once(markdown, top_heading)


@lru_cache(maxsize=_CACHED_TEXTS)
def to_text(markdown: str) -> str:
    """Return the words without marks, one line per block, for search and previews.

    A heading ends with a colon, so that it stands apart from its text where lines are joined.
    """
    lines = []
    before = ""
    for token in _parser().parse(markdown):
        line = _inline_text(token)
        if line:
            is_bare_heading = before == "heading_open" and line[-1] not in ".:!?"
            lines.append(f"{line}:" if is_bare_heading else line)
        before = token.type
    return "\n".join(lines)


def parse(markdown: str) -> list[Token]:
    """Return the text as the parser sees it, for what does not become HTML."""
    return _parser().parse(markdown)


def is_external(address: str) -> bool:
    """Tell whether an address leaves this site; browsers read backslashes as slashes there."""
    plain = address.strip().replace("\\", "/").lower()
    return plain.startswith(("http:", "https:", "//"))


def list_blocks(markdown: str, top_heading: int = TOP_HEADING) -> list[Markup]:
    """Render the text as its outermost blocks, in order: headings, paragraphs, lists, tables.

    Joined they are what `to_html` gives; each has the place that the same text always gives it.
    """
    blocks: list[Markup] = []
    block: list[Token] = []
    depth = 0
    for token in _tokens(markdown, top_heading):
        block.append(token)
        depth += token.nesting
        if depth == 0:
            blocks.append(_written(block))
            block = []
    return blocks


def _render(markdown: str, top_heading: int) -> Markup:
    return _written(_tokens(markdown, top_heading))


def _tokens(markdown: str, top_heading: int) -> list[Token]:
    tokens = _parser().parse(markdown)
    _shift_headings(tokens, top_heading)
    for token in tokens:
        if token.children:
            token.children = [_mend(child) for child in token.children]
    return _dress_tables(tokens)


def _written(tokens: Sequence[Token]) -> Markup:
    parser = _parser()
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    # The one place where written text becomes markup: nh3 has just cleaned it.
    return Markup(clean)  # noqa: S704


_render_once = lru_cache(maxsize=_CACHED_TEXTS)(_render)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False})


def _shift_headings(tokens: Sequence[Token], top_heading: int) -> None:
    """Keep the outline without gaps at its top, however many # the writer began with."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    if not headings:
        return
    offset = top_heading - min(int(token.tag[1]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + offset, _DEEPEST_HEADING)}"


def _mend(token: Token) -> Token:
    if token.type == "link_open" and is_external(str(token.attrGet("href") or "")):
        token.attrSet("rel", _EXTERNAL_REL)
        token.attrSet("class", "external")
    if token.type == "image":
        source = str(token.attrGet("src") or "")
        if not source.startswith("/") or is_external(source):
            return Token("text", "", 0, content=token.content)
        token.attrSet("loading", "lazy")
    return token


def _dress_tables(tokens: Sequence[Token]) -> list[Token]:
    """Give tables their look and a frame that can be scrolled by keyboard on a narrow screen."""
    dressed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "ds-table")
            dressed.append(_block("div", 1, {"class": "prose-table", "tabindex": "0"}))
        if token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}
        dressed.append(token)
        if token.type == "table_close":
            dressed.append(_block("div", -1, {}))
    return dressed


def _block(tag: str, nesting: Any, attributes: dict[str, str | int | float]) -> Token:
    return Token("frame", tag, nesting, attrs=attributes, block=True)


def _inline_text(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    return "".join(
        " " if child.type in _LINE_ENDING else child.content for child in token.children or ()
    ).strip()
