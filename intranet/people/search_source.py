"""Hands the persons who work here to the search; those who left are found by nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from intranet.core.reads import count_rows
from intranet.core.rows import AnyRow, AnySelect
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.snapshot import LOCAL_KEY
from intranet.search.entry import Kind, SearchEntry

PREFIX = "person/"
LARGEST_ID = 2**31 - 1
_BATCH = 500
_ROWS = (
    select(
        Person.id,
        Person.name,
        Person.title,
        Person.email,
        Person.phone,
        Person.mobile,
        Person.username,
        Unit.name.label("unit_name"),
    )
    .outerjoin(Unit, Unit.id == Person.home_unit_id)
    .where(
        Person.is_directory_active,
        ~Person.is_blocked,
        Person.directory_key.is_(None) | ~Person.directory_key.startswith(LOCAL_KEY),
    )
)


class PersonSource:
    """Active persons, found by everybody who is logged in."""

    name = "people"

    def count(self) -> int:
        """About how many entries there are."""
        return count_rows(Person)

    def entries(self) -> Iterator[SearchEntry]:
        """Everybody, read in batches by id."""
        last = 0
        while True:
            found = list(_entries(_ROWS.where(Person.id > last).order_by(Person.id).limit(_BATCH)))
            yield from found
            if not found:
                return
            last = _id_of(found[-1].key)

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """These persons as they are now; nothing for one who left."""
        ids = [_id_of(key) for key in doc_keys if self.owns(key)]
        if ids:
            yield from _entries(_ROWS.where(Person.id.in_(ids)))

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The same by key."""
        return {entry.key: entry for entry in self.entries_for(keys)}

    def owns(self, key: str) -> bool:
        """Whether it is the key of a person."""
        number = key.removeprefix(PREFIX)
        if not key.startswith(PREFIX) or not number.isascii() or not number.isdigit():
            return False
        return len(number) <= 10 and int(number) <= LARGEST_ID


def _entries(statement: AnySelect) -> Iterator[SearchEntry]:
    for row in db.session.execute(statement):
        yield _entry(row)


def _entry(row: AnyRow) -> SearchEntry:
    key = f"{PREFIX}{row.id}"
    unit = row.unit_name or ""
    reachable = [row.email, row.phone, row.mobile]
    return SearchEntry(
        key=key,
        doc=key,
        kind=Kind.PERSON,
        title=row.name,
        name=unit,
        text=" ".join(part for part in (row.title, unit, *reachable) if part),
        url=f"/ansatt/{row.id}",
        aliases=(row.username,) if row.username else (),
        unit=unit,
        subtitle=" · ".join(part for part in (row.title, unit) if part),
    )


def _id_of(key: str) -> int:
    return int(key.removeprefix(PREFIX))
