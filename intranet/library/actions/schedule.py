"""What is approved with a day to come: published by the clock, or called back. Never commits."""

from __future__ import annotations

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Viewer
from intranet.core.clock import today
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.approve import demand_reason
from intranet.library.actions.permits import advance, allow, demand_version, record_on
from intranet.library.actions.publish import publish, subject_key
from intranet.library.addresses import edit_url
from intranet.library.lifecycle import RevisionState, Step
from intranet.library.models import Document, Revision
from intranet.library.queries.access import facts_of
from intranet.library.queries.revisions import load_working_revision
from intranet.notifications.actions import notify


def call_back(document: Document, reason: str, *, version: int | None, actor: Viewer) -> Revision:
    """Make an approved revision a draft again before its day, with a reason.

    Those who work on the document may, and those who may approve for its unit. It needs a new
    approval. Raises NotPossibleNow when its day has come, or it is called back already.
    """
    facts = facts_of(document)
    approver_id = None
    if document.working_version is not None:
        approver_id = load_working_revision(document).approver_id
    # The person first: whoever may not learns nothing of what is in the works.
    allow(policy.can_call_back(actor, facts, approver_id))
    revision = load_working_revision(document)
    advance(revision, Step.CALL_BACK)
    demand_version(revision, version)
    demand_reason(reason, _("Skriv hvorfor versjonen kalles tilbake."))
    told = {revision.author_id, revision.sent_by, revision.approver_id, document.owner_id}
    day = revision.valid_from
    revision.approver_id, revision.approved_on_behalf_of = None, None
    revision.delegation_id = None
    revision.approved_at, revision.valid_from = None, None
    revision.returned_by, revision.return_reason = actor.id, reason
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_CALLED_BACK,
        document,
        actor=actor,
        revision=revision.number,
        effective_on=day,
    )
    notify(
        told - {actor.id},
        event="document.called_back",
        subject_key=subject_key(document, revision),
        title=_("%(number)s er kalt tilbake før den gjaldt", number=document.number),
        url=edit_url(document.number),
    )
    return revision


def publish_scheduled(document_id: int) -> bool:
    """Let the document's approved revision apply if its day has come; return whether it did.

    Run again it changes nothing; after a day without the clock it is done as soon as that is back.
    """
    document = db.session.execute(
        select(Document).where(Document.id == document_id).with_for_update()
    ).scalar_one_or_none()
    if document is None or document.working_version is None:
        return False
    revision = load_working_revision(document)
    if revision.state != RevisionState.SCHEDULED:
        return False
    if revision.valid_from is None or revision.valid_from > today():
        return False
    publish(document, revision, Step.COME_INTO_FORCE, actor=SYSTEM)
    return True
