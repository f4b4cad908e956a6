"""Leaves word that a document changed; never touches the index."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert

from intranet.core.clock import now
from intranet.extensions import db
from intranet.search.models import PendingEntry


def mark_changed(doc_key: str) -> None:
    """Have the document indexed anew, or taken out if it is gone, once this transaction is
    committed.

    To be called in the transaction that changes it, by whoever may change it; calling it twice does
    no harm.
    """
    waiting = (row for row in db.session.new if isinstance(row, PendingEntry))
    if any(row.doc_key == doc_key for row in waiting):
        return
    db.session.add(PendingEntry(doc_key=doc_key))


def mark_all_changed(doc_keys: Iterable[str]) -> None:
    """The same for many documents in one statement, for imports."""
    rows = [{"doc_key": key, "created_at": now()} for key in dict.fromkeys(doc_keys)]
    if rows:
        db.session.execute(insert(PendingEntry), rows)
