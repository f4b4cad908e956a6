"""Translation catalogues: collect, check that they are whole, compile. Run as a module."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "intranet" / "translations"
# Bokmål is what the source is written in and needs no catalogue.
LANGUAGES = ("nn", "en")
METHODS = [("intranet/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def source_texts() -> Catalog:
    """Return every text of the source that people read."""
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        str(ROOT),
        METHODS,
        keywords=KEYWORDS,
        directory_filter=lambda folder: (
            not any(part in folder for part in ("node_modules", ".venv", "translations", "static"))
        ),
    )
    for filename, _line, message, _comments, context in found:
        # Line numbers would make every change of code a change of the catalogues.
        catalogue.add(message, locations=[(filename, 0)], context=context)
    return catalogue


def path_of(language: str) -> Path:
    """Return where the language's catalogue is kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the stored catalogue, empty when there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Add new texts to each catalogue and drop those that are gone; nothing is guessed."""
    texts = source_texts()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(texts, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(catalogue, language)


def write(catalogue: Catalog, language: str) -> None:
    """Store the catalogue sorted by text, without dates."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    for message in catalogue:
        message.locations = []
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, omit_header=False, width=100, no_location=True)
    lines = [
        line
        for line in buffer.getvalue().decode("utf-8").splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date'))
    ]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def faults() -> Iterator[str]:
    """Return one line for each text that a catalogue lacks or has with other placeholders."""
    texts = source_texts()
    for language in LANGUAGES:
        catalogue = read(language)
        for message in texts:
            if not message.id:
                continue
            found = catalogue.get(message.id, message.context)
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = found.string if found is not None else ""
            given = strings if isinstance(strings, tuple) else (strings,)
            if not all(given):
                yield f"{language}: mangler: {ids[0]}"
            elif _placeholders(given) - _placeholders(ids):
                yield f"{language}: andre plassholdere: {ids[0]}"


def _placeholders(texts: Iterable[object]) -> set[str]:
    return {name for text in texts for name in PLACEHOLDER.findall(str(text))}


def compile_all() -> None:
    """Write the compiled catalogues beside the texts, when they are older than these."""
    for language in LANGUAGES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if source.exists() and not (
            target.exists() and target.stat().st_mtime >= source.stat().st_mtime
        ):
            with target.open("wb") as file:
                write_mo(file, read(language))


def main() -> int:
    """Update, check or (without an option) compile. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.update:
        update()
    compile_all()
    if options.check:
        found = list(faults())
        print("\n".join(found) or "catalogues: whole")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
