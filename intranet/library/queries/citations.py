"""Which documents rest on a law, and on which of its paragraphs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from intranet.core.actor import Viewer
from intranet.extensions import db
from intranet.laws.citers import Citer, LawCiters, ParagraphCiters
from intranet.laws.texts import section_key
from intranet.library.addresses import document_url
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentCitation
from intranet.library.queries.access import visible_to
from intranet.people.models import Unit

# A paragraph shows so many by name; the list in the library shows all.
SHOWN = 5
LIST_PATH = "/bibliotek"


def find_law_citers(viewer: Viewer, refid: str) -> LawCiters:
    """Return the documents in force that rest on the law, as far as the viewer may read them.

    The first few by name for each paragraph, and how many there are.
    """
    by_paragraph: dict[str, list[Row[Any]]] = {}
    for row in db.session.execute(_ranked(viewer, refid)):
        by_paragraph.setdefault(row.section_key, []).append(row)
    return LawCiters(
        tuple(_paragraph(refid, rows) for key, rows in by_paragraph.items() if key),
        bool(by_paragraph),
        _list_url(refid, ""),
    )


def _ranked(viewer: Viewer, refid: str) -> Select[Any]:
    in_paragraph: Any = {"partition_by": DocumentCitation.section_key}
    by_name: Any = (Document.title, Document.id)
    ranked = (
        select(
            DocumentCitation.section_key,
            DocumentCitation.section,
            Document.number,
            Document.title,
            func.row_number().over(order_by=by_name, **in_paragraph).label("place"),
            func.count().over(**in_paragraph).label("total"),
        )
        .join(Document, Document.id == DocumentCitation.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            DocumentCitation.refid == refid,
            Document.state == DocumentState.PUBLISHED,
            visible_to(viewer),
        )
        .subquery()
    )
    return (
        select(ranked).where(ranked.c.place <= SHOWN).order_by(ranked.c.section_key, ranked.c.place)
    )


def _paragraph(refid: str, rows: list[Row[Any]]) -> ParagraphCiters:
    first = tuple(Citer(row.number, row.title, document_url(row.number)) for row in rows)
    section = rows[0].section
    return ParagraphCiters(section, first, rows[0].total, _list_url(refid, section))


def rests_on(refid: str, section: str) -> ColumnElement[bool]:
    """That a document names the law, or the paragraph of it."""
    named = select(DocumentCitation.id).where(
        DocumentCitation.document_id == Document.id, DocumentCitation.refid == refid
    )
    if section:
        named = named.where(DocumentCitation.section_key == section_key(section))
    return exists(named)


def _list_url(refid: str, section: str) -> str:
    asked = {"lov": refid, "paragraf": section} if section else {"lov": refid}
    return f"{LIST_PATH}?{urlencode(asked)}"
