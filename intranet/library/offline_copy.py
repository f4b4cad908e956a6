"""Writes the whole library as a folder of pages that need no server, for when the net is down.

It asks nobody's rights: it writes what every employee may read, and nothing else.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from markupsafe import Markup

from intranet.core.clock import OSLO, now
from intranet.core.files import path_of
from intranet.core.held_files import is_held
from intranet.core.richtext import to_html
from intranet.core.rows import AnyRow
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.library import offline
from intranet.library.queries import offline as queries
from intranet.web.i18n import current_language

log = logging.getLogger(__name__)

MARK = "kopi.json"
_LEFT_OVER_SECONDS = 24 * 3600
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "library"


class NotOurFolder(Exception):
    """The folder holds something else than a copy of ours: nothing there is touched."""


@dataclass(frozen=True)
class OfflineCopy:
    """When a copy was written, and how much it holds."""

    written_at: datetime
    documents: int
    files: int


def find_copy(folder: Path) -> OfflineCopy | None:
    """Return what the copy in the folder says of itself, or None."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(found["written_at"])
        return OfflineCopy(moment, int(found["documents"]), int(found["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_copy(folder: Path) -> OfflineCopy:
    """Write the copy beside the folder and exchange the two, so that nobody reads half a copy.

    Raises `NotOurFolder` where the folder holds anything else.
    """
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()) and find_copy(folder) is None:
        raise NotOurFolder(str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_over(folder)
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    fresh.mkdir()
    try:
        made = _Writer(fresh).write()
        _exchange(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    log.info("offline copy written: %d documents, %d files", made.documents, made.files)
    return made


def _remove_left_over(folder: Path) -> None:
    """Remove what a run that was killed has left beside the folder."""
    for path in folder.parent.glob(f".{folder.name}.*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > _LEFT_OVER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _exchange(fresh: Path, folder: Path) -> None:
    """Put the new folder in the old one's place in one step; two where the disk cannot do that."""
    if not folder.exists():
        fresh.rename(folder)
        return
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = os.fsencode(fresh), os.fsencode(folder)
    if rename and rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return
    former = fresh.with_name(f"{fresh.name}.old")
    folder.rename(former)
    fresh.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


class _Writer:
    """One run: the pages, the files and the search of one copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._moment = now()
        settings = get_settings()
        self._shared = {
            "municipality": settings.municipality,
            "product": settings.product_name,
            "fetched": f"{self._moment.astimezone(OSLO):%d.%m.%Y kl. %H.%M}",
            "language": current_language(),
            "nb": current_app.jinja_env.filters["nb"],
        }

    def write(self) -> OfflineCopy:
        for name in (offline.DOCUMENTS, offline.FILES, offline.TYPES, offline.UNITS):
            (self._folder / name).mkdir()
        numbers, units = queries.list_numbers(), queries.unit_names()
        files, held = self._copy_files()
        copied = [file for of_one in files.values() for file in of_one]
        names = {each: file["name"] for file in copied for each in file["known_as"]}
        supplements = queries.list_supplements()
        rows = []
        for row in queries.iterate_pages():
            body = offline.stand_alone(to_html(row.body), numbers, names)
            self._page(
                "document",
                offline.page_name(row.number),
                row=row,
                # Cleaned markup, whose links alone were changed.
                body=Markup(body),  # noqa: S704
                files=files.get(row.number, []),
                held=held.get(row.number, 0),
                adds_to=[one for one in supplements if one.number == row.number],
                added=[one for one in supplements if one.central_number == row.number],
                page_name=offline.page_name,
                applies_in=sorted(units[unit] for unit in row.valid_for if unit in units),
            )
            rows.append(_without_text(row))
        rows.sort(key=lambda row: (row["position"], row["key"]))
        self._lists(rows)
        made = OfflineCopy(self._moment, len(rows), len(copied))
        mark = {**asdict(made), "written_at": self._moment.isoformat()}
        (self._folder / MARK).write_text(json.dumps(mark), encoding="utf-8")
        return made

    def _copy_files(self) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
        """Copy the attached files; those that no scanner has answered for are only counted."""
        copied: dict[str, list[dict[str, Any]]] = {}
        held: dict[str, int] = {}
        for number, file_id, stored in queries.list_files():
            name = offline.file_name(number, file_id, stored.name)
            try:
                if is_held(stored):
                    raise FileNotFoundError
                (self._folder / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(path_of(stored), self._folder / name)
            except FileNotFoundError:
                held[number] = held.get(number, 0) + 1
                continue
            copied.setdefault(number, []).append(
                {
                    "name": name,
                    "address": offline.address(name),
                    "shown": stored.name,
                    "size": stored.size,
                    "known_as": offline.portal_addresses(number, file_id, stored.id),
                }
            )
        return copied, held

    def _lists(self, rows: list[dict[str, Any]]) -> None:
        types = _grouped(rows, lambda row: (offline.TYPES, row["prefix"], row["type_name"]))
        units = _grouped(rows, lambda row: (offline.UNITS, str(row["unit_id"]), row["unit_name"]))
        units.sort(key=lambda group: str(group["title"]).casefold())
        for group in (*types, *units):
            self._page("list", group["name"], **group)
        self._page("index", "index.html", types=types, units=units, count=len(rows))
        lines = ((row["number"], row["title"], row["about"], row["keywords"]) for row in rows)
        data = offline.search_data(lines)
        (self._folder / "sokedata.js").write_text(data, encoding="ascii")
        for source, name in (("offline.js", "sok.js"), ("offline.css", "stil.css")):
            shutil.copyfile(_TEMPLATES / source, self._folder / name)

    def _page(self, kind: str, name: str, /, **values: Any) -> None:
        template = current_app.jinja_env.get_template(f"library/offline_{kind}.html")
        root = "../" * name.count("/")
        text = template.render(**self._shared, root=root, **values)
        (self._folder / name).write_text(text, encoding="utf-8")


def _without_text(row: AnyRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "key": row.number_key,
        "title": row.title,
        # Whoever remembers the number of the former system finds it too.
        "keywords": " ".join(filter(None, (row.keywords, row.former_number))),
        "prefix": row.prefix,
        "type_name": row.type_name,
        "position": row.position,
        "unit_id": row.unit_id,
        "unit_name": row.unit_name,
        "about": " · ".join(
            (row.type_name, row.unit_name, _("versjon %(number)s", number=row.version))
        ),
        "address": offline.address(offline.page_name(row.number)),
    }


def _grouped(
    rows: list[dict[str, Any]], key: Callable[[dict[str, Any]], tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """Return the pages of lists, in the order in which the first row of each comes."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [
        {
            "name": f"{folder}/{name}.html",
            "address": offline.address(f"{folder}/{name}.html"),
            "title": title,
            "rows": found,
        }
        for (folder, name, title), found in groups.items()
    ]
