"""What follows when an approved revision becomes what applies. Never commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.clock import now, today
from intranet.core.text import _
from intranet.extensions import db
from intranet.library.actions.citations import cite_laws
from intranet.library.actions.law_reviews import ask_about_changes
from intranet.library.actions.permits import advance, record_on
from intranet.library.actions.supplements import hold_against, tell_supplements
from intranet.library.addresses import doc_key, document_url
from intranet.library.lifecycle import DocumentState, Step, next_review
from intranet.library.models import Document, DocumentType, DocumentUnit, Revision
from intranet.library.queries.documents import former_number, search_key_of
from intranet.library.queries.law_changes import list_found_changes
from intranet.library.queries.revisions import load_current_revision
from intranet.notifications.actions import notify
from intranet.search.actions import mark_changed


def publish(
    document: Document,
    revision: Revision,
    step: Step,
    *,
    actor: Actor,
    on_behalf_of: int | None = None,
) -> None:
    """Let the approved revision be what applies; the caller has asked who may.

    The former revision is superseded, the review date set by the kind's rule, laws and search told,
    and the writer and the owner notified.
    """
    is_first = document.current_version is None
    if not is_first:
        advance(load_current_revision(document), Step.SUPERSEDE)
    advance(revision, step)
    put_in_force(document, revision)
    record_on(
        AuditEvent.DOCUMENT_PUBLISHED,
        document,
        actor=actor,
        on_behalf_of=on_behalf_of,
        revision=revision.number,
        review_on=document.review_on,
        **by_delegation(revision),
    )
    mark_changed(doc_key(document.number))
    hold_against(document, revision, actor=actor)
    if not is_first:
        tell_supplements(document, revision, actor=actor)
    is_by_clock = step is Step.COME_INTO_FORCE
    notify(
        {revision.author_id, revision.sent_by, document.owner_id} - {actor.id},
        event="document.published",
        subject_key=subject_key(document, revision),
        title=(
            _("%(number)s gjelder fra i dag", number=document.number)
            if is_by_clock
            else _("%(number)s er godkjent og publisert", number=document.number)
        ),
        url=document_url(document.number),
    )


def by_delegation(revision: Revision) -> dict[str, Any]:
    """Return for the audit by which delegation the revision was approved, if by one."""
    return {} if revision.delegation_id is None else {"delegation": revision.delegation_id}


def subject_key(document: Document, revision: Revision) -> str:
    """Return what tells one notice about the revision from the next."""
    return f"document:{document.number}:{revision.number}:v{revision.version}"


def put_in_force(document: Document, revision: Revision) -> None:
    """Set what the document is from now on: its text, its review date, where and by which laws."""
    months = db.session.execute(
        select(DocumentType.review_months).where(DocumentType.id == document.type_id)
    ).scalar_one()
    document.state = DocumentState.PUBLISHED
    document.current_version, document.working_version = revision.number, None
    if revision.is_significant or document.significant_version is None:
        document.significant_version = revision.number
    document.title, document.keywords = revision.title, revision.keywords
    document.search_key = search_key_of(
        document.number, revision.title, revision.keywords, former_number(document.id)
    )
    document.published_at = now()
    document.review_on, document.review_told = next_review(today(), months), 0
    db.session.execute(delete(DocumentUnit).where(DocumentUnit.document_id == document.id))
    for unit_id in revision.valid_for:
        db.session.add(DocumentUnit(document_id=document.id, unit_id=unit_id))
    db.session.flush()
    cite_laws(document, revision)
    ask_about_changes(document, list_found_changes(document.id).get(document.id, []))
