"""Reads about local supplements: which a document has, and for whom they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select, union_all

from intranet.core.actor import Viewer
from intranet.core.reads import read
from intranet.extensions import db
from intranet.library import policy
from intranet.library.lifecycle import READABLE, DocumentState
from intranet.library.models import Document, DocumentUnit, Revision
from intranet.library.policy import DocumentFacts
from intranet.people.models import Unit
from intranet.people.queries.units import UnitRow, list_units

_IN_FORCE = (
    select(
        Document.number,
        Document.title,
        Document.unit_id,
        Unit.name.label("unit_name"),
        Revision.id.label("revision_id"),
        Revision.number.label("version"),
        Revision.body,
        Revision.valid_from,
    )
    .join(Unit, Unit.id == Document.unit_id)
    .join(
        Revision,
        and_(Revision.document_id == Document.id, Revision.number == Document.current_version),
    )
    .where(
        Document.supplements_id == bindparam("document"), Document.state == DocumentState.PUBLISHED
    )
    # The wider unit's first: what is nearer stands below what it adds to.
    .order_by(Unit.path, Document.id)
)
_CENTRAL = select(
    Document.number, Document.title, Document.state, Document.significant_version
).where(Document.id == bindparam("document"))


def _is_alive() -> Any:
    return or_(
        Document.state == DocumentState.PUBLISHED,
        and_(Document.state == DocumentState.UNPUBLISHED, Document.working_version.is_not(None)),
    )


# The units that have a supplement in force or in the works, and the units that the document is
# limited to.
_TAKEN_AND_LIMITS = union_all(
    select(literal(1).label("is_taken"), Document.unit_id, Unit.path)
    .join(Unit, Unit.id == Document.unit_id)
    .where(Document.supplements_id == bindparam("document"), _is_alive()),
    select(literal(0), DocumentUnit.unit_id, Unit.path)
    .join(Unit, Unit.id == DocumentUnit.unit_id)
    .where(DocumentUnit.document_id == bindparam("document")),
).order_by("is_taken", "path")


@dataclass(frozen=True)
class Supplements:
    """The supplements in force of a document: those that concern the viewer, and the others."""

    mine: tuple[Any, ...] = ()
    others: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.mine or self.others)


def list_supplements_for(viewer: Viewer, document_id: int) -> Supplements:
    """Return the supplements in force, parted by whether the viewer's unit is theirs or below."""
    rows = read(_IN_FORCE, document=document_id).all()
    mine = tuple(row for row in rows if row.unit_id in viewer.unit_ancestor_ids)
    others = tuple(row for row in rows if row.unit_id not in viewer.unit_ancestor_ids)
    return Supplements(mine, others)


def find_supplemented(supplements_id: int | None) -> Any:
    """Return number, title and state of the document that a supplement belongs to, or None."""
    if supplements_id is None:
        return None
    return read(_CENTRAL, document=supplements_id).one()


def list_units_to_supplement(
    viewer: Viewer, document: DocumentFacts, document_id: int, supplements_id: int | None
) -> list[UnitRow]:
    """Return the units that the viewer may write a supplement for, in the order of the tree."""
    if supplements_id is not None or document.state is not DocumentState.PUBLISHED:
        return []
    rows = read(_TAKEN_AND_LIMITS, document=document_id).all()
    taken = {row.unit_id for row in rows if row.is_taken}
    limits = [row.path for row in rows if not row.is_taken]
    return [
        unit
        for unit in list_units()
        if unit.id not in taken
        and policy.can_write_for_unit(viewer, unit.path)
        and policy.can_supplement_in(document, unit.path, limits)
    ]


def list_limits(document_id: int) -> list[str]:
    """Return the paths of the units that the document applies in; none: everywhere."""
    rows = read(_TAKEN_AND_LIMITS, document=document_id).all()
    return [row.path for row in rows if not row.is_taken]


def list_units_with_supplement(document_id: int) -> set[int]:
    """Return the units that have a supplement in force, or one that is worked on."""
    rows = read(_TAKEN_AND_LIMITS, document=document_id).all()
    return {row.unit_id for row in rows if row.is_taken}


def load_supplements(document_id: int) -> list[Document]:
    """Return the supplements in force or worked on, for an action."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.supplements_id == document_id, _is_alive())
            .order_by(Document.id)
        )
    )


def find_seen_version(document_id: int, moment: datetime | None) -> int | None:
    """Return the newest version of the document that was approved before the moment."""
    statement = select(func.max(Revision.number)).where(
        Revision.document_id == document_id, Revision.state.in_(READABLE)
    )
    if moment is not None:
        statement = statement.where(Revision.approved_at <= moment)
    return db.session.execute(statement).scalar_one()
