"""What goes over the wire: a first visit with all that the page asks for, and a later page."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from benchmarks import instance
from benchmarks.measure import Row
from intranet.config import ROOT

STATIC = ROOT / "intranet" / "static"
_ASKED_FOR = re.compile(r'(?:href|src)="/static/([^"#?]+)')
_IN_STYLES = re.compile(r"url\(['\"]?([\w.-]+\.\w+)")
# Fetched only for letters that Norwegian does not have.
_NOT_FETCHED = "latin-ext"


def measure(app: Flask) -> list[Row]:
    """Return kilobytes (1,000) with headers, without photographs."""
    client = instance.browser_of(app, instance.reader_id(app))
    front = client.get("/")
    text = client.get("/", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    files = {STATIC / name for name in _ASKED_FOR.findall(text)}
    files |= {
        style.parent / name
        for style in [file for file in files if file.suffix == ".css"]
        for name in _IN_STYLES.findall(style.read_text(encoding="utf-8"))
    }
    files = {file for file in files if _NOT_FETCHED not in file.name and file.is_file()}
    if not files:
        raise RuntimeError("the front page asks for no built files: run make setup")
    page = _bytes(front)
    later = max(_bytes(client.get(path)) for path in ("/", "/nyheter", "/avvik/meld"))
    return [
        Row("første besøk, forsiden", 120, (page + sum(map(_packed, files))) / 1000, "kB"),
        Row("senere side, den største av tre", 10, later / 1000, "kB"),
    ]


def _bytes(response: object) -> int:
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers)  # type: ignore[attr-defined]
    return headers + len(response.data)  # type: ignore[attr-defined]


def _packed(file: Path) -> int:
    """Return the size of the file as it is sent, and its headers."""
    packed = file.with_name(file.name + ".gz")
    return (packed if packed.is_file() else file).stat().st_size + 350
