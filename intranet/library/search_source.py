"""Hands the documents in force to the search; drafts and withdrawn ones never leave here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import aliased

from intranet.core.clock import OSLO
from intranet.core.reads import count_rows, read
from intranet.core.richtext import to_text
from intranet.core.text import _
from intranet.extensions import db
from intranet.library.addresses import doc_key, document_url, number_of
from intranet.library.document_types import is_number
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentType, Revision, RevisionFile
from intranet.library.search_attachments import (
    attachment_entries,
    files_by_revision,
    is_attachment,
)
from intranet.library.take_in_models import DocumentOrigin
from intranet.people.models import Unit
from intranet.search.entry import LONGEST_TEXT, OWN_PRIOR, Kind, SearchEntry

PREFIX = "library/"
BATCH = 200
# What a local supplement adds to.
_Central = aliased(Document)
_DOCUMENTS: Any = (
    select(
        Document.id,
        Document.number,
        Document.title,
        Document.keywords,
        Document.published_at,
        DocumentType.name.label("type_name"),
        Document.unit_id,
        Unit.name.label("unit_name"),
        Revision.id.label("revision_id"),
        Revision.body,
        DocumentOrigin.number.label("origin_number"),
        _Central.number.label("central_number"),
        _Central.title.label("central_title"),
    )
    .outerjoin(DocumentOrigin, DocumentOrigin.document_id == Document.id)
    .outerjoin(_Central, _Central.id == Document.supplements_id)
    .join(DocumentType, DocumentType.id == Document.type_id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(
        Revision,
        and_(Revision.document_id == Document.id, Revision.number == Document.current_version),
    )
    .where(Document.state == DocumentState.PUBLISHED)
)
_NUMBERED = _DOCUMENTS.where(Document.number.in_(bindparam("numbers", expanding=True)))
# The documents that these replaced; whoever looks for one of them is led to what applies instead.
_FORMER = (
    select(Document.successor_id, Document.id, Document.number, Document.title)
    .where(
        Document.state == DocumentState.WITHDRAWN,
        Document.successor_id.in_(bindparam("successors", expanding=True)),
    )
    .order_by(Document.id)
)
# A chain of documents that replaced one another is followed so far back.
_LONGEST_CHAIN = 10


class LibrarySource:
    """The library as the search sees it: each document in force, and what its files say."""

    name = "library"

    def count(self) -> int:
        """About how many entries there are."""
        return count_rows(Document, RevisionFile)

    def entries(self) -> Iterator[SearchEntry]:
        """Every document in force, read in batches by id."""
        after = 0
        while True:
            rows = db.session.execute(
                _DOCUMENTS.where(Document.id > after).order_by(Document.id).limit(BATCH)
            ).all()
            yield from _with_files(rows)
            if len(rows) < BATCH:
                return
            after = rows[-1].id

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """The documents of these keys that are in force now."""
        for rows in _batches(key for key in doc_keys if self.owns(key)):
            yield from _with_files(rows)

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The entries of these keys as they are now."""
        wanted = frozenset(keys)
        found: list[SearchEntry] = []
        for rows in _batches(key for key in keys if self.owns(key)):
            found += (
                _with_files(rows, wanted) if any(map(is_attachment, wanted)) else _entries(rows)
            )
        return {entry.key: entry for entry in found if entry.key in wanted}

    def owns(self, key: str) -> bool:
        """Whether the key is a document's number with our prefix, or that of a file beneath it."""
        return key.startswith(PREFIX) and is_number(number_of(key))


def _batches(keys: Iterable[str]) -> Iterator[Sequence[Row[Any]]]:
    numbers = list(dict.fromkeys(map(number_of, keys)))
    for start in range(0, len(numbers), BATCH):
        yield read(_NUMBERED, numbers=numbers[start : start + BATCH]).all()


def _with_files(
    rows: Sequence[Row[Any]], wanted: Collection[str] | None = None
) -> Iterator[SearchEntry]:
    files = files_by_revision([row.revision_id for row in rows])
    for row, entry in zip(rows, _entries(rows), strict=True):
        yield entry
        yield from attachment_entries(entry, files.get(row.revision_id, []), wanted)


def _entries(rows: Sequence[Row[Any]]) -> Iterator[SearchEntry]:
    former = _former([row.id for row in rows])
    for row in rows:
        added = _added_to(row)
        text = f"{to_text(row.body)}\n{added}".strip()
        yield SearchEntry(
            key=doc_key(row.number),
            doc=doc_key(row.number),
            kind=Kind.PROCEDURE,
            prior=OWN_PRIOR,
            title=row.title,
            # Keywords are words to find it by; only the number names it as a law's name does.
            name=" ".join(
                [
                    f"{row.number} {row.type_name} {row.keywords}",
                    *_origin(row),
                    *(f"{old.number} {old.title}" for old in former.get(row.id, [])),
                ]
            ),
            text=text[:LONGEST_TEXT],
            url=document_url(row.number),
            aliases=(
                row.number,
                *_origin(row),
                *(old.number for old in former.get(row.id, [])),
            ),
            unit=row.unit_name,
            type=row.type_name,
            near=(f"unit:{row.unit_id}",),
            published_on=row.published_at.astimezone(OSLO).date(),
            subtitle=" · ".join(filter(None, [row.number, row.unit_name, added])),
        )


def _origin(row: Row[Any]) -> list[str]:
    """Return the number that the document had in a former system, if it had one."""
    return [row.origin_number] if row.origin_number else []


def _added_to(row: Row[Any]) -> str:
    """Return what a local supplement says of itself; empty for other documents."""
    if row.central_number is None:
        return ""
    return _("tillegg til %(number)s %(title)s", number=row.central_number, title=row.central_title)


def _former(document_ids: list[int]) -> dict[int, list[Row[Any]]]:
    """Return by document what it replaced, directly or through others that were withdrawn too."""
    found: dict[int, list[Row[Any]]] = {}
    # What leads to which document in force; a document is followed once, also around a ring.
    leads_to = {document_id: document_id for document_id in document_ids}
    nearest = list(document_ids)
    for _step in range(_LONGEST_CHAIN):
        if not nearest:
            break
        rows = read(_FORMER, successors=nearest).all()
        nearest = []
        for row in rows:
            if row.id not in leads_to:
                leads_to[row.id] = leads_to[row.successor_id]
                found.setdefault(leads_to[row.id], []).append(row)
                nearest.append(row.id)
    return found
