"""What attached files say, as hits of their own beneath the document that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from intranet.core.models import StoredFile
from intranet.core.reads import read
from intranet.core.text import _
from intranet.library.addresses import files_url, number_of
from intranet.library.models import RevisionFile
from intranet.search.entry import LONGEST_TEXT, SearchEntry

_SIGN = "#vedlegg/"
_FILES = (
    select(
        RevisionFile.id,
        RevisionFile.revision_id,
        RevisionFile.stored_file_id,
        StoredFile.name,
        func.length(RevisionFile.text).label("length"),
    )
    .join(StoredFile, StoredFile.id == RevisionFile.stored_file_id)
    .where(
        RevisionFile.revision_id.in_(bindparam("revisions", expanding=True)),
        RevisionFile.text != "",
    )
    .order_by(RevisionFile.id)
)
_PART = select(func.substr(RevisionFile.text, bindparam("first"), LONGEST_TEXT)).where(
    RevisionFile.id == bindparam("file_id")
)


def is_attachment(key: str) -> bool:
    """Whether the key is that of a part of an attached file."""
    return _SIGN in key


def files_by_revision(revision_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The files with a text, without the text itself, which may be long."""
    found: dict[int, list[Row[Any]]] = {}
    for row in read(_FILES, revisions=list(revision_ids)).all():
        found.setdefault(row.revision_id, []).append(row)
    return found


def attachment_entries(
    document: SearchEntry, files: Sequence[Row[Any]], wanted: Collection[str] | None = None
) -> Iterator[SearchEntry]:
    """The entries of a document's files: one for each stretch of text, all or the wanted ones.

    Whoever may find the document may find its files, and nobody else.
    """
    for file in files:
        for part in range(-(-file.length // LONGEST_TEXT)):
            key = f"{document.doc}{_SIGN}{file.stored_file_id}/{part}"
            if wanted is not None and key not in wanted:
                continue
            text = read(_PART, file_id=file.id, first=part * LONGEST_TEXT + 1).scalar_one_or_none()
            place = _("i vedlegget «%(name)s»", name=file.name)
            yield replace(
                document,
                key=key,
                name=file.name,
                text=text or "",
                url=files_url(number_of(document.doc)),
                aliases=(),
                subtitle=f"{number_of(document.doc)} · {place}",
            )
