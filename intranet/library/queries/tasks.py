"""What waits in the library for a person: approvals, returned drafts and reviews."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.text import _
from intranet.extensions import db
from intranet.library.addresses import approval_url, document_url, edit_url
from intranet.library.lifecycle import SOON, DocumentState, RevisionState
from intranet.library.models import Document, Revision
from intranet.library.policy import may_approve_for_unit
from intranet.library.queries.approvers import list_approvers
from intranet.notifications.tasks import Task
from intranet.people.models import Person, Unit

MOST = 100
_Author = aliased(Person)
_IS_WORKING = and_(Revision.document_id == Document.id, Revision.number == Document.working_version)


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return what waits for the viewer in the library."""
    return [*_approvals(viewer), *_returned(viewer), *_reviews(viewer)]


def _approvals(viewer: Viewer) -> Iterator[Task]:
    """Those whom the rule names today, not everyone who may approve: the chief has other work."""
    rows = db.session.execute(
        select(
            Document.number,
            Document.unit_id,
            Unit.path,
            Revision.title,
            Revision.contributor_ids,
            _Author.name,
        )
        .join(Revision, _IS_WORKING)
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(_Author, _Author.id == Revision.author_id)
        .where(Revision.state == RevisionState.APPROVAL)
        .order_by(Revision.sent_at)
        .limit(MOST)
    )
    for number, unit_id, path, title, contributors, author in rows:
        # The cheap question first: hardly anybody may approve anything.
        if not may_approve_for_unit(viewer, path):
            continue
        if viewer.id in list_approvers(unit_id, contributors):
            yield Task(
                kind="library.approval",
                title=_("Godkjenn %(number)s %(title)s", number=number, title=title),
                url=approval_url(number),
                note=_("Skrevet av %(name)s", name=author or _("ukjent")),
                icon="FileCheckmark",
                on_behalf_of=_leader_stood_in_for(viewer, path),
            )


def _leader_stood_in_for(viewer: Viewer, path: str) -> str | None:
    leading = [led for led in viewer.led if path.startswith(led.path)]
    if not leading or any(led.on_behalf_of is None for led in leading):
        return None
    return leading[-1].on_behalf_of_name


def _returned(viewer: Viewer) -> Iterator[Task]:
    rows = db.session.execute(
        select(Document.number, Revision.title)
        .join(Revision, _IS_WORKING)
        .where(
            Revision.state == RevisionState.DRAFT,
            Revision.returned_by.is_not(None),
            or_(Revision.sent_by == viewer.id, Revision.author_id == viewer.id),
        )
        .order_by(Revision.changed_at)
        .limit(MOST)
    )
    for number, title in rows:
        yield Task(
            kind="library.returned",
            title=_("Rett opp %(number)s %(title)s", number=number, title=title),
            url=edit_url(number),
            note=_("Sendt tilbake av den som skal godkjenne"),
            icon="ArrowUndo",
        )


def _reviews(viewer: Viewer) -> Iterator[Task]:
    rows = db.session.execute(
        select(Document.number, Document.title, Document.review_on)
        .where(
            Document.state == DocumentState.PUBLISHED,
            Document.owner_id == viewer.id,
            Document.review_on <= today() + SOON,
            # A new revision on its way is the answer.
            Document.working_version.is_(None),
        )
        .order_by(Document.review_on)
        .limit(MOST)
    )
    for number, title, review_on in rows:
        yield Task(
            kind="library.review",
            title=_("Se over %(number)s %(title)s", number=number, title=title),
            url=document_url(number),
            due_on=review_on,
            note=_("Er den fortsatt riktig?"),
            icon="FileSearch",
        )
