"""Reads of a hearing that the viewer has been shown: its files, and who was asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, tuple_

from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library.hearing_models import HearingFile, HearingRequest
from intranet.people.models import Person
from intranet.people.queries.persons import LARGEST_ID

ON_PAGE = 50
# Beside the hearing; all have their own page.
FEW = 10
_ASKED = (
    select(
        HearingRequest.person_id,
        HearingRequest.is_named,
        HearingRequest.answered_at,
        HearingRequest.has_no_comments,
        Person.name,
    )
    .join(Person, Person.id == HearingRequest.person_id)
    .order_by(Person.name_key, Person.id)
)


@dataclass(frozen=True)
class AskedCounts:
    """How many were asked, and what they did."""

    asked: int
    commented: int
    without_comments: int

    @property
    def silent(self) -> int:
        """How many have not answered."""
        return self.asked - self.commented - self.without_comments


@dataclass(frozen=True)
class AskedPage:
    """One page of those asked, by name, and the person that the next page begins after."""

    rows: list[AnyRow]
    next: int | None


def list_hearing_files(hearing_id: int) -> list[AnyRow]:
    """Return the files that the draft had when it was sent, oldest first."""
    return list(
        db.session.execute(
            select(StoredFile.id, StoredFile.name, StoredFile.size, StoredFile.media_type)
            .join(HearingFile, HearingFile.stored_file_id == StoredFile.id)
            .where(HearingFile.hearing_id == hearing_id)
            .order_by(StoredFile.id)
        )
    )


def get_hearing_file(hearing_id: int, stored_id: int) -> StoredFile:
    """Return a file that the hearing was sent with. Raises NotFound."""
    found = None
    if 0 < stored_id <= LARGEST_ID:
        found = db.session.scalars(
            select(StoredFile)
            .join(HearingFile, HearingFile.stored_file_id == StoredFile.id)
            .where(HearingFile.hearing_id == hearing_id, StoredFile.id == stored_id)
        ).one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    return found


def count_asked(hearing_id: int) -> AskedCounts:
    """Return how many were asked and how many have answered in which way."""
    row = db.session.execute(
        select(
            func.count(HearingRequest.id),
            func.count(HearingRequest.answered_at).filter(~HearingRequest.has_no_comments),
            func.count(HearingRequest.id).filter(HearingRequest.has_no_comments),
        ).where(HearingRequest.hearing_id == hearing_id)
    ).one()
    return AskedCounts(*row)


def list_asked(hearing_id: int, after: int | None = None, *, most: int | None = None) -> AskedPage:
    """Return a page of who was asked, by name: the first, or the one after a person."""
    most = most or ON_PAGE
    statement = _ASKED.where(HearingRequest.hearing_id == hearing_id)
    if after is not None:
        place = select(Person.name_key).where(Person.id == after).scalar_subquery()
        statement = statement.where(
            tuple_(Person.name_key, Person.id) > tuple_(place, after)  # type: ignore[operator]
        )
    rows = list(db.session.execute(statement.limit(most + 1)))
    shown = rows[:most]
    return AskedPage(shown, shown[-1].person_id if len(rows) > most else None)
