"""A small quality system of before: files as Word and a scanner made them, and the list of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf

from tests.core import hostile

HEADERS = ("Fil", "Tittel", "Nummer", "Type", "Eier", "Enhet", "Ses over innen", "Gjelder fra", "Stikkord")  # fmt: skip
HYGIENE = ("Hygiene/Håndvask.docx", "Håndvask", "KVA-017", "Prosedyre", "eva", "Strandheim sykehjem",
           "31.12.2026", "01.02.2024", "smitte, vask")  # fmt: skip
FIRE = ("brann.pdf", "Brannrutine", "KVA-018", "RUT", "henrik@havnsund.kommune.example",
        "unit-home_care", "", "", "")  # fmt: skip


def word(
    title: str = "Håndvask", text: str = "Bruk såpe hver gang", picture: bool = False
) -> bytes:
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph(text)
    if picture:
        document.add_picture(io.BytesIO(hostile.png()))
        document.inline_shapes[0]._inline.docPr.set("descr", "Slik holder du hendene")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scanned_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def files() -> dict[str, bytes]:
    return {"Hygiene/Håndvask.docx": word(), "brann.pdf": hostile.pdf("Ring 110 med en gang")}


def with_picture() -> dict[str, bytes]:
    """The same with a picture in it, which costs a child more."""
    return {"Hygiene/Håndvask.docx": word(picture=True)}


def folder_at(place: Path, more: dict[str, bytes] | None = None) -> Path:
    folder = place / "gammelt"
    for name, data in (files() | (more or {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        # Word writes the moment into a file: the same one is the same only when it is left alone.
        if not (folder / name).exists():
            (folder / name).write_bytes(data)
    return folder


def csv_list(*rows: Any, delimiter: str = ";", letters: str = "utf-8") -> bytes:
    lines = [HEADERS, *(rows or (HYGIENE, FIRE))]
    quoted = [[f'"{cell}"' for cell in row] for row in lines]
    return "\r\n".join(delimiter.join(row) for row in quoted).encode(letters)


def xlsx_list(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADERS, *(rows or (HYGIENE, FIRE))):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
