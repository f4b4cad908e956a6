"""Reads what those who tend the search look after."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.search.models import AskedQuestion

MOST_SHOWN = 200
_WORST = AskedQuestion.missed_count + AskedQuestion.failed_count
_QUESTIONS = (
    select(
        AskedQuestion.id,
        AskedQuestion.words,
        AskedQuestion.missed_count,
        AskedQuestion.helped_count,
        AskedQuestion.failed_count,
        AskedQuestion.last_on,
    )
    .order_by(_WORST.desc(), AskedQuestion.last_on.desc(), AskedQuestion.id)
    .limit(MOST_SHOWN)
)
_MISSED = _QUESTIONS.where(AskedQuestion.missed_count > 0)
_ANSWERED = _QUESTIONS.where((AskedQuestion.helped_count > 0) | (AskedQuestion.failed_count > 0))


def list_questions(shown: str = "") -> list[AnyRow]:
    """Return the questions that most often ended badly: all, "missed", or those "answered"."""
    statement = {"missed": _MISSED, "answered": _ANSWERED}.get(shown, _QUESTIONS)
    return list(read(statement).all())
