"""The child process that turns a Word file into our Markdown and its pictures; keeps nothing else.

Run as `python -I sandbox_convert.py TASK` like `sandbox_worker.py`, whose limits and checks it
uses. The answer is a line of JSON (`markdown`, `notes`, `pictures`: the sizes) and then the
pictures' bytes one after the other, to be looked through like any picture that is sent.
"""

from __future__ import annotations

import importlib.util
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any


def _beside(name: str) -> Any:
    """Return the file of that name beside this one; an isolated child has no other way to it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


worker: Any = _beside("sandbox_worker")
numbering: Any = _beside("sandbox_numbering")

MAX_ELEMENTS = 250_000
MAX_NESTING = 200
MAX_PICTURES = 60
MAX_PICTURE_BYTES = 60 * worker.MEGABYTE
MAX_CELLS = 20_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What the text loses, by the elements that say so.
LOST = {
    "txbxContent": "text_box",
    "oMath": "formula",
    "chart": "chart",
    "relIds": "diagram",
    "ins": "tracked",
    "del": "tracked",
    "commentReference": "comments",
}
# Followed by Word when the file is opened: never a link that a reader would press.
FOLLOWED = ("attachedtemplate", "oleobject", "subdocument", "frame", "afchunk")
SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
SUBSCRIPT = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
MARKDOWN: dict[str, Any] = {
    "heading_style": "ATX",
    "bullets": "-",
    "escape_misc": True,
    "table_infer_header": True,
    "newline_style": "backslash",
    # <https://…> would be shown as the text that it is.
    "autolinks": False,
    "keep_inline_images_in": ["td", "th", "li", "a", *(f"h{level}" for level in range(1, 7))],
}
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""


def convert_docx(data: bytes) -> bytes:
    """Return the Word file as Markdown with its pictures, or refuse it."""
    # Before the door is closed: from then on nothing more can be loaded.
    import html.entities  # noqa: F401, PLC0415
    import xml.dom.expatbuilder  # noqa: PLC0415
    import xml.etree.ElementTree  # noqa: F401, PLC0415

    import bs4  # noqa: PLC0415
    import defusedxml.ElementTree  # noqa: F401, PLC0415
    import mammoth  # noqa: PLC0415
    import markdownify  # noqa: PLC0415

    worker.check_office("docx", data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes, styles = _look_through(archive)
    pictures: list[bytes] = []

    def keep(image: Any) -> dict[str, str]:
        return {"src": _keep_picture(image, pictures, notes)}

    made = mammoth.convert_to_html(
        io.BytesIO(numbering.mark_numbers(data)),
        convert_image=mammoth.images.img_element(keep),
        style_map=STYLES + styles,
        include_embedded_style_map=False,
        external_file_access=False,
        ignore_empty_paragraphs=True,
    )
    soup = bs4.BeautifulSoup(made.value, "html.parser")
    numbering.settle_numbers(soup)
    _tidy(soup, notes)
    written = markdownify.MarkdownConverter(**MARKDOWN).convert_soup(soup)
    text = re.sub(r"\n{3,}", "\n\n", written).strip()
    head = {
        "markdown": "\n".join(line.rstrip() for line in text.split("\n")),
        "notes": sorted(notes),
        "pictures": [len(picture) for picture in pictures],
    }
    return b"\n".join([json.dumps(head, ensure_ascii=True).encode("ascii"), b"".join(pictures)])


def _look_through(archive: zipfile.ZipFile) -> tuple[set[str], str]:
    """Read every XML part with its guard up; return what the text will lose, and heading styles."""
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    notes: set[str] = set()
    outline: dict[str, tuple[str, str, int | None]] = {}
    count = 0
    for name in archive.namelist():
        if not name.lower().endswith((".xml", ".rels")):
            continue
        depth = 0
        is_text = name.startswith("word/") and name.count("/") == 1
        with archive.open(name) as part:
            try:
                for event, element in iterparse(part, ("start", "end"), forbid_dtd=True):
                    depth += 1 if event == "start" else -1
                    count += event == "start"
                    if depth > MAX_NESTING or count > MAX_ELEMENTS:
                        raise worker.Refused("too_long" if depth <= MAX_NESTING else "bomb")
                    if event == "start":
                        continue
                    _ask_relationship(element)
                    tag = element.tag.rpartition("}")[2]
                    if is_text and tag in LOST:
                        notes.add(LOST[tag])
                    if tag == "style" and name == "word/styles.xml":
                        _note_style(element, outline)
                    if tag not in ("name", "basedOn", "outlineLvl", "pPr"):
                        element.clear()
            except DefusedXmlException as error:
                raise worker.Refused("entities") from error
    return notes, _heading_styles(outline)


def _ask_relationship(element: Any) -> None:
    if element.get("TargetMode") != "External":
        return
    kind = str(element.get("Type", "")).rpartition("/")[2].lower()
    if kind in FOLLOWED and str(element.get("Target", "")).lower().startswith(("http", "ftp")):
        raise worker.Refused("external")


def _note_style(element: Any, outline: dict[str, tuple[str, str, int | None]]) -> None:
    if element.get(f"{WORD}type") != "paragraph":
        return
    found = {tag: element.find(f".//{WORD}{tag}") for tag in ("name", "basedOn", "outlineLvl")}
    values = {tag: "" if one is None else str(one.get(f"{WORD}val")) for tag, one in found.items()}
    level = int(values["outlineLvl"]) if values["outlineLvl"].isdigit() else None
    outline[str(element.get(f"{WORD}styleId"))] = (values["name"], values["basedOn"], level)


def _heading_styles(outline: dict[str, tuple[str, str, int | None]]) -> str:
    """Say which of the municipality's own styles are headings: by outline level, also inherited."""
    lines = []
    for name, based_on, own in outline.values():
        level, above, seen = own, based_on, 0
        while level is None and above in outline and seen < 20:
            _name, above, level = outline[above]
            seen += 1
        if level is not None and level < 6 and name and not set(name) & set("'\\\n"):
            lines.append(f"p[style-name='{name}'] => h{level + 1}:fresh")
    return "\n".join(lines)


def _keep_picture(image: Any, pictures: list[bytes], notes: set[str]) -> str:
    try:
        with image.open() as opened:
            data = opened.read(MAX_PICTURE_BYTES + 1)
    except Exception:  # noqa: BLE001 - mammoth raises its own when the picture lies elsewhere.
        notes.add("picture_elsewhere")
        return ""
    if sum(map(len, pictures)) + len(data) > MAX_PICTURE_BYTES or len(pictures) >= MAX_PICTURES:
        notes.add("many_pictures")
        return ""
    pictures.append(data)
    return f"picture:{len(pictures)}"


def _tidy(soup: Any, notes: set[str]) -> None:
    """Make of Word's page what our Markdown can say."""
    for link in soup.find_all("a"):
        address = str(link.get("href", ""))
        if link.get_text() == "↑":
            link.decompose()
        elif not address.lower().startswith(("http:", "https:", "mailto:", "tel:")):
            link.unwrap()
        elif re.search(r"[\s<>()\\]", address):
            link["href"] = re.sub(r"[\s<>()\\]", lambda bad: f"%{ord(bad.group()):02X}", address)
    for tag, table in (("sup", SUPERSCRIPT), ("sub", SUBSCRIPT)):
        for small in soup.find_all(tag):
            text = small.get_text()
            small.replace_with(text.translate(table) if re.fullmatch(r"[\d+-]+", text) else text)
    for picture in soup.find_all("img"):
        picture["alt"] = " ".join(re.sub(r"[\[\]\\]", " ", str(picture.get("alt", ""))).split())
        if not picture.get("src"):
            picture.replace_with(picture["alt"])
    for heading in soup.find_all(re.compile(r"^h[1-6]$")):
        # A heading is bold by itself.
        for strong in heading.find_all("strong"):
            strong.unwrap()
        if not heading.get_text(strip=True) and not heading.find("img"):
            heading.decompose()
    # From the innermost outwards.
    for table in reversed(soup.find_all("table")):
        _tidy_table(soup, table, notes)


def _tidy_table(soup: Any, table: Any, notes: set[str]) -> None:
    """Give the table a cell for each row and column, each with one line of text.

    One that only frames the page, with a single column, is let go; one inside another's cell
    becomes that cell's text.
    """
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    rows = [row for row in rows if row]
    if table.find_parent("table") is not None:
        notes.add("table_in_table")
        table.replace_with(" ".join(_cell_text(cell) for row in rows for cell in row))
        return
    if all(len(row) == 1 for row in rows):
        for row in rows:
            for child in list(row[0].contents):
                table.insert_before(child)
        table.decompose()
        return
    grid: dict[tuple[int, int], Any] = {}
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while (down, across) in grid:
                across += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - down)
            if wide * high > 1:
                notes.add("merged_cells")
            for y in range(high):
                for x in range(wide):
                    grid[down + y, across + x] = cell if x == 0 and y == 0 else None
            across += wide
            if len(grid) > MAX_CELLS:
                raise worker.Refused("too_long")
    columns = max(across for _down, across in grid) + 1
    fresh = soup.new_tag("table")
    for down in range(len(rows)):
        line = soup.new_tag("tr")
        for across in range(columns):
            line.append(_fresh_cell(soup, "th" if down == 0 else "td", grid.get((down, across))))
        fresh.append(line)
    table.replace_with(fresh)


def _span(cell: Any, name: str) -> int:
    text = str(cell.get(name, "1"))
    return max(1, min(int(text), 200)) if text.isdigit() else 1


def _fresh_cell(soup: Any, tag: str, cell: Any) -> Any:
    """Return the cell with its paragraphs and list items on one line, marks and pictures kept."""
    fresh = soup.new_tag(tag)
    if cell is None:
        return fresh
    for item in cell.find_all("li"):
        item.insert(0, "• ")
    for block in cell.find_all(["p", "li", "ul", "ol", "br", *(f"h{n}" for n in range(1, 7))]):
        block.insert_before(" ")
        block.insert_after(" ")
        if block.name == "br":
            block.decompose()
        else:
            block.unwrap()
    for child in list(cell.contents):
        fresh.append(child)
    return fresh


def _cell_text(cell: Any) -> str:
    return " ".join(str(cell.get_text(" ")).split())


def main() -> int:
    """Do the one task as the other worker does."""
    worker.TASKS = {"convert-docx": convert_docx}
    return int(worker.main())


if __name__ == "__main__":
    sys.exit(main())
