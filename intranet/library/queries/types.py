"""Reads about the kinds of document."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from intranet.core.reads import read
from intranet.library.document_types import DEFAULT_TYPES
from intranet.library.models import DocumentType


@dataclass(frozen=True)
class TypeRow:
    """A kind as selects show it."""

    prefix: str
    name: str


_TYPES = select(DocumentType.prefix, DocumentType.name).order_by(DocumentType.position)


def list_types() -> list[TypeRow]:
    """Return the kinds in their order; before the first document is written, the usual ones."""
    rows = [TypeRow(*row) for row in read(_TYPES).all()]
    return rows or [TypeRow(rule.prefix, rule.name) for rule in DEFAULT_TYPES]
