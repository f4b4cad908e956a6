"""The steps of a hearing as the tests take them, and what they look at after."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, hearing_comments
from intranet.library.actions import hearing as actions
from intranet.library.hearing import HearingAnswer
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.library.queries.tasks import list_tasks_for
from intranet.notifications.models import Notice
from tests import cast

FOLLOWED, NOT_FOLLOWED = HearingAnswer.FOLLOWED, HearingAnswer.NOT_FOLLOWED


def send(number: str, by: int, units: list[int], *names: str, days: int = 14) -> int:
    with transaction():
        document = load_document(number)
        sent = actions.send_to_hearing(
            document,
            unit_ids=units,
            names=names,
            due_on=today() + timedelta(days=days),
            words="Er det rett?",
            version=load_working_revision(document).version,
            actor=cast.viewer(by),
        )
        return sent.id


def say(number: str, hearing_id: int, by: int, text: str = "Hvor lenge?", place: int = 2) -> int:
    with transaction():
        comment = hearing_comments.comment_on_hearing(
            load_document(number), hearing_id, place, text, actor=cast.viewer(by)
        )
        return comment.id


def reply(
    number: str,
    hearing_id: int,
    comment_id: int,
    by: int,
    answer: HearingAnswer = FOLLOWED,
    text: str = "",
    version: int = 1,
) -> None:
    with transaction():
        hearing_comments.answer_comment(
            load_document(number), hearing_id, comment_id, answer, text, version=version,
            actor=cast.viewer(by),
        )  # fmt: skip


def close(number: str, hearing_id: int, by: int, reason: str = "Alle har svart") -> None:
    with transaction():
        actions.close_hearing(
            load_document(number), hearing_id, reason, version=1, actor=cast.viewer(by)
        )


def to_approval(number: str, by: int) -> None:
    with transaction():
        document = load_document(number)
        approve.send_to_approval(
            document, version=load_working_revision(document).version, actor=cast.viewer(by)
        )


def told(event: str) -> list[int]:
    rows = db.session.scalars(
        select(Notice.recipient_id).where(Notice.event == event).order_by(Notice.recipient_id)
    )
    return list(rows)


def waits_for(person: int) -> list[str]:
    db.session.expire_all()
    return [task.kind for task in list_tasks_for(cast.viewer(person)) if "hearing" in task.kind]
