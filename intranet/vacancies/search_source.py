"""Hands the open vacancies to the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from intranet.core.clock import OSLO, now
from intranet.core.reads import count_rows
from intranet.core.richtext import to_text
from intranet.core.rows import AnyRow, AnySelect
from intranet.extensions import db
from intranet.people.models import Unit
from intranet.search.entry import LONGEST_TEXT, OWN_NEWS_PRIOR, Kind, SearchEntry
from intranet.vacancies.models import Vacancy
from intranet.vacancies.queries import LARGEST_ID, is_open

PREFIX = "stilling/"
_BATCH = 500
_ROWS = select(
    Vacancy.id,
    Vacancy.title,
    Vacancy.body,
    Vacancy.requirements,
    Vacancy.workplace,
    Vacancy.published_at,
    Unit.name.label("unit_name"),
).join(Unit, Unit.id == Vacancy.unit_id)


class VacancySource:
    """Open vacancies, for everybody; drafts, closed and withdrawn ones are found by nobody."""

    name = "vacancies"

    def count(self) -> int:
        """About how many entries there are."""
        return count_rows(Vacancy)

    def entries(self) -> Iterator[SearchEntry]:
        """Every open vacancy, read in batches by id."""
        last = 0
        while True:
            batch = _ROWS.where(Vacancy.id > last).order_by(Vacancy.id).limit(_BATCH)
            found = list(_entries(batch))
            yield from found
            if not found:
                return
            last = _id_of(found[-1].key)

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """These vacancies as they are now; nothing for one that is not open."""
        ids = [_id_of(key) for key in doc_keys if self.owns(key)]
        if ids:
            yield from _entries(_ROWS.where(Vacancy.id.in_(ids)))

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The same by key: a vacancy that closed since it was indexed is left out."""
        return {entry.key: entry for entry in self.entries_for(keys)}

    def owns(self, key: str) -> bool:
        """Whether it is the key of a vacancy."""
        number = key.removeprefix(PREFIX)
        if not key.startswith(PREFIX) or not number.isascii() or not number.isdigit():
            return False
        return len(number) <= 10 and int(number) <= LARGEST_ID


def _entries(statement: AnySelect) -> Iterator[SearchEntry]:
    for row in db.session.execute(statement.where(is_open(now()))).all():
        yield _entry(row)


def _entry(row: AnyRow) -> SearchEntry:
    key = f"{PREFIX}{row.id}"
    words = f"{row.workplace}\n{to_text(row.body)}\n{to_text(row.requirements)}"
    return SearchEntry(
        key=key,
        doc=key,
        kind=Kind.VACANCY,
        prior=OWN_NEWS_PRIOR,
        title=row.title,
        name=row.unit_name,
        text=words[:LONGEST_TEXT],
        url=f"/stillinger/{row.id}",
        unit=row.unit_name,
        published_on=row.published_at.astimezone(OSLO).date(),
    )


def _id_of(key: str) -> int:
    return int(key.removeprefix(PREFIX))
