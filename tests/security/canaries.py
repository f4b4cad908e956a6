"""Where each kind of secret may lie: the table of the canary sweep, and the sweep itself.

Adding a flow: send its canary in `test_canaries.py` and say here where it may be found. A place is
"rows" (some row of the database), "pages" (the database's files, but no row: a page not yet
overwritten), "files" (uploads), "index" (search), "mail" (what the mail server got), "log" (what the
processes wrote) or "other" (anything else in the instance folder).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from tests.servers.site import Site

NOWHERE: frozenset[str] = frozenset()
ROWS = frozenset({"rows"})
PUBLISHED = frozenset({"rows", "index"})

MAY_LIE_IN: dict[str, frozenset[str]] = {
    # What a known person writes about a case stands in the case, and in no mail, index or log.
    "report: what happened": ROWS,
    "report: what was done at once": ROWS,
    "report: name of the file": ROWS,
    "report: text of the file": frozenset({"files"}),
    "report: place and camera of the picture": NOWHERE,
    "report: a name that nobody has": NOWHERE,
    "draft: before it was thrown away": NOWHERE,
    "case: message": ROWS,
    "case: internal note": ROWS,
    "case: corrective action": ROWS,
    "page problem": ROWS,
    # What everybody may read is found by everybody.
    "news: title": PUBLISHED | {"mail"},
    "news: text": PUBLISHED,
    "vacancy: title": PUBLISHED | {"mail"},
    "vacancy: text": PUBLISHED,
    "procedure: draft title": ROWS,
    "procedure: draft text": ROWS,
    "settings: name of a category": ROWS,
    # What nobody finds is noted for those who tend the search, without who looked for it.
    "search: words": ROWS,
    # Who looks for what, and what opens a door, is nobody's business.
    "search: words on the desk": NOWHERE,
    "login: wrong password": NOWHERE,
    "login: password in the field of the user name": NOWHERE,
    "login: the right password": NOWHERE,
    "address: a parameter that no page knows": NOWHERE,
    # Without a name: the words are in the database, and nothing of the browser that sent them.
    "anonymous: what happened": ROWS,
    "anonymous: name of the file": NOWHERE,
    "anonymous: place and camera of the picture": NOWHERE,
    "anonymous: the browser": NOWHERE,
    "anonymous: the code": NOWHERE,
    "whistle: what it is about": ROWS,
    "whistle: whom it concerns": ROWS,
    "whistle: how to reach the sender": ROWS,
    "whistle: the browser": NOWHERE,
    "whistle: the code": NOWHERE,
}


@dataclass
class Sweep:
    """Looks for words everywhere that the running site has left something."""

    site: Site
    database_folder: Path | None
    rows: str = ""
    blobs: list[tuple[str, bytes]] = field(default_factory=list)

    def gather(self) -> None:
        """Read everything once; the processes are stopped by now."""
        self.rows = "\n".join(_all_rows(self.site.database_url))
        self.blobs = [*self._files(), *self._mails()]

    def places_of(self, word: str) -> set[str]:
        """Return where the word is."""
        forms = _forms_of(word)
        found = {place for place, data in self.blobs if any(each in data for each in forms)}
        # A question that nobody found is kept in small letters.
        if word in self.rows or word.lower() in self.rows:
            found = (found - {"pages"}) | {"rows"}
        return found

    def _files(self) -> Iterator[tuple[str, bytes]]:
        instance = Path(self.site.environment["INSTANCE_DIR"])
        for path in sorted(instance.rglob("*")):
            if path.is_file():
                yield _kind_of(path.relative_to(instance)), path.read_bytes()
        if self.database_folder is not None:
            for path in sorted(self.database_folder.rglob("*")):
                if path.is_file():
                    kind = "log" if path.name == "log" else "pages"
                    yield kind, path.read_bytes()

    def _mails(self) -> Iterator[tuple[str, bytes]]:
        for message in self.site.mailbox.messages:
            yield "mail", message.as_bytes()
            for part in message.walk():
                if not part.is_multipart():
                    yield "mail", part.get_payload(decode=True) or b""  # type: ignore[misc]


def _kind_of(path: Path) -> str:
    if path.name.startswith("intranet.sqlite3"):
        return "pages"
    if path.suffix == ".log":
        return "log"
    return path.parts[0] if path.parts[0] in ("files", "index") else "other"


def _forms_of(word: str) -> list[bytes]:
    """Return the word as it may stand in a file: plain, in small letters, and encoded."""
    plain = word.encode()
    return [plain, word.lower().encode(), word.encode("utf-16-le"), base64.b64encode(plain)[:-4]]


def _all_rows(url: str) -> Iterator[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            for row in connection.execute(text(f'select * from "{name}"')):
                yield repr(tuple(row))
    engine.dispose()
