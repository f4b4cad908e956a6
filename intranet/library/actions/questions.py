"""Sets the control questions of a document. Never commits."""

from __future__ import annotations

from collections.abc import Sequence

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.models import Document
from intranet.library.queries.access import facts_of
from intranet.library.reading import (
    CHOICE_LENGTH,
    MOST_CHOICES,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    Question,
    stored,
)


def set_questions(
    document: Document, questions: Sequence[Question], *, version: int | None, actor: Viewer
) -> None:
    """Ask these of everybody who confirms from now on. Those who work on the document may.

    Empty ones are left out. Raises InvalidInput that names the field ("choices_1"), and
    SomeoneElseWasFirst unless the form was rendered from the document as it is now.
    """
    allow(policy.can_work_on_document(actor, facts_of(document)))
    if version != document.version:
        raise SomeoneElseWasFirst(
            _("Noen andre har endret dokumentet mens du holdt på. Se over og lagre en gang til.")
        )
    asked = []
    for place, question in enumerate(questions[:MOST_QUESTIONS]):
        if question.text or question.choices:
            _check(question, place)
            asked.append(question)
    document.questions = stored(asked)
    db.session.flush()
    record_on(AuditEvent.DOCUMENT_QUESTIONS_SET, document, actor=actor, questions=len(asked))


def _check(question: Question, place: int) -> None:
    if not question.text:
        raise InvalidInput(_("Skriv spørsmålet."), field=f"text_{place}")
    if max(len(question.text), len(question.explanation)) > QUESTION_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 300 tegn."), field=f"text_{place}")
    field = f"choices_{place}"
    if not 2 <= len(question.choices) <= MOST_CHOICES:
        raise InvalidInput(_("Skriv fra to til fire svar, ett på hver linje."), field=field)
    if len(set(question.choices)) < len(question.choices):
        raise InvalidInput(_("To av svarene er like."), field=field)
    if any(len(choice) > CHOICE_LENGTH for choice in question.choices):
        raise InvalidInput(_("Et svar kan ha høyst 200 tegn."), field=field)
    if not 0 <= question.right < len(question.choices):
        raise InvalidInput(_("Velg hvilket svar som er riktig."), field=f"right_{place}")
