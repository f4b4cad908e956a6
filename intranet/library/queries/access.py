"""The SQL twins of the policy, and the facts that the policy asks for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.sql.elements import True_

from intranet.core.actor import Role, Viewer
from intranet.extensions import db
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.models import Document
from intranet.library.policy import WRITERS, DocumentFacts, RevisionFacts
from intranet.people.models import Unit


def facts_of(document: Document) -> DocumentFacts:
    """Return what the policy asks of the document."""
    path = db.session.execute(select(Unit.path).where(Unit.id == document.unit_id)).scalar_one()
    return DocumentFacts(path, document.owner_id, DocumentState(document.state))


def facts_of_revision(revision: Any) -> RevisionFacts:
    """Return what the policy asks of the revision."""
    return RevisionFacts(
        RevisionState(revision.state),
        revision.approved_at is not None,
        frozenset(revision.contributor_ids),
    )


def worked_on_by(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `can_work_on_document`, for a select with `Document` and its `Unit`."""
    if any((role, None) in viewer.roles for role in WRITERS):
        return true()
    return or_(
        Document.owner_id == viewer.id,
        *[Unit.path.startswith(led.path, autoescape=True) for led in viewer.led],
        *[
            Unit.path.contains(f"/{unit_id}/", autoescape=True)
            for role, unit_id in viewer.roles
            if role in WRITERS
        ],
        false(),
    )


def reviewed_by(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `reviews_document`, for a select with `Document` and its `Unit`."""
    if (Role.QUALITY_ADVISER, None) in viewer.roles:
        return true()
    return or_(
        Document.owner_id == viewer.id,
        *[Unit.path.startswith(led.path, autoescape=True) for led in viewer.led],
        *[
            Unit.path.contains(f"/{unit_id}/", autoescape=True)
            for role, unit_id in viewer.roles
            if role == Role.QUALITY_ADVISER
        ],
        false(),
    )


def owner_given_by(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `can_give_owner`, for a select with the document's `Unit`."""
    if viewer.has_role(Role.ADMINISTRATOR) or (Role.QUALITY_ADVISER, None) in viewer.roles:
        return true()
    return or_(
        *[Unit.path.startswith(led.path, autoescape=True) for led in viewer.led],
        *[
            Unit.path.contains(f"/{unit_id}/", autoescape=True)
            for role, unit_id in viewer.roles
            if role == Role.QUALITY_ADVISER
        ],
        false(),
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `can_see_document`, for a select with `Document` and its `Unit`."""
    works = worked_on_by(viewer)
    # Said plainly where it is all: the register then joins less.
    return (
        works
        if isinstance(works, True_)
        else or_(Document.state != DocumentState.UNPUBLISHED, works)
    )
