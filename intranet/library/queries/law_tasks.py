"""Changes of laws that wait for a person, and for whom they wait when the owner has left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_, select

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.labels import in_words
from intranet.laws.models import Law
from intranet.library.addresses import law_review_url
from intranet.library.law_watch import LawAnswer
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, LawReview
from intranet.library.policy import may_approve_for_unit
from intranet.library.queries.approvers import list_approvers
from intranet.notifications.tasks import Task
from intranet.people.models import Person, Unit

MOST = 100


def stood_in_for(viewer: Viewer) -> set[int]:
    """Return the leaders whose tasks come to the viewer while they are away."""
    return {led.on_behalf_of for led in viewer.led if led.on_behalf_of is not None}


def list_unowned(viewer: Viewer) -> list[AnyRow]:
    """Return the changes that those who may approve must answer: the owner has left, or has asked
    for a withdrawal.

    Only they are asked, as in an approval: the nearest leader, or the quality advisers. Hardly
    anybody leads or advises, so that nobody else's page pays for it.
    """
    is_adviser = viewer.has_role_anywhere(Role.QUALITY_ADVISER)
    if not (viewer.led or is_adviser):
        return []
    statement = (
        select(
            Document.number,
            Document.title.label("document_title"),
            Document.owner_id,
            LawReview.id.label("review_id"),
            LawReview.section,
            LawReview.effective_on,
            LawReview.due_on,
            func.coalesce(Law.short_title, LawReview.refid).label("law"),
            Document.unit_id,
            Unit.path,
        )
        .join(LawReview, LawReview.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Person, Person.id == Document.owner_id)
        .outerjoin(Law, Law.refid == LawReview.refid)
        .where(
            Document.state == DocumentState.PUBLISHED,
            or_(
                LawReview.answer == LawAnswer.WITHDRAW,
                and_(
                    LawReview.answer == LawAnswer.NONE,
                    or_(~Person.is_directory_active, Person.is_blocked),
                ),
            ),
        )
        .order_by(LawReview.due_on, LawReview.id)
    )
    if not is_adviser:
        led = [Unit.path.startswith(led.path, autoescape=True) for led in viewer.led]
        statement = statement.where(or_(*led))
    rows = db.session.execute(statement.limit(MOST)).all()
    asked = {unit_id: list_approvers(unit_id, ()) for unit_id in {row.unit_id for row in rows}}
    return [row for row in rows if viewer.id in asked[row.unit_id]]


def law_task(viewer: Viewer, row: Any) -> Task | None:
    """Return the task that a change of a law gives the viewer, if the viewer may answer it."""
    is_owner = viewer.id == row.owner_id
    # The stand-in of an owner answers only where the leader could approve.
    if not (is_owner or may_approve_for_unit(viewer, row.path)):
        return None
    return Task(
        kind="library.law",
        title=_(
            "Vurder lovendringen for %(number)s %(title)s",
            number=row.number,
            title=row.document_title,
        ),
        url=law_review_url(row.number, row.review_id),
        due_on=row.due_on,
        note=_note(row),
        icon="FileParagraph",
        on_behalf_of=_stood_in_name(viewer, row.owner_id),
    )


def _note(row: Any) -> str:
    section = row.section if row.section.startswith("Art") else f"§\u00a0{row.section}"
    place = f"{row.law} {section}" if row.section else row.law
    if row.effective_on is None:
        return str(place)
    day = in_words(row.effective_on)
    if row.effective_on > today():
        return _("%(place)s endres fra %(day)s", place=place, day=day)
    return _("%(place)s er endret fra %(day)s", place=place, day=day)


def _stood_in_name(viewer: Viewer, owner_id: int) -> str | None:
    names = (led.on_behalf_of_name for led in viewer.led if led.on_behalf_of == owner_id)
    return next(names, None) if viewer.id != owner_id else None
