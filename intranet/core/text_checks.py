"""What a reader would stumble over in a written text, and where it stands. Pure.

Two things keep a text from approval, because readers are shut out by them: a level of heading that
is skipped (WCAG 1.3.1) and a picture without a description (WCAG 1.1.1). The rest is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from intranet.core.plain_words import find_stiff_words, is_nynorsk
from intranet.core.richtext import parse


class Check(StrEnum):
    """What was found."""

    HEADING_SKIPPED = "heading_skipped"
    PICTURE_UNDESCRIBED = "picture_undescribed"
    HEADING_TOP = "heading_top"
    HEADING_EMPTY = "heading_empty"
    TABLE_HEADLESS = "table_headless"
    LINK_VAGUE = "link_vague"
    LINK_BARE = "link_bare"
    SENTENCE_LONG = "sentence_long"
    PARAGRAPH_LONG = "paragraph_long"
    WORD_STIFF = "word_stiff"
    PASSIVE = "passive"


MUST = frozenset({Check.HEADING_SKIPPED, Check.PICTURE_UNDESCRIBED})
# Plain language aims at 15 to 20 words on average; a sentence of twice that is read twice.
SENTENCE_WORDS = 30
# About eight lines on a wide screen and a whole phone's: nobody finds a step in the middle of it.
PARAGRAPH_WORDS = 100
PLACE_LENGTH = 60

_VAGUE = frozenset({
    "her", "se her", "sjå her", "les her", "klikk her", "trykk her", "mer", "meir", "les mer",
    "les meir", "mer info", "meir info", "mer informasjon", "meir informasjon", "lenke", "lenkje",
    "link", "denne lenken", "denne siden", "denne sida", "here", "click here", "more", "read more",
})  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_WORD = re.compile(r"\w[\w'’/-]*")
# A sentence ends where a capital begins the next; a number or a short form ends none.
_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"»)]*\s+(?=[\"«(]*[A-ZÆØÅ])")
_SHORT_FORM = re.compile(
    r"\b(?:jf|nr|kl|bl\.a|f\.eks|t\.d|dvs|m\.m|mv|ev|evt|ca|pkt|kap|art|st|tlf)\.$", re.IGNORECASE
)
# "Skal utføres", "må fyllast ut": nobody does it. Verbs that only look like that are no passives.
_PASSIVE = re.compile(
    r"\b(?:skal|må|bør|kan|vil)\s+(?:ikke\s+|ikkje\s+|alltid\s+|også\s+)?"
    r"((?!finnes|finnast|synes|trives|trivast|lykkes|lukkast|møtes|møtast|minnes|minnast|skyldes"
    r"|skuldast|kjennes|kjennast)\w{2,}(?:es|ast))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Remark:
    """One thing found: the line where it begins, its words, and what could stand there instead."""

    check: Check
    line: int
    place: str
    word: str = ""
    instead: str = ""

    @property
    def must(self) -> bool:
        """Whether it keeps the text from approval."""
        return self.check in MUST


@dataclass(frozen=True)
class _Written:
    """The whole text: its lines, and whether it is in nynorsk."""

    lines: list[str]
    is_nynorsk: bool


@dataclass(frozen=True)
class _Piece:
    """Running text: a paragraph, a heading, an item of a list or a cell, with its line."""

    token: Token
    line: int
    kind: str

    @property
    def text(self) -> str:
        return _text(self.token.children or ())


def check_text(markdown: str) -> list[Remark]:
    """Return what was found: what must be mended first, then the advice, each from the top down."""
    tokens = parse(markdown)
    pieces = list(_pieces(tokens))
    written = _Written(markdown.split("\n"), is_nynorsk(markdown))
    found = [
        *_check_headings(pieces),
        *_check_tables(tokens),
        *(
            remark
            for piece in pieces
            for check in (_check_pictures, _check_links, _check_language)
            for remark in check(piece, written)
        ),
    ]
    return sorted(found, key=lambda remark: (not remark.must, remark.line))


def keeps_from_approval(markdown: str) -> list[Remark]:
    """Return only what must be mended before anybody may approve the text."""
    return [remark for remark in check_text(markdown) if remark.must]


def _pieces(tokens: Sequence[Token]) -> Iterator[_Piece]:
    line, before = 1, ""
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        if token.type == "inline":
            yield _Piece(token, line, before)
        before = token.type if token.nesting == 1 else ""
        if token.type == "heading_open":
            before = token.tag


def _check_headings(pieces: Sequence[_Piece]) -> Iterator[Remark]:
    """Held against what readers get: the shallowest heading stands one below the page's own."""
    headings = [piece for piece in pieces if re.fullmatch(r"h[1-6]", piece.kind)]
    shallowest = min((int(piece.kind[1]) for piece in headings), default=1)
    level = 0
    for piece in headings:
        if not piece.text.strip() and not _pictures(piece.token):
            yield Remark(Check.HEADING_EMPTY, piece.line, "#" * int(piece.kind[1]))
            continue
        deeper = int(piece.kind[1]) - shallowest + 1
        if piece.kind == "h1":
            yield Remark(Check.HEADING_TOP, piece.line, _place(piece.text))
        if deeper > level + 1:
            yield Remark(Check.HEADING_SKIPPED, piece.line, _place(piece.text))
        level = deeper


def _check_tables(tokens: Sequence[Token]) -> Iterator[Remark]:
    for place, token in enumerate(tokens):
        if token.type != "table_open":
            continue
        end = next(n for n in range(place, len(tokens)) if tokens[n].type == "thead_close")
        cells = [_text(cell.children or ()) for cell in tokens[place:end] if cell.type == "inline"]
        if not any(cell.strip() for cell in cells):
            rest = [one for one in tokens[end:] if one.type == "inline"]
            first = _text(rest[0].children or ()) if rest else ""
            yield Remark(Check.TABLE_HEADLESS, (token.map or [0])[0] + 1, _place(first))


def _check_pictures(piece: _Piece, written: _Written) -> Iterator[Remark]:
    for picture in _pictures(piece.token):
        if not picture.content.strip():
            address = str(picture.attrGet("src") or "")
            yield Remark(Check.PICTURE_UNDESCRIBED, _line_of(piece, written, address), address)


def _check_links(piece: _Piece, written: _Written) -> Iterator[Remark]:
    place = _place(piece.text)
    for words, href in _links(piece.token.children or ()):
        plain = re.sub(r"[\s.:!…»›>]+$", "", words.strip()).casefold()
        if plain in _VAGUE:
            yield Remark(Check.LINK_VAGUE, _line_of(piece, written, href), place, words.strip())
    for found in _ADDRESS.findall(piece.text):
        bare = found.rstrip(".,:;!?")
        yield Remark(Check.LINK_BARE, _line_of(piece, written, bare), place, bare[:PLACE_LENGTH])


def _check_language(piece: _Piece, written: _Written) -> Iterator[Remark]:
    if piece.kind.startswith("h"):
        return
    for sentence in _sentences(piece.text):
        line, place = _line_of(piece, written, sentence[:20]), _place(sentence)
        count = len(_WORD.findall(sentence))
        if count > SENTENCE_WORDS:
            yield Remark(Check.SENTENCE_LONG, line, place, str(count))
        for passive in _PASSIVE.findall(sentence):
            yield Remark(Check.PASSIVE, line, place, passive)
        for word, instead in find_stiff_words(sentence, nynorsk=written.is_nynorsk):
            yield Remark(Check.WORD_STIFF, line, place, word, instead)
    count = len(_WORD.findall(piece.text))
    if count > PARAGRAPH_WORDS:
        yield Remark(Check.PARAGRAPH_LONG, piece.line, _place(piece.text), str(count))


def _sentences(text: str) -> Iterator[str]:
    held = ""
    for part in _SENTENCE_END.split(text):
        held = f"{held} {part}" if held else part
        if not _SHORT_FORM.search(held):
            yield held
            held = ""
    if held:
        yield held


def _line_of(piece: _Piece, written: _Written, words: str) -> int:
    """Return the line within the piece where the words begin; its first when it cannot be told."""
    start, end = piece.token.map or (piece.line - 1, piece.line)
    for number, line in enumerate(written.lines[start:end]):
        if words and words in line:
            return start + number + 1
    return piece.line


def _pictures(token: Token) -> list[Token]:
    return [child for child in token.children or () if child.type == "image"]


def _links(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the words of each link with its address; a picture's description is its words."""
    words: list[str] | None = None
    href = ""
    for child in children:
        if child.type == "link_open":
            words, href = [], str(child.attrGet("href") or "")
        elif child.type == "link_close" and words is not None:
            yield "".join(words), href
            words = None
        elif words is not None:
            words.append(child.content)


def _text(children: Sequence[Token]) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in children
        if child.type != "image"
    )


def _place(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= PLACE_LENGTH:
        return plain
    return plain[:PLACE_LENGTH].rsplit(" ", 1)[0] + " …"
