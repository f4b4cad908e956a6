"""Approval, publication and withdrawal. Never commits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.core.text_checks import keeps_from_approval
from intranet.delegations.queries.signers import Approver
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.citations import forget_citations
from intranet.library.actions.hearing import demand_heard
from intranet.library.actions.law_reviews import close_reviews
from intranet.library.actions.permits import advance, allow, demand_version, record_on
from intranet.library.actions.publish import by_delegation, publish, subject_key
from intranet.library.actions.supplements import demand_supplemented, tell_of_withdrawal
from intranet.library.actions.write import fault
from intranet.library.addresses import approval_url, doc_key, document_url, edit_url
from intranet.library.contents import find_unfinished
from intranet.library.lifecycle import DocumentState, Step
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.queries.access import facts_of, facts_of_revision
from intranet.library.queries.approvers import find_delegated, list_revision_approvers
from intranet.library.queries.documents import find_document_id
from intranet.library.queries.revisions import load_current_revision, load_working_revision
from intranet.notifications.actions import notify
from intranet.search.actions import mark_changed

REASON_LENGTH = 1000
FARTHEST = timedelta(days=731)


def send_to_approval(document: Document, *, version: int | None, actor: Viewer) -> Revision:
    """Close the draft and ask for approval. Those who work on the document may.

    The nearest leader who has not written in it is told. Raises InvalidInput when text or change
    note is missing or the text shuts readers out (text_checks.py), and NotPossibleNow when nobody
    but the writers could approve, it is on hearing, or somebody who was heard has had no answer.
    """
    facts = facts_of(document)
    allow(policy.can_work_on_document(actor, facts))
    revision = load_working_revision(document)
    demand_heard(document, revision)
    demand_supplemented(document)
    demand_version(revision, version)
    advance(revision, Step.SEND_TO_APPROVAL)
    for found in find_unfinished(revision.body, revision.change_note, _has_files(revision)):
        raise fault(found)
    if keeps_from_approval(revision.body):
        raise InvalidInput(
            _(
                "En overskrift hopper over et nivå, eller et bilde mangler beskrivelse. "
                "Utkastet viser hvor. Rett det, og send på nytt."
            ),
            field="body",
        )
    delegated = find_delegated(facts.unit_path)
    approvers = list_revision_approvers(document.unit_id, revision.contributor_ids, delegated)
    if not approvers:
        raise NotPossibleNow(_say_nobody(delegated is not None))
    revision.sent_at, revision.sent_by = now(), actor.id
    revision.returned_by, revision.return_reason = None, ""
    db.session.flush()
    record_on(AuditEvent.DOCUMENT_SENT_TO_APPROVAL, document, actor=actor, revision=revision.number)
    notify(
        approvers,
        event="document.sent_to_approval",
        subject_key=subject_key(document, revision),
        title=_("%(number)s venter på godkjenning", number=document.number),
        url=approval_url(document.number),
    )
    return revision


def take_back(document: Document, *, actor: Viewer) -> None:
    """Make it a draft again before anyone has approved. Those who work on the document may."""
    allow(policy.can_work_on_document(actor, facts_of(document)))
    revision = load_working_revision(document)
    advance(revision, Step.TAKE_BACK)
    db.session.flush()
    record_on(AuditEvent.DOCUMENT_TAKEN_BACK, document, actor=actor, revision=revision.number)


def approve_revision(
    document: Document,
    *,
    version: int | None,
    actor: Viewer,
    valid_from: date | None = None,
) -> Revision:
    """Approve, and publish at once or on a day to come. Whoever has the right to may, never
    a writer of it.

    `version` is that of the text the approver read. With a day to come, readers keep the former
    text and are told of the new one; the clock publishes it that day (actions/schedule.py).
    """
    revision = load_working_revision(document)
    held = _allow_approval(actor, document, revision)
    demand_version(revision, version)
    day = today() if valid_from is None else valid_from
    if not today() <= day <= today() + FARTHEST:
        raise InvalidInput(_("Velg i dag eller en dag i de neste to årene."), field="valid_from")
    is_at_once = day == today()
    if not is_at_once:
        advance(revision, Step.SCHEDULE)
    on_behalf_of = held.on_behalf_of if held else on_behalf_of_leader(actor, document)
    revision.approver_id, revision.approved_on_behalf_of = actor.id, on_behalf_of
    revision.delegation_id = held.delegation_id if held else None
    revision.approved_at, revision.valid_from = now(), day
    if is_at_once:
        publish(document, revision, Step.APPROVE, actor=actor, on_behalf_of=on_behalf_of)
        return revision
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_SCHEDULED,
        document,
        actor=actor,
        on_behalf_of=on_behalf_of,
        revision=revision.number,
        effective_on=day,
        **by_delegation(revision),
    )
    notify(
        {revision.author_id, revision.sent_by, document.owner_id} - {actor.id},
        event="document.scheduled",
        subject_key=subject_key(document, revision),
        title=_(
            "%(number)s er godkjent og gjelder fra %(day)s",
            number=document.number,
            day=f"{day:%d.%m.%Y}",
        ),
        url=document_url(document.number),
    )
    return revision


def return_revision(
    document: Document, reason: str, *, version: int | None, actor: Viewer
) -> Revision:
    """Send it back to the writer with a reason. Whoever may approve it may."""
    revision = load_working_revision(document)
    _allow_approval(actor, document, revision)
    demand_version(revision, version)
    demand_reason(reason, _("Skriv hva som må endres før du kan godkjenne."))
    advance(revision, Step.RETURN)
    revision.returned_by, revision.return_reason = actor.id, reason
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_RETURNED,
        document,
        actor=actor,
        on_behalf_of=on_behalf_of_leader(actor, document),
        revision=revision.number,
    )
    notify(
        {revision.author_id, revision.sent_by},
        event="document.returned",
        subject_key=subject_key(document, revision),
        title=_("%(number)s er sendt tilbake til deg", number=document.number),
        url=edit_url(document.number),
    )
    return revision


def withdraw_document(
    document: Document, reason: str, *, actor: Viewer, successor_number: str = ""
) -> None:
    """Take a document out of force, with a reason and the one that replaces it, if any.

    Whoever may approve for the unit may. It stays readable by its number, marked, and leaves list
    and search. Raises NotPossibleNow while a new revision is worked on.
    """
    facts = facts_of(document)
    allow(policy.may_approve_for_unit(actor, facts.unit_path))
    if not policy.can_withdraw_document(actor, facts):
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    demand_reason(reason, _("Skriv hvorfor dokumentet trekkes tilbake."))
    if document.working_version is not None:
        raise NotPossibleNow(_("Noen arbeider med en ny versjon. Legg den bort først."))
    if successor_number:
        document.successor_id = find_document_id(successor_number)
        if document.successor_id is None or document.successor_id == document.id:
            raise InvalidInput(
                _("Vi finner ikke et gjeldende dokument med dette nummeret."), field="successor"
            )
    advance(load_current_revision(document), Step.WITHDRAW)
    document.state = DocumentState.WITHDRAWN
    document.withdrawn_at, document.withdrawn_reason = now(), reason
    forget_citations(document)
    close_reviews(document, reason, actor=actor)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_WITHDRAWN,
        document,
        actor=actor,
        on_behalf_of=on_behalf_of_leader(actor, document),
        successor=successor_number.upper(),
    )
    mark_changed(doc_key(document.number))
    tell_of_withdrawal(document, actor=actor)
    if successor_number:
        # Whoever looks for the old one finds the new one.
        mark_changed(doc_key(successor_number.upper()))
    notify(
        {document.owner_id} - {actor.id},
        event="document.withdrawn",
        subject_key=f"document:{document.number}:withdrawn",
        title=_("%(number)s er trukket tilbake", number=document.number),
        url=document_url(document.number),
    )


def _allow_approval(actor: Viewer, document: Document, revision: Revision) -> Approver | None:
    """Return the delegation that the approval rests on, if the unit has any to rest on."""
    if actor.id in revision.contributor_ids:
        raise NotAllowed(_("Du har skrevet i denne versjonen. En annen må godkjenne den."))
    facts = facts_of(document)
    delegated = find_delegated(facts.unit_path)
    if delegated is not None and not policy.has_right_to_approve(actor, facts, delegated):
        raise NotAllowed(
            _("Bare de som har fullmakt til å godkjenne dokumenter her, kan godkjenne.")
        )
    allow(policy.has_right_to_approve(actor, facts, delegated))
    if not policy.can_approve_revision(actor, facts, facts_of_revision(revision), delegated):
        raise NotPossibleNow(_("Versjonen venter ikke lenger på godkjenning."))
    return None if delegated is None else delegated[actor.id]


def _say_nobody(needs_delegation: bool) -> str:
    if needs_delegation:
        return _(
            "Ingen andre enn de som har skrevet teksten, har fullmakt til å godkjenne den. "
            "Snakk med lederen din."
        )
    return _(
        "Ingen andre enn de som har skrevet teksten, kan godkjenne den. Snakk med lederen din."
    )


def on_behalf_of_leader(actor: Viewer, document: Document) -> int | None:
    """Return the leader whose stand-in approves, when the right comes only from that."""
    facts = facts_of(document)
    leading = [led for led in actor.led if facts.unit_path.startswith(led.path)]
    if not leading or any(led.on_behalf_of is None for led in leading):
        return None
    return leading[-1].on_behalf_of


def demand_reason(reason: str, message: str) -> None:
    """Raise InvalidInput at the field unless there is a reason, and not a long one."""
    if not reason:
        raise InvalidInput(message, field="reason")
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 1000 tegn."), field="reason")


def _has_files(revision: Revision) -> bool:
    statement = select(RevisionFile.id).where(RevisionFile.revision_id == revision.id).limit(1)
    return db.session.execute(statement).first() is not None
