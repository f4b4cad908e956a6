"""What every action begins with: the policy's word and the table's. Does nothing itself."""

from __future__ import annotations

from typing import Any

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.errors import NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.library import policy
from intranet.library.lifecycle import RevisionState, Step, next_state
from intranet.library.models import Document, Revision
from intranet.library.queries.access import facts_of, facts_of_revision


def allow(is_allowed: bool) -> None:
    """Raise NotAllowed unless the policy said yes."""
    if not is_allowed:
        raise NotAllowed(_("Du har ikke rett til å gjøre dette med dokumentet."))


def allow_editing(actor: Viewer, document: Document, revision: Revision) -> None:
    """Raise NotAllowed for who does not work on it, NotPossibleNow when it is no draft."""
    facts = facts_of(document)
    allow(policy.can_work_on_document(actor, facts))
    if not policy.can_edit_draft(actor, facts, facts_of_revision(revision)):
        raise NotPossibleNow(_("Denne versjonen kan ikke redigeres nå."))


def advance(revision: Revision, step: Step) -> None:
    """Move the revision one step. Raises NotPossibleNow when the table does not allow it."""
    state = next_state(RevisionState(revision.state), step)
    if state is None:
        raise NotPossibleNow(
            _("Versjonen er ikke lenger der den var. Last siden på nytt for å se hva som gjelder.")
        )
    revision.state = state


def demand_version(revision: Revision, version: int | None) -> None:
    """Raise SomeoneElseWasFirst unless the form was rendered from the revision as it is now."""
    if version != revision.version:
        raise SomeoneElseWasFirst(_("Noen andre har endret utkastet mens du holdt på."))


def record_on(
    event: AuditEvent,
    document: Document,
    *,
    actor: Actor,
    on_behalf_of: int | None = None,
    **details: Any,
) -> None:
    """Append the audit entry of a change to the document."""
    record(
        event,
        actor=actor,
        subject="document",
        subject_id=document.number,
        unit_id=document.unit_id,
        on_behalf_of=on_behalf_of,
        details=details,
    )
