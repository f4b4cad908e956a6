"""Asks people of the demonstration to read procedures, and lets most of them do it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from intranet.core.clock import oslo_moment, stopped_at, today
from intranet.demo.actions.cast import Cast
from intranet.extensions import db
from intranet.library.actions.questions import set_questions
from intranet.library.actions.reading import add_reading_rule, confirm_reading
from intranet.library.actions.reading_signals import ask_readers
from intranet.library.models import Document
from intranet.library.queries.documents import load_document
from intranet.library.queries.reading_due import list_unasked
from intranet.library.reading import Question, Readers, questions_of
from intranet.library.reading_models import ReadingRequest, ReadReceipt

_EVERYBODY = 10_000
# The beginning of the file, the unit, who there, days to read, asked so many days ago, and out of
# ten so many who have read it by now.
_ASKED = (
    ("13", "hjemme-nord", Readers.ALL, "", 14, 60, 9),
    ("21", "kommune", Readers.ALL, "", 30, 45, 7),
    ("01", "sykehjem", Readers.TITLE, "Sykepleier", 14, 9, 5),
    ("61", "kommune", Readers.LEADERS, "", 14, 20, 6),
)

_QUESTIONS = {
    "21": [
        Question(
            "Du får en e-post som ber deg logge inn for å slippe å miste kontoen. Hva gjør du?",
            (
                "Trykker på lenken og ser om siden ser ekte ut",
                "Lar lenken være, og melder fra til IKT",
                "Sletter e-posten og sier det ikke til noen",
            ),
            1,
            "Se avsnittet om svindelforsøk.",
        ),
    ]
}


def seed_reading(cast: Cast, numbers: dict[str, str]) -> int:
    """Ask, let days go by, and let most confirm; returns how many were asked."""
    asked = 0
    for slug, unit_key, readers, value, days, ago, of_ten in _ASKED:
        document = load_document(numbers[slug])
        moment = oslo_moment(today() - timedelta(days=ago), time(9, 5))
        if document.published_at is not None:
            moment = max(moment, document.published_at + timedelta(hours=2))
        with stopped_at(moment):
            add_reading_rule(
                document,
                unit_id=cast.unit_ids[unit_key],
                readers=readers,
                value=value,
                days=days,
                actor=cast.viewer(cast.account("quality_adviser")),
            )
            if slug in _QUESTIONS:
                adviser = cast.viewer(cast.account("quality_adviser"))
                set_questions(document, _QUESTIONS[slug], version=document.version, actor=adviser)
        asked += _ask(document, moment)
        _let_read(document, cast, of_ten)
    return asked


def _ask(document: Document, moment: datetime) -> int:
    _keep_former_readers(document, moment)
    with stopped_at(moment + timedelta(minutes=5)):
        return ask_readers(document.id, _EVERYBODY)


def _keep_former_readers(document: Document, moment: datetime) -> None:
    """Those who read the first version, where there is a second one: no action can do it now."""
    if document.significant_version == 1:
        return
    with stopped_at(moment):
        people = [row.person_id for row in list_unasked(document, _EVERYBODY)]
    for person_id in people:
        db.session.add(
            ReadReceipt(
                document_id=document.id,
                person_id=person_id,
                revision_number=1,
                confirmed_at=moment - timedelta(days=3),
            )
        )
    db.session.flush()


def _let_read(document: Document, cast: Cast, of_ten: int) -> None:
    """Let so many confirm, some on each day; the told employee has it still to do."""
    requests = db.session.scalars(
        select(ReadingRequest)
        .where(ReadingRequest.document_id == document.id)
        .order_by(ReadingRequest.id)
    ).all()
    for position, request in enumerate(requests):
        day = request.asked_on + timedelta(days=1 + position % 9)
        is_told = request.person_id == cast.account("employee")
        if position * 7 % 10 >= of_ten or is_told or day >= today():
            continue
        with stopped_at(oslo_moment(day, time(7 + position % 9, position * 13 % 60))):
            confirm_reading(
                document,
                document.current_version,
                [question.right for question in questions_of(document.questions)],
                actor=cast.viewer(request.person_id),
            )
