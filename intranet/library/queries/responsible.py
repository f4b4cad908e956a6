"""Who answers for a document when something is asked about it."""

from __future__ import annotations

from sqlalchemy import select

from intranet.extensions import db
from intranet.library.models import Document
from intranet.library.queries.approvers import list_approvers
from intranet.people.models import Person


def list_responsible(document: Document) -> list[int]:
    """Return the owner; one who has left, or is shut out, is replaced by those who may approve."""
    is_here = db.session.scalar(
        select(Person.id).where(
            Person.id == document.owner_id, Person.is_directory_active, ~Person.is_blocked
        )
    )
    return [document.owner_id] if is_here else list_approvers(document.unit_id, ())
