"""Reads the letters of a case, and what the case knows for a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import sees_letters
from intranet.deviations.letter_shapes import LetterKind, LetterState
from intranet.deviations.letters import LETTERS
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import list_clocks
from intranet.extensions import db
from intranet.people.models import Person

_FINISHER = aliased(Person)


@dataclass(frozen=True)
class LetterRow:
    """One letter as the case lists it."""

    id: int
    kind: LetterKind
    number: int | None
    state: LetterState
    language: str
    changed_at: datetime
    changed_by: str
    finished_at: datetime | None
    finished_by: str | None
    sent_at: datetime | None
    sent_reference: str

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == LetterState.DRAFT


def list_letters(deviation_id: int) -> list[LetterRow]:
    """Return the letters of a case, the newest first."""
    rows = db.session.execute(
        select(
            DeviationLetter.id,
            DeviationLetter.kind,
            DeviationLetter.number,
            DeviationLetter.state,
            DeviationLetter.language,
            DeviationLetter.changed_at,
            Person.name,
            DeviationLetter.finished_at,
            _FINISHER.name,
            DeviationLetter.sent_at,
            DeviationLetter.sent_reference,
        )
        .join(Person, Person.id == DeviationLetter.changed_by)
        .outerjoin(_FINISHER, _FINISHER.id == DeviationLetter.finished_by)
        .where(DeviationLetter.deviation_id == deviation_id)
        .order_by(DeviationLetter.id.desc())
    )
    return [LetterRow(*row) for row in rows]


def list_whole_letters(deviation_id: int) -> list[DeviationLetter]:
    """Return the letters that were not discarded, with what they say, in their order."""
    rows = db.session.execute(
        select(DeviationLetter)
        .where(
            DeviationLetter.deviation_id == deviation_id,
            DeviationLetter.state != LetterState.DISCARDED,
        )
        .order_by(DeviationLetter.id)
    )
    return list(rows.scalars())


def get_letter_for(viewer: Viewer, case: Case, letter_id: int) -> DeviationLetter:
    """Return a letter of this very case. Raises NotFound, also for those who may not know of it."""
    letter = db.session.get(DeviationLetter, letter_id) if letter_id < 2**31 else None
    if (
        letter is None
        or letter.deviation_id != case.deviation.id
        or not sees_letters(viewer, case.access)
    ):
        raise NotFound(_("Vi finner ikke dette brevet."))
    return letter


def get_pdf_of(letter: DeviationLetter) -> StoredFile:
    """Return the PDF of a finished letter. Raises NotFound when it has none."""
    stored = db.session.get(StoredFile, letter.stored_file_id) if letter.stored_file_id else None
    if stored is None:
        raise NotFound(_("Dette brevet har ingen PDF."))
    return stored


def next_number_of(deviation_id: int, kind: LetterKind) -> int:
    """Return which number the next finished letter of the kind gets in the case."""
    last = db.session.execute(
        select(func.max(DeviationLetter.number)).where(
            DeviationLetter.deviation_id == deviation_id, DeviationLetter.kind == kind
        )
    ).scalar()
    return int(last or 0) + 1


def lock_case(deviation_id: int) -> None:
    """Let nobody else number a letter of the case until the transaction ends."""
    statement = select(Deviation.id).where(Deviation.id == deviation_id).with_for_update()
    db.session.execute(statement).one()


def find_earlier(deviation_id: int, kind: LetterKind) -> DeviationLetter | None:
    """Return the finished letter that the next one of the kind follows up."""
    if not LETTERS[kind].has_phases:
        return None
    return db.session.execute(
        select(DeviationLetter)
        .where(
            DeviationLetter.deviation_id == deviation_id,
            DeviationLetter.kind == kind,
            DeviationLetter.state == LetterState.FINISHED,
        )
        .order_by(DeviationLetter.number.desc())
        .limit(1)
    ).scalar_one_or_none()


def find_draft(deviation_id: int, kind: LetterKind) -> DeviationLetter | None:
    """Return the newest draft of the kind, so that two do not begin the same letter unknowing."""
    return db.session.execute(
        select(DeviationLetter)
        .where(
            DeviationLetter.deviation_id == deviation_id,
            DeviationLetter.kind == kind,
            DeviationLetter.state == LetterState.DRAFT,
        )
        .order_by(DeviationLetter.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def find_clock_of(deviation_id: int, kind: LetterKind) -> StatutoryClock | None:
    """Return the deadline that this kind of letter answers, when the case has it."""
    wanted = LETTERS[kind].clock
    return next(
        (each for each in list_clocks(deviation_id) if (each.key, each.phase) == wanted), None
    )
