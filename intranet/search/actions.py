"""Leaves word that a document changed, and notes what was not found; never touches the index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from intranet.core.clock import now, today
from intranet.extensions import db
from intranet.search.answers import people_answers
from intranet.search.keeping import kept_form, words_of
from intranet.search.models import AskedQuestion, PendingEntry

# So long a question is kept after it was last asked, and so many of them.
KEPT = timedelta(days=180)
MOST_KEPT = 5_000


def mark_changed(doc_key: str) -> None:
    """Have the document indexed anew, or taken out if it is gone, once this transaction is
    committed.

    To be called in the transaction that changes it, by whoever may change it; calling it twice does
    no harm.
    """
    waiting = (row for row in db.session.new if isinstance(row, PendingEntry))
    if any(row.doc_key == doc_key for row in waiting):
        return
    db.session.add(PendingEntry(doc_key=doc_key))


def mark_all_changed(doc_keys: Iterable[str]) -> None:
    """The same for many documents in one statement, for imports."""
    rows = [{"doc_key": key, "created_at": now()} for key in dict.fromkeys(doc_keys)]
    if rows:
        db.session.execute(insert(PendingEntry), rows)


class Outcome(StrEnum):
    """What became of a question, and the column that counts it."""

    MISSED = "missed_count"
    HELPED = "helped_count"
    FAILED = "failed_count"


def note_question(text: str, outcome: Outcome) -> bool:
    """Count that a question ended so, and return whether it is kept: nothing of who asked is.

    A question that may tell of somebody is not kept at all; see `keeping.py`.
    """
    words = kept_form(text)
    if not words or people_answers().is_called(words_of(words)):
        return False
    if _count(words, outcome):
        return True
    held = db.session.scalar(select(func.count()).select_from(AskedQuestion)) or 0
    if held >= MOST_KEPT:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(AskedQuestion(words=words, last_on=today(), **{str(outcome): 1}))
    except IntegrityError:
        # Two asked it first at once: the other one's row is there now.
        _count(words, outcome)
    return True


def _count(words: str, outcome: Outcome) -> bool:
    column = getattr(AskedQuestion, outcome)
    counted = db.session.execute(
        update(AskedQuestion)
        .where(AskedQuestion.words == words)
        .values({str(outcome): column + 1, "last_on": today()})
        .execution_options(synchronize_session=False)
        .returning(AskedQuestion.id)
    )
    return counted.first() is not None


def forget_question(question_id: int) -> None:
    """Take a question off the list: those who tend the search have seen to it."""
    db.session.execute(delete(AskedQuestion).where(AskedQuestion.id == question_id))


def forget_old_questions() -> int:
    """Remove what nobody has asked for `KEPT`, and return how many that was."""
    old = delete(AskedQuestion).where(AskedQuestion.last_on < today() - KEPT)
    return len(db.session.execute(old.returning(AskedQuestion.id)).all())
