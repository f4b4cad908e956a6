"""Writes law elements as clean HTML and as plain text.

Pure. The HTML is safe by construction: only the tags named here are written, none with an
attribute but checked links, row and column spans and our own classes; all text is escaped.
Unknown elements keep their text.
"""

from __future__ import annotations

import re
from html import escape

from lxml import etree

_DROPPED = frozenset(
    {
        "script", "style", "iframe", "object", "embed", "template", "svg", "math", "link",
        "meta", "base", "noscript", "form", "input", "button", "select", "textarea", "frame",
        "frameset", "applet", "audio", "video", "title", "head", "canvas", "source",
    }
)  # fmt: skip
_INLINE = {
    "i": "i", "em": "em", "b": "b", "strong": "strong", "sup": "sup", "sub": "sub", "s": "s",
    "u": "u",
}  # fmt: skip
_BLOCKS = frozenset(
    {
        "article", "section", "p", "div", "ul", "ol", "li", "table", "thead", "tbody", "tfoot",
        "tr", "td", "th", "caption", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "footer", "main", "dl", "dt", "dd", "figure", "aside", "nav", "body", "html",
    }
)  # fmt: skip
_BLOCK_SPANS = frozenset({"futureLegalArticleHeader", "futuretitle", "miscHeadline"})
_LEDD = frozenset({"legalP", "numberedLegalP"})
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_ALL_SPACES = re.compile(r"\s+")
_LAW_LINK = re.compile(
    r"(?:https://lovdata\.no/(?:dokument/)?)?(?:(?:NL|SF|LTI)/)?"
    r"((?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?)(?:/(?:§|%C2%A7)([\w.-]+))?(?:/.*)?"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def plain(element: etree._Element) -> str:
    """All the text of an element on one line."""
    return _ALL_SPACES.sub(" ", "".join(element.itertext())).strip()  # type: ignore[arg-type]


class Writer:
    """Collects the HTML and the plain text lines of one paragraph or one chapter's own text."""

    def __init__(self) -> None:
        self._html: list[str] = []
        self._lines: list[str] = []
        # Whether the text came out of an amendment note, where some renderings put it.
        self.is_from_note = False

    @property
    def html(self) -> str:
        return "".join(self._html)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    @property
    def is_empty(self) -> bool:
        return not self._lines

    def add_text(self, text: str) -> None:
        """Loose text between elements becomes a paragraph of its own."""
        self._write_run(escape(_SPACES.sub(" ", text)), text, is_wrapped=True)

    def add(self, element: etree._Element) -> None:
        """Append one element at the top level; a ledd (subsection) keeps a wrapper of its own."""
        if element.get("class", "") in _LEDD:
            self._html.append('<div class="ledd">')
            self._block(element)
            self._html.append("</div>")
        elif _is_block(element):
            self._block(element)
        else:
            self._write_run(*_inline(element), is_wrapped=True)

    def _block(self, element: etree._Element) -> None:
        tag, kind = _tag(element), element.get("class", "")
        if tag in _DROPPED:
            return
        if tag in ("ul", "ol"):
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag in _HEADINGS or kind in _BLOCK_SPANS:
            markup, text = _inner(element)
            self._write_run(f"<strong>{markup}</strong>", text, is_wrapped=True)
        elif kind == "footnote":
            self._html.append('<div class="law-footnote">')
            self._flow(element, is_wrapped=True)
            self._html.append("</div>")
        elif tag == "blockquote" or kind in ("futureLegalArticle", "box", "indent"):
            self._html.append('<blockquote class="law-quote">')
            self._flow(element, is_wrapped=True)
            self._html.append("</blockquote>")
        else:
            self._flow(element, is_wrapped=True)

    def _flow(self, element: etree._Element, is_wrapped: bool, lead: str = "") -> None:
        """Mixed content: runs of inline text between blocks. `lead` is a list marker for the
        plain text.
        """
        bare = not is_wrapped and not any(_is_block(child) for child in element)
        markup, text = [_spaced(element.text)], [lead, element.text or ""]
        for child in element:
            if _is_block(child):
                self._write_run("".join(markup), "".join(text), is_wrapped=not bare)
                self._block(child)
                markup, text = [_spaced(child.tail)], [child.tail or ""]
            else:
                child_markup, child_text = _inline(child)
                markup += [child_markup, _spaced(child.tail)]
                text += [child_text, child.tail or ""]
        self._write_run("".join(markup), "".join(text), is_wrapped=not bare)

    def _write_run(self, markup: str, text: str, is_wrapped: bool) -> None:
        line = _ALL_SPACES.sub(" ", text).strip()
        if line:
            self._lines.append(line)
        markup = markup.strip()
        if markup:
            self._html.append(f"<p>{markup}</p>" if is_wrapped else markup)

    def _list(self, element: etree._Element) -> None:
        self._html.append('<ul class="law-list">')
        for item in element:
            if _tag(item) == "li":
                self._item(item)
            elif _is_block(item):
                self._html.append("<li>")
                self._block(item)
                self._html.append("</li>")
        self._html.append("</ul>")

    def _item(self, item: etree._Element) -> None:
        marker = item.get("data-li-identifier") or item.get("data-name") or ""
        marker = "" if marker in ("-", "–", "*", "•") else marker[:20]
        self._html.append("<li>")
        if marker:
            self._html.append(f'<span class="mark">{escape(marker)}</span> ')
        at = len(self._lines)
        self._flow(_only_content(item), is_wrapped=False)
        if marker and len(self._lines) > at:
            self._lines[at] = f"{marker} {self._lines[at]}"
        self._html.append("</li>")

    def _table(self, table: etree._Element) -> None:
        self._html.append('<div class="law-table" tabindex="0"><table>')
        for part in table.iter("caption", "tr"):
            if part.tag == "caption":
                self._html.append("<caption>")
                self._flow(part, is_wrapped=False)
                self._html.append("</caption>")
            elif next(part.iterancestors("table"), None) is table:
                self._row(part)
        self._html.append("</table></div>")

    def _row(self, row: etree._Element) -> None:
        self._html.append("<tr>")
        start = len(self._lines)
        for cell in row:
            if _tag(cell) not in ("td", "th"):
                continue
            spans = "".join(
                f' {name}="{cell.get(name)}"'
                for name in ("rowspan", "colspan")
                if re.fullmatch(r"[1-9]\d{0,2}", cell.get(name, ""))
            )
            self._html.append(f"<{cell.tag}{spans}>")
            self._flow(_only_content(cell), is_wrapped=False)
            self._html.append(f"</{cell.tag}>")
        self._lines[start:] = [" ".join(self._lines[start:])] if len(self._lines) > start else []
        self._html.append("</tr>")


def _only_content(element: etree._Element) -> etree._Element:
    """Through the wrappers li > article > article to the one element that holds the content."""
    while len(element) == 1 and _tag(element[0]) in ("article", "p", "div"):
        child = element[0]
        if child.get("class") in ("footnote", "futureLegalArticle"):
            break
        if (element.text or "").strip() or (child.tail or "").strip():
            break
        element = child
    return element


def _tag(element: etree._Element) -> str:
    tag = element.tag
    return etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


def _is_block(element: etree._Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str):
        return False
    if tag in _INLINE or tag == "a":
        return False
    return _tag(element) in _BLOCKS or element.get("class", "") in _BLOCK_SPANS


def _spaced(text: str | None) -> str:
    return _SPACES.sub(" ", escape(text, quote=False)) if text else ""


def _inner(element: etree._Element) -> tuple[str, str]:
    markup, text = [_spaced(element.text)], [element.text or ""]
    for child in element:
        child_markup, child_text = _inline(child)
        markup += [child_markup, _spaced(child.tail)]
        text += [child_text, child.tail or ""]
    return "".join(markup), "".join(text)


def _inline(element: etree._Element) -> tuple[str, str]:
    """HTML and text of an inline element; a block found inside one is flattened to its text."""
    tag = _tag(element)
    if not tag or tag in _DROPPED:
        return "", ""
    if tag == "br":
        return "<br>", "\n"
    if tag == "img":
        alt = _ALL_SPACES.sub(" ", element.get("alt", "")).strip()
        return escape(f"[{alt}]") if alt else "", alt
    markup, text = _inner(element)
    if tag == "a":
        href = law_link(element.get("href", ""))
        return (f'<a href="{escape(href)}">{markup}</a>' if href else markup), text
    if tag in _INLINE and markup:
        return f"<{_INLINE[tag]}>{markup}</{_INLINE[tag]}>", text
    return markup, text


def law_link(href: str) -> str:
    """Our own address of a law that a source links to, or an empty string for every other link."""
    found = _LAW_LINK.fullmatch(href.strip())
    if not found:
        return ""
    refid, section = found.groups()
    return f"/lover/{refid}" + (f"#p-{section}" if section else "")
