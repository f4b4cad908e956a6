"""Reads what a copy of the library on disk holds: what applies, and every employee may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.models import StoredFile
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentType, Revision, RevisionFile
from intranet.library.queries.access import visible_to
from intranet.library.take_in_models import DocumentOrigin
from intranet.people.models import Person, Unit

BATCH = 200
# Somebody with no unit, no role and nothing of their own: what they see, everybody sees.
NOBODY = Viewer(id=0, name="")

_Owner, _Approver = aliased(Person), aliased(Person)
_IN_COPY: Any = (
    select(Document.id)
    .join(Unit, Unit.id == Document.unit_id)
    .where(Document.state == DocumentState.PUBLISHED, visible_to(NOBODY))
)
_PAGES: Any = (
    select(
        Document.id,
        Document.number,
        Document.number_key,
        Document.keywords,
        Document.review_on,
        DocumentType.prefix,
        DocumentType.name.label("type_name"),
        DocumentType.position,
        Unit.id.label("unit_id"),
        Unit.name.label("unit_name"),
        _Owner.name.label("owner_name"),
        _Approver.name.label("approver_name"),
        Revision.id.label("revision_id"),
        Revision.number.label("version"),
        Revision.title,
        Revision.body,
        Revision.valid_from,
        Revision.valid_for,
        DocumentOrigin.number.label("former_number"),
    )
    .join(DocumentType, DocumentType.id == Document.type_id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(_Owner, _Owner.id == Document.owner_id)
    .join(
        Revision,
        and_(Revision.document_id == Document.id, Revision.number == Document.current_version),
    )
    .outerjoin(_Approver, _Approver.id == Revision.approver_id)
    .outerjoin(DocumentOrigin, DocumentOrigin.document_id == Document.id)
)


def list_numbers() -> set[str]:
    """Return the numbers of the documents that a copy holds."""
    ids = _IN_COPY.with_only_columns(Document.number)
    return set(db.session.execute(ids).scalars())


def iterate_pages() -> Iterator[AnyRow]:
    """Return the documents with their texts, by id, some hundred at a time."""
    after = 0
    while True:
        ids = _IN_COPY.where(Document.id > after).order_by(Document.id).limit(BATCH).subquery()
        rows = db.session.execute(
            _PAGES.join(ids, ids.c.id == Document.id).order_by(Document.id)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def list_files() -> list[tuple[str, int, StoredFile]]:
    """Return (document's number, id of the file, the stored file) of all that a copy holds."""
    found = (
        select(Document.number, RevisionFile.id, StoredFile)
        .join(
            Revision,
            and_(Revision.document_id == Document.id, Revision.number == Document.current_version),
        )
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .join(StoredFile, StoredFile.id == RevisionFile.stored_file_id)
        .where(Document.id.in_(_IN_COPY))
        .order_by(RevisionFile.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(found)]


def list_supplements() -> list[AnyRow]:
    """Return each local supplement of a copy with what it adds to, the wider unit's first."""
    central = aliased(Document)
    return list(
        db.session.execute(
            select(
                Document.number,
                Document.title,
                Unit.name.label("unit_name"),
                central.number.label("central_number"),
                central.title.label("central_title"),
                central.state.label("central_state"),
            )
            .join(central, central.id == Document.supplements_id)
            .join(Unit, Unit.id == Document.unit_id)
            .where(Document.state == DocumentState.PUBLISHED)
            .order_by(Unit.path, Document.id)
        )
    )


def unit_names() -> dict[int, str]:
    """Return the names of all units, those that are closed too."""
    return {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.name))}
