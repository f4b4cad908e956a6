"""The drafts of a taking in, let apply by somebody who has the right to. Never commits.

The rules for every approval stand: who presses is logged in, has the right for each document's
unit, and has neither written, owned nor taken in the document (docs/decisions/0010).
"""

from __future__ import annotations

from sqlalchemy import select, update

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _, ngettext
from intranet.extensions import db
from intranet.library.actions.permits import allow
from intranet.library.actions.take_in import put_over
from intranet.library.addresses import REGISTER_URL, take_in_approval_url, take_in_url
from intranet.library.models import Document
from intranet.library.queries.approvers import find_delegated, list_revision_approvers
from intranet.library.queries.revisions import load_working_revision
from intranet.library.queries.take_in_approval import (
    find_draft_for,
    list_drafts,
    list_drafts_for,
)
from intranet.library.take_in import Outcome
from intranet.library.take_in_models import RunState, TakeInLine, TakeInRun
from intranet.notifications.actions import notify


def approve_run(run: TakeInRun, *, version: int | None, actor: Viewer) -> int:
    """Have the clock let those drafts apply that the actor may approve; return how many.

    Raises NotPossibleNow when the taking in is not over, NotAllowed when none is the actor's to
    approve, SomeoneElseWasFirst for another's press.
    """
    if version != run.version:
        raise SomeoneElseWasFirst(_("Noen andre har gjort noe med inntaket mens du så på det."))
    if run.state != RunState.DONE:
        raise NotPossibleNow(_("Dokumentene er ikke tatt inn ennå, eller de publiseres nå."))
    ready = [one for one in list_drafts_for(actor, run.id) if one.hindrance is None]
    allow(bool(ready))
    run.approver_id, run.state = actor.id, RunState.PUBLISHING
    db.session.flush()
    record(
        AuditEvent.DOCUMENT_TAKE_IN_APPROVED,
        actor=actor,
        subject="document_take_in",
        subject_id=run.id,
        details={"lines": len(ready)},
    )
    return len(ready)


def publish_draft(run_id: int, document_id: int, approver: Viewer) -> bool:
    """Let one draft apply, if the approver still may; return whether it does."""
    draft = find_draft_for(approver, run_id, document_id)
    if draft is None or draft.hindrance is not None:
        return False
    document = db.session.get_one(Document, document_id, with_for_update=True)
    days = (draft.valid_from, draft.review_on)
    revision = load_working_revision(document)
    put_over(document, revision, approver, draft.unit_path, days, actor=approver)
    db.session.execute(
        update(TakeInLine)
        .where(TakeInLine.run_id == run_id, TakeInLine.document_id == document_id)
        .values(outcome=Outcome.PUBLISHED)
        .execution_options(synchronize_session=False)
    )
    return True


def finish_publishing(run: TakeInRun, *, actor: Actor) -> None:
    """Tell the approver and who took them in how many apply now."""
    if run.state != RunState.PUBLISHING:
        return
    run.state, run.finished_at = RunState.DONE, now()
    db.session.flush()
    outcomes = db.session.scalars(select(TakeInLine.outcome).where(TakeInLine.run_id == run.id))
    published = sum(1 for one in outcomes if one == Outcome.PUBLISHED)
    record(
        AuditEvent.DOCUMENT_TAKE_IN_FINISHED,
        actor=actor,
        subject="document_take_in",
        subject_id=run.id,
        details={"published": published},
    )
    key = f"take_in:{run.id}:{run.version}"
    title = ngettext(
        "%(num)d dokument fra det gamle systemet gjelder nå",
        "%(num)d dokumenter fra det gamle systemet gjelder nå",
        published,
    )
    notify(
        {run.approver_id},
        event="document.taken_over",
        subject_key=key,
        title=title,
        url=REGISTER_URL,
    )
    notify(
        {run.created_by} - {run.approver_id},
        event="document.taken_over",
        subject_key=key,
        title=title,
        url=take_in_url(run.id),
    )


def ask_approvers(run: TakeInRun) -> None:
    """Tell those who would be asked about each draft that theirs may be approved at once."""
    asked: set[int] = set()
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for draft in list_drafts(run.id):
        which = (draft.unit_id, tuple(draft.contributor_ids))
        if which not in seen:
            seen.add(which)
            delegated = find_delegated(draft.unit_path)
            asked |= set(list_revision_approvers(draft.unit_id, draft.contributor_ids, delegated))
    notify(
        asked,
        event="document.take_in_to_approve",
        subject_key=f"take_in:{run.id}",
        title=_("Dokumenter fra det gamle systemet kan godkjennes samlet"),
        url=take_in_approval_url(run.id),
    )
