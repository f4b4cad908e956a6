"""What the clock does in the library: holds the documents against the laws after an import."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.laws.queries.corpus import load_edition
from intranet.laws.queries.watching import law_stamp
from intranet.library.actions.citations import cite_laws
from intranet.library.actions.law_reviews import ask_about_changes
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, LawWatch
from intranet.library.queries.law_changes import list_found_changes
from intranet.library.queries.revisions import load_current_revision


def follow_laws() -> int:
    """When an import has changed the laws, ask the owners, and find anew what documents rest on.

    A transaction for each document, so that readers and writers get between. Returns how many
    documents now rest on other paragraphs than before. Run again without an import, or after it
    was killed, it does no harm.
    """
    stamp = law_stamp()
    watch = db.session.get(LawWatch, 1)
    if watch is not None and watch.stamp == stamp:
        return 0
    # The names of all laws are read before the first document is locked.
    load_edition()
    # First by what the documents rested on until now: what a law has lost is no reference any more.
    _ask_all()
    changed = _cite_anew()
    _ask_all()
    with transaction():
        watch = db.session.get(LawWatch, 1) or LawWatch(id=1)
        watch.stamp = stamp
        db.session.add(watch)
    return changed


def _ask_all() -> None:
    for document_id in list_found_changes():
        with transaction():
            document = db.session.get(Document, document_id, with_for_update=True)
            if document is not None and document.state == DocumentState.PUBLISHED:
                found = list_found_changes(document_id).get(document_id, [])
                ask_about_changes(document, found)


def _cite_anew() -> int:
    ids = db.session.scalars(
        select(Document.id).where(Document.state == DocumentState.PUBLISHED).order_by(Document.id)
    ).all()
    changed = 0
    for document_id in ids:
        with transaction():
            document = db.session.get(Document, document_id, with_for_update=True)
            if document is not None and document.state == DocumentState.PUBLISHED:
                changed += cite_laws(document, load_current_revision(document))
    return changed


JOBS = [Job("law-watch", timedelta(minutes=1), follow_laws, timedelta(minutes=20))]
