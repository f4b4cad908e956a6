"""Reads about documents whose owner has left or is shut out, or whose unit is closed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.paging import Page
from intranet.core.rows import AnyRow, AnySelect
from intranet.extensions import db
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document
from intranet.library.queries.access import owner_given_by
from intranet.people.models import Person, Unit

ON_PAGE = 50
_Owner = aliased(Person)
_IS_UNOWNED = or_(~_Owner.is_directory_active, _Owner.is_blocked, ~Unit.is_active)
_IDS: AnySelect = (
    select(Document.id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(_Owner, _Owner.id == Document.owner_id)
)
_UNOWNED = _IDS.where(_IS_UNOWNED, Document.state != DocumentState.WITHDRAWN)
_LIST: AnySelect = _UNOWNED.with_only_columns(
    Document.id,
    Document.number,
    Document.title,
    Document.state,
    Document.unowned_since,
    _Owner.name.label("owner_name"),
    or_(~_Owner.is_directory_active, _Owner.is_blocked).label("is_owner_gone"),
    Unit.name.label("unit_name"),
    Unit.is_active.label("is_unit_active"),
    maintain_column_froms=True,
)


def list_unowned_for(viewer: Viewer, after: int = 0) -> Page[AnyRow]:
    """Return a page of the documents that the viewer may give an owner, the oldest first."""
    statement = (
        _LIST.where(owner_given_by(viewer), Document.id > after)
        .order_by(Document.id)
        .limit(ON_PAGE + 1)
    )
    return Page.of(db.session.execute(statement).all(), lambda row: str(row.id), ON_PAGE)


def list_newly_unowned(most: int) -> list[Row[Any]]:
    """Return id and unit of the documents that the clock has not found before, locked."""
    return list(
        db.session.execute(
            _UNOWNED.with_only_columns(Document.id, Document.unit_id, maintain_column_froms=True)
            .where(Document.unowned_since.is_(None))
            .order_by(Document.id)
            .limit(most)
            .with_for_update(of=Document)
        )
    )


def list_owned_again() -> list[int]:
    """Return the documents that were found without owner and now have one, or are withdrawn."""
    return list(
        db.session.execute(
            _IDS.where(
                Document.unowned_since.is_not(None),
                or_(~_IS_UNOWNED, Document.state == DocumentState.WITHDRAWN),
            ).order_by(Document.id)
        ).scalars()
    )


def is_unowned(document_id: int) -> bool:
    """Whether the document's owner or unit is gone now."""
    found = db.session.execute(_UNOWNED.where(Document.id == document_id))
    return found.first() is not None


def load_documents(numbers: Collection[str]) -> list[Document]:
    """Return the documents by number for an action, locked in one order."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.number.in_(numbers))
            .order_by(Document.id)
            .with_for_update()
        )
    )
