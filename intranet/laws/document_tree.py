"""Walks the body of a law document and cuts it into rows: headings, paragraphs, EU articles,
loose text. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from lxml import etree

from intranet.laws.addresses import anchor_of
from intranet.laws.markup import Writer, plain
from intranet.laws.texts import LawNode, NodeKind

_ANNEX = re.compile(r"(?:Vedlegg|Kommentar|Merknad|Veiledning|Til (?:§|kap))", re.IGNORECASE)
# How an amendment note begins. Some renderings put a paragraph's own lines before its note, in the
# note's element: "Departementet kan ...\nEndret ved lov 20 jan 2012 nr. 4".
_NOTE = re.compile(
    r"(?:\d{1,2} )?(?:Endre[st]?\b|Endra(?:st)?\b|Tilføy|Opphev|Føy[dt]|Lagt til|Vert |Blir "
    r"|Overskrift|Nåværende|Någjeldende|Tidlegare|Tidligere|Amended|Ikr\b|Jf\b|Jfr\b|Se "
    r"|Utferdiget)"
)
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ARTICLE = re.compile(
    r"(Art(?:ikkel|icle|\.)?)\s+(\d+\s?[a-zA-Z]?)(?![\w/])\s*[.:–-]?\s*(.*)", re.S
)


def read_nodes(root: etree._Element) -> tuple[LawNode, ...]:
    """All rows of a document, in order, each with an anchor of its own."""
    body = next(root.iter("main"), None)
    if body is None:
        body = next(root.iter("body"), root)
    walk = _Walk()
    walk.body(body)
    return tuple(_paragraphs_first(walk.nodes))


def _paragraphs_first(nodes: list[LawNode]) -> list[LawNode]:
    """Put commentary and annexes that stand before the paragraphs behind them.

    Some documents print them first and nest the paragraphs in the last of them, so that § 1 would
    seem to belong to "Vedlegg 3".
    """
    first = next((n.ordinal for n in nodes if n.kind is NodeKind.SECTION), 0)
    if not any(n.level == 1 and _ANNEX.match(n.title) for n in nodes[:first]):
        return nodes
    end = next((n.ordinal for n in nodes[first:] if n.kind is not NodeKind.SECTION), len(nodes))
    moved = [
        replace(n, level=0, chapter="") if _ANNEX.match(n.chapter) or n.level > 1 else n
        for n in nodes[first:end]
    ]
    ordered = [*moved, *nodes[end:], *nodes[:first]]
    return [replace(node, ordinal=place) for place, node in enumerate(ordered)]


def _note_of(element: etree._Element, writer: Writer) -> list[str]:
    """Return the amendment note; lines of the law itself that stand in it go to the paragraph.

    Only a paragraph without a text of its own can have them there.
    """
    if not writer.is_empty:
        return [plain(element)]
    lines = [" ".join(line.split()) for line in "".join(element.itertext()).split("\n")]  # type: ignore[arg-type]
    lines = [line for line in lines if line]
    body = list(takewhile(lambda line: not _NOTE.match(line), lines))
    for line in body:
        writer.add_text(line)
    writer.is_from_note = bool(body)
    rest = " ".join(lines[len(body) :])
    return [rest] if rest else []


class _Walk:
    def __init__(self) -> None:
        self.nodes: list[LawNode] = []
        self._anchors: set[str] = set()
        self._headings = 0

    def body(self, body: etree._Element) -> None:
        _Part(self, level=0, chapter="").read(body)

    def section(self, section: etree._Element, level: int, chapter: str) -> None:
        heading = next((c for c in section if c.tag in _HEADING_TAGS), None)
        title = plain(heading) if heading is not None else ""
        article = _ARTICLE.fullmatch(title)
        if article:
            number = f"{article.group(1).rstrip('.')} {' '.join(article.group(2).split())}"
            part = _Part(self, level, chapter, NodeKind.ARTICLE, article.group(3), number)
        else:
            part = _Part(self, level, title or chapter, NodeKind.HEADING, title)
        part.read(section, skipped=heading)

    def paragraph(self, article: etree._Element, level: int, chapter: str) -> None:
        number, title = "", ""
        header = next((c for c in article if "legalArticleHeader" in c.get("class", "")), None)
        source = article if header is None else header
        for span in source.iter("span"):
            kind = span.get("class")
            if kind == "legalArticleValue" and not number:
                number = " ".join(plain(span).replace("§", " ").split())
            elif kind == "legalArticleTitle" and not title:
                title = plain(span)
        if header is not None and not number:
            title = plain(header)
        writer, notes = Writer(), []
        for child in article:
            if child is header:
                continue
            if child.get("class") == "changesToParent":
                notes += _note_of(child, writer)
            else:
                writer.add(child)
        kind = NodeKind.SECTION if number else NodeKind.TEXT
        self.add(kind, level, number, title, chapter, writer, notes)

    def add(
        self,
        kind: NodeKind,
        level: int,
        section: str,
        title: str,
        chapter: str,
        writer: Writer,
        notes: list[str],
    ) -> int:
        ordinal = len(self.nodes)
        self.nodes.append(
            LawNode(
                ordinal=ordinal,
                kind=kind,
                level=level,
                anchor=self._anchor(kind, section),
                section=section[:200],
                title=title[:1000],
                chapter=chapter[:500],
                html=writer.html,
                text=writer.text,
                notes="\n".join(notes),
                is_text_from_note=writer.is_from_note,
            )
        )
        return ordinal

    def _anchor(self, kind: NodeKind, section: str) -> str:
        """`p-2-A-1` for paragraphs; one that occurs again, in an annex, gets a number behind it."""
        if section and kind is not NodeKind.HEADING:
            base = anchor_of(section)
        else:
            self._headings += 1
            base = f"k-{self._headings}"
        anchor, count = base, 1
        while anchor in self._anchors:
            count += 1
            anchor = f"{base}_{count}"
        self._anchors.add(anchor)
        return anchor


class _Part:
    """The loose content under one heading, which becomes a row as soon as something else begins."""

    def __init__(
        self,
        walk: _Walk,
        level: int,
        chapter: str,
        kind: NodeKind = NodeKind.TEXT,
        title: str = "",
        section: str = "",
    ) -> None:
        self._walk, self._level, self._chapter = walk, level, chapter
        self._kind, self._title, self._section = kind, title, section
        self._writer = Writer()
        self._notes: list[str] = []

    def read(self, element: etree._Element, skipped: etree._Element | None = None) -> None:
        if element.text and element.text.strip():
            self._writer.add_text(element.text)
        for child in element:
            if child is not skipped:
                self._child(child)
            if child.tail and child.tail.strip():
                self._writer.add_text(child.tail)
        self._close()

    def _child(self, child: etree._Element) -> None:
        kind = child.get("class", "")
        if not isinstance(child.tag, str) or (child.tag == "h1" and self._level == 0):
            return
        if child.tag == "section" or kind == "section":
            self._close()
            self._walk.section(child, self._level + 1, self._chapter)
        elif kind == "legalArticle":
            self._close()
            self._walk.paragraph(child, self._level, self._chapter)
        elif kind == "changesToParent":
            self._notes += _note_of(child, self._writer)
        else:
            self._writer.add(child)

    def _close(self) -> None:
        """Write the row of what was gathered; what follows it stands without a heading of its
        own.
        """
        if self._writer.is_empty and not self._notes and self._kind is NodeKind.TEXT:
            return
        self._walk.add(
            self._kind,
            self._level,
            self._section,
            self._title,
            self._chapter,
            self._writer,
            self._notes,
        )
        self._kind, self._title, self._section = NodeKind.TEXT, "", ""
        self._writer, self._notes = Writer(), []
