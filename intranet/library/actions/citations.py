"""Keeps which laws each document in force rests on. Never commits."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from intranet.core.richtext import to_text
from intranet.extensions import db
from intranet.laws.queries.linking import list_references
from intranet.laws.texts import section_key
from intranet.library.models import Document, DocumentCitation, Revision, RevisionFile
from intranet.search.entry import LONGEST_TEXT

Cited = dict[tuple[str, str], str]


def cite_laws(document: Document, revision: Revision) -> bool:
    """Keep what the published revision names, in text and files; returns whether that is new.

    Run again it writes only what differs, so that an import of laws can have it done for all.
    """
    found = _find_cited(revision)
    rows = db.session.execute(
        select(
            DocumentCitation.refid,
            DocumentCitation.section_key,
            DocumentCitation.section,
            DocumentCitation.revision_number,
        ).where(DocumentCitation.document_id == document.id)
    ).all()
    kept = {(row.refid, row.section_key): row.section for row in rows}
    if kept == found and all(row.revision_number == revision.number for row in rows):
        return False
    forget_citations(document)
    if found:
        db.session.execute(
            insert(DocumentCitation),
            [
                {
                    "document_id": document.id,
                    "revision_number": revision.number,
                    "refid": refid,
                    "section": section,
                    "section_key": key,
                }
                for (refid, key), section in found.items()
            ],
        )
    return True


def forget_citations(document: Document) -> None:
    """Let the laws know nothing more of a document that is no longer in force."""
    db.session.execute(delete(DocumentCitation).where(DocumentCitation.document_id == document.id))


def _find_cited(revision: Revision) -> Cited:
    files = db.session.scalars(
        select(RevisionFile.text)
        .where(RevisionFile.revision_id == revision.id, RevisionFile.text != "")
        .order_by(RevisionFile.id)
    )
    cited: Cited = {}
    for text in (revision.title, to_text(revision.body), *files):
        for reference in list_references(text[:LONGEST_TEXT]):
            section = reference.section or ""
            cited.setdefault((reference.refid, section_key(section)), section)
    return cited
