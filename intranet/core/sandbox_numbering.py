"""The numbers that Word counts out for lists and headings; used by `sandbox_convert.py` alone.

Word keeps no number in the text: it counts when it draws. So the numbers are counted here, written
into the paragraphs between two marks before the text is converted, and put where they belong after.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARK = re.compile("\ue000(\\d+)\\|([^\ue000\ue001]{0,40})\ue001")
LEVELS = 9
DOCUMENT, NUMBERING, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
LETTERS = {"lowerLetter": "a", "upperLetter": "A"}
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass
class Level:
    """How one level of a list counts: how it is written, from which number, in which letters."""

    form: str = "decimal"
    start: int = 1
    text: str = ""
    style: str = ""


@dataclass
class Numbering:
    """The lists of a file, and how far each has come."""

    lists: dict[str, list[Level]] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, tuple[str, str | None, int | None]] = field(default_factory=dict)
    counted: dict[str, list[int]] = field(default_factory=dict)

    def count(self, number_id: str, level: int) -> tuple[int, str] | None:
        """Return the next number of the list at that level, and how the paragraph shows it."""
        name = self.list_of.get(number_id, "")
        levels = self.lists.get(name)
        if levels is None or not 0 <= level < LEVELS:
            return None
        so_far = self.counted.setdefault(name, [0] * LEVELS)
        first = self.overrides.pop((number_id, level), None)
        if first is not None:
            so_far[level] = first
        else:
            so_far[level] = so_far[level] + 1 if so_far[level] else levels[level].start
        so_far[level + 1 :] = [0] * (LEVELS - level - 1)
        if levels[level].form in ("bullet", "none"):
            return so_far[level], ""

        def shown(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            return _written(so_far[place] or levels[place].start, levels[place].form)

        return so_far[level], re.sub(r"%([1-9])", shown, levels[level].text)[:40]

    def of_style(self, style: str) -> tuple[str | None, int]:
        """Return list and level that a style brings, its own or inherited."""
        own, seen = style, 0
        number_id: str | None = None
        level: int | None = None
        while style in self.styles and seen < 20:
            above, found, at = self.styles[style]
            number_id = number_id if number_id is not None else found
            level = level if level is not None else at
            style, seen = above, seen + 1
        for place, one in enumerate(self.lists.get(self.list_of.get(number_id or "", ""), [])):
            if one.style == own:
                return number_id, place
        return number_id, level or 0


def mark_numbers(data: bytes) -> bytes:
    """Return the Word file with the number of each numbered paragraph written into it."""
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if NUMBERING not in parts:
        return data
    numbering = Numbering()
    _read_lists(fromstring(parts[NUMBERING]), numbering)
    if STYLES in parts:
        _read_styles(fromstring(parts[STYLES]), numbering)
    document = fromstring(parts[DOCUMENT])
    for paragraph in document.iter(f"{WORD}p"):
        _mark(paragraph, numbering)
    return _packed(parts, document)


def settle_numbers(soup: Any) -> None:
    """Let lists begin at their numbers, headings show theirs, and take out the marks."""
    for ordered in soup.find_all("ol"):
        first = MARK.search(ordered.get_text())
        if first is not None and 0 < int(first.group(1)) < 10_000:
            ordered["start"] = first.group(1)
    for text in soup.find_all(string=MARK):
        label = "".join(label for _number, label in MARK.findall(text))
        plain = MARK.sub("", text)
        if label and text.find_parent(re.compile(r"^h[1-6]$")) is not None:
            plain = f"{label} {plain.lstrip()}"
        text.replace_with(plain)


def _read_lists(root: Any, numbering: Numbering) -> None:
    for one in root.iter(f"{WORD}abstractNum"):
        levels = [Level() for _place in range(LEVELS)]
        for found in one.iter(f"{WORD}lvl"):
            place = _whole(found.get(f"{WORD}ilvl"))
            if place is not None and place < LEVELS:
                levels[place] = Level(
                    form=_value(found, "numFmt") or "decimal",
                    start=_whole(_value(found, "start")) or 1,
                    text=_value(found, "lvlText") or "",
                    style=_value(found, "pStyle") or "",
                )
        numbering.lists[str(one.get(f"{WORD}abstractNumId"))] = levels
    for one in root.iter(f"{WORD}num"):
        number_id = str(one.get(f"{WORD}numId"))
        numbering.list_of[number_id] = _value(one, "abstractNumId") or ""
        for found in one.iter(f"{WORD}lvlOverride"):
            place, first = _whole(found.get(f"{WORD}ilvl")), _whole(_value(found, "startOverride"))
            if place is not None and first is not None:
                numbering.overrides[number_id, place] = first


def _read_styles(root: Any, numbering: Numbering) -> None:
    for style in root.iter(f"{WORD}style"):
        properties = style.find(f"{WORD}pPr/{WORD}numPr")
        numbering.styles[str(style.get(f"{WORD}styleId"))] = (
            _value(style, "basedOn") or "",
            None if properties is None else _value(properties, "numId"),
            None if properties is None else _whole(_value(properties, "ilvl")),
        )


def _mark(paragraph: Any, numbering: Numbering) -> None:
    about = paragraph.find(f"{WORD}pPr")
    if about is None:
        return
    number_id, level = numbering.of_style(_value(about, "pStyle") or "")
    own = about.find(f"{WORD}numPr")
    if own is not None:
        number_id = _value(own, "numId") or number_id
        level = _whole(_value(own, "ilvl")) or (level if own.find(f"{WORD}ilvl") is None else 0)
    counted = numbering.count(number_id, level) if number_id not in (None, "0") else None
    # An empty paragraph has its number in Word, and says nothing here.
    if counted is None or not any((text.text or "").strip() for text in paragraph.iter(f"{WORD}t")):
        return
    run = paragraph.makeelement(f"{WORD}r", {})
    text = run.makeelement(f"{WORD}t", {})
    text.text = f"\ue000{counted[0]}|{counted[1]}\ue001"
    run.append(text)
    paragraph.insert(list(paragraph).index(about) + 1, run)


def _packed(parts: dict[str, bytes], document: Any) -> bytes:
    from xml.etree.ElementTree import tostring  # noqa: PLC0415 - it only writes.

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, tostring(document, "utf-8") if name == DOCUMENT else data)
    return made.getvalue()


def _value(element: Any, tag: str) -> str | None:
    found = element.find(f"{WORD}{tag}")
    return None if found is None else found.get(f"{WORD}val")


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else None


def _written(number: int, form: str) -> str:
    if form in LETTERS and number <= 26:
        return chr(ord(LETTERS[form]) + number - 1)
    if form in ("lowerRoman", "upperRoman") and number < 40:
        text = ""
        for value, letters in ROMAN:
            while number >= value:
                text, number = text + letters, number - value
        return text.upper() if form == "upperRoman" else text
    return str(number)
