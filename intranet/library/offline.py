"""What a copy of the library on disk is called, and how a text stands there alone. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

DOCUMENTS, FILES, TYPES, UNITS = "dokumenter", "filer", "typer", "enheter"
_NAME_LENGTH = 80
# What a memory stick's file system keeps; nothing that leads out of a folder.
_NOT_IN_NAME = re.compile(r"[^\w.() -]")
_DOCUMENT = re.compile(r"/bibliotek/([A-ZÆØÅ]{2,4}-[0-9]{1,7})(?:[?#].*)?")
_LEAVES = ("http:", "https:", "mailto:", "tel:")
_EMPTY = {"br", "hr", "img"}


def page_name(number: str) -> str:
    """Return where a document's page lies in the copy."""
    return f"{DOCUMENTS}/{number}.html"


def file_name(number: str, file_id: int, name: str) -> str:
    """Return where an attached file lies in the copy: its own name, as every disk can keep it."""
    stem, _dot, extension = name.rpartition(".")
    plain = _NOT_IN_NAME.sub("_", stem or "fil").strip(" .")[:_NAME_LENGTH] or "fil"
    return f"{FILES}/{number}/{file_id}-{plain}.{_NOT_IN_NAME.sub('', extension)}"


def portal_addresses(number: str, file_id: int, stored_id: int) -> tuple[str, str]:
    """Return the addresses by which a text names an attached file: as itself, and as a picture."""
    return f"/bibliotek/{number}/fil/{file_id}", f"/bibliotek/{number}/bilde/{stored_id}"


def address(name: str) -> str:
    """Return the name as it stands in a link."""
    return quote(name)


class _Standing(HTMLParser):
    """Writes cleaned HTML again, with addresses of the copy where it holds what they lead to."""

    def __init__(self, lead: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self._lead = lead
        self._dropped = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = {"a": "href", "img": "src"}.get(tag)
        if name:
            target = self._lead(values.get(name, ""))
            if target is None:
                self._dropped += tag == "a"
                self.parts.append(escape(values.get("alt", "")) if tag == "img" else "")
                return
            values[name] = target
        written = "".join(f' {key}="{escape(value)}"' for key, value in values.items())
        self.parts.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._dropped:
            self._dropped -= 1
        elif tag not in _EMPTY:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))


def stand_alone(html: str, documents: set[str], files: dict[str, str]) -> str:
    """Return cleaned HTML of a document's page as it stands in the copy, which has no server.

    `files`: where in the copy lies what has an address in the portal, as a file or as a picture.
    Links to documents and files that are in the copy lead there; those to other pages of the
    portal become plain text. A picture that is not in the copy is its alternative text.
    """

    def lead(target: str) -> str | None:
        if target in files:
            return f"../{address(files[target])}"
        if found := _DOCUMENT.fullmatch(target):
            return f"../{address(page_name(found[1]))}" if found[1] in documents else None
        return target if target.lower().startswith(_LEAVES) or target.startswith("#") else None

    writer = _Standing(lead)
    writer.feed(html)
    writer.close()
    return "".join(writer.parts)


def search_data(rows: Iterable[Sequence[Any]]) -> str:
    """Return the script that gives the search its lines: a page without a server fetches nothing.

    Written in ASCII, so that no text can end the script or be taken for a part of it.
    """
    return f"var LIBRARY = {json.dumps(list(rows), separators=(',', ':'))};\n"
