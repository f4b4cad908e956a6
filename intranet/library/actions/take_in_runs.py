"""A taking in from its beginning to its end: sent, looked through, confirmed, over. No commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import ReceivedFile, discard_file, record_file
from intranet.core.models import StoredFile
from intranet.core.text import _, ngettext
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow
from intranet.library.addresses import REGISTER_URL, WORK_URL, take_in_url
from intranet.library.models import Document
from intranet.library.take_in import ListRow, Outcome, count_outcomes
from intranet.library.take_in_models import RunState, TakeInLine, TakeInRun
from intranet.notifications.actions import notify

MAX_UNLISTED = 50
KEPT_LINES = timedelta(days=90)
MADE = (Outcome.DRAFT, Outcome.PUBLISHED)


def send_run(
    rows: Sequence[ListRow], list_name: str, archive: ReceivedFile, *, actor: Viewer
) -> TakeInRun:
    """Keep a list and its archive, to be looked through by the clock.

    Administrators and quality advisers may. The documents will be drafts.
    """
    allow(policy.can_take_in_somewhere(actor))
    stored = record_file(archive, actor=actor)
    run = _add_run(rows, list_name, RunState.CHECKING, actor)
    run.archive_id = stored.id
    db.session.flush()
    _record(AuditEvent.DOCUMENT_TAKE_IN_SENT, run, actor=actor, lines=len(rows))
    return run


def begin_run(
    rows: Sequence[ListRow], list_name: str, approver_id: int | None, *, actor: Actor
) -> TakeInRun:
    """Begin a taking in that runs at once, from the command on the server.

    One that was killed before is left behind; what it took in is known.
    """
    db.session.execute(
        update(TakeInRun)
        .where(
            TakeInRun.state == RunState.RUNNING,
            TakeInRun.created_by.is_(None),
            TakeInRun.archive_id.is_(None),
        )
        .values(state=RunState.DROPPED, finished_at=now(), version=TakeInRun.version + 1)
        .execution_options(synchronize_session=False)
    )
    run = _add_run(rows, list_name, RunState.RUNNING, actor)
    run.approver_id = approver_id
    db.session.flush()
    details = {} if approver_id is None else {"approver": approver_id}
    _record(AuditEvent.DOCUMENT_TAKE_IN_STARTED, run, actor=actor, lines=len(rows), **details)
    return run


def finish_check(run: TakeInRun, unlisted: Sequence[str]) -> None:
    """Let the one who sent it see what would happen; nothing has been taken in."""
    if run.state != RunState.CHECKING:
        return
    run.state = RunState.CHECKED
    run.unlisted, run.unlisted_count = list(unlisted[:MAX_UNLISTED]), len(unlisted)
    db.session.flush()
    notify(
        {run.created_by},
        event="document.take_in_checked",
        subject_key=f"take_in:{run.id}",
        title=_("Listen over dokumenter er kontrollert. Se hva som vil skje."),
        url=take_in_url(run.id),
    )


def confirm_run(run: TakeInRun, *, version: int | None, actor: Viewer) -> None:
    """Have the clock take in what the check found whole. Who may see the run and take in, may.

    Raises SomeoneElseWasFirst for another's press, NotPossibleNow when there is nothing to take in.
    """
    _allow(run, version, actor)
    _demand_checked(run)
    waiting = db.session.scalars(
        update(TakeInLine)
        .where(TakeInLine.run_id == run.id, TakeInLine.outcome.in_(MADE))
        .values(outcome=Outcome.WAITING)
        .returning(TakeInLine.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not waiting:
        raise NotPossibleNow(_("Det er ingen dokumenter å ta inn."))
    run.state = RunState.RUNNING
    db.session.flush()
    _record(AuditEvent.DOCUMENT_TAKE_IN_STARTED, run, actor=actor, lines=len(waiting))


def drop_run(run: TakeInRun, *, version: int | None, actor: Viewer) -> None:
    """Let go of a taking in that was not confirmed, with its archive. Who may see it may."""
    _allow(run, version, actor)
    if run.state not in (RunState.CHECKING, RunState.CHECKED):
        raise NotPossibleNow(_("Inntaket er i gang eller ferdig."))
    _end(run, RunState.DROPPED)
    _record(AuditEvent.DOCUMENT_TAKE_IN_DROPPED, run, actor=actor)


def finish_run(run: TakeInRun, *, actor: Actor) -> None:
    """Close a taking in: tell the owners, the approver and who sent it, and let the archive go."""
    if run.state != RunState.RUNNING:
        return
    counts = count_outcomes(
        db.session.scalars(select(TakeInLine.outcome).where(TakeInLine.run_id == run.id))
    )
    _end(run, RunState.DONE)
    _record(
        AuditEvent.DOCUMENT_TAKE_IN_FINISHED,
        run,
        actor=actor,
        drafts=counts.get(Outcome.DRAFT, 0),
        published=counts.get(Outcome.PUBLISHED, 0),
        known=counts.get(Outcome.KNOWN, 0),
        failed=counts.get(Outcome.FAILED, 0),
    )
    _tell(run, counts)


def stop_run(run: TakeInRun, refusal: str, *, actor: Actor) -> None:
    """End a taking in that cannot go on, with the reason; what is taken in stays."""
    run.refusal = refusal[:500]
    _end(run, RunState.DROPPED)
    _record(AuditEvent.DOCUMENT_TAKE_IN_DROPPED, run, actor=actor)
    notify(
        {run.created_by},
        event="document.take_in_stopped",
        subject_key=f"take_in:{run.id}",
        title=_("Inntaket av dokumenter stanset. Se hvorfor."),
        url=take_in_url(run.id),
    )


def forget_lines() -> int:
    """Take out the lines of what was over long ago, which name owners; return how many.

    What became of each document stands with the document (`DocumentOrigin`), and in the audit.
    """
    old = select(TakeInRun.id).where(
        TakeInRun.finished_at < now() - KEPT_LINES, TakeInRun.state != RunState.PUBLISHING
    )
    gone = db.session.scalars(
        delete(TakeInLine)
        .where(TakeInLine.run_id.in_(old))
        .returning(TakeInLine.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)


def forget_person(person_id: int) -> None:
    """Take the name out of the lines of what the person owns; for a decided erasure."""
    lines = db.session.scalars(
        select(TakeInLine)
        .join(Document, Document.id == TakeInLine.document_id)
        .where(Document.owner_id == person_id)
        .order_by(TakeInLine.id)
    )
    for line in lines:
        line.cells = {**line.cells, "owner": ""}


def _add_run(rows: Sequence[ListRow], list_name: str, state: RunState, actor: Actor) -> TakeInRun:
    run = TakeInRun(created_by=actor.id, state=state, list_name=list_name[:255], unlisted=[])
    db.session.add(run)
    db.session.flush()
    db.session.add_all(
        TakeInLine(run_id=run.id, line=row.line, cells=row.cells, remarks=[]) for row in rows
    )
    return run


def _allow(run: TakeInRun, version: int | None, actor: Viewer) -> None:
    allow(policy.can_take_in_somewhere(actor) and policy.can_see_take_in(actor, run.created_by))
    if version != run.version:
        raise SomeoneElseWasFirst(_("Noen andre har gjort noe med inntaket mens du så på det."))


def _demand_checked(run: TakeInRun) -> None:
    if run.state == RunState.CHECKING:
        raise NotPossibleNow(_("Listen er ikke ferdig kontrollert ennå."))
    if run.state != RunState.CHECKED:
        raise NotPossibleNow(_("Inntaket er i gang eller ferdig."))


def _end(run: TakeInRun, state: RunState) -> None:
    run.state, run.finished_at = state, now()
    if run.archive_id is not None:
        stored = db.session.get_one(StoredFile, run.archive_id)
        run.archive_id = None
        db.session.flush()
        discard_file(stored)
    db.session.flush()


def _tell(run: TakeInRun, counts: dict[Outcome, int]) -> None:
    _tell_owners(run)
    key = f"take_in:{run.id}"
    published = counts.get(Outcome.PUBLISHED, 0)
    if published:
        notify(
            {run.approver_id},
            event="document.taken_over",
            subject_key=key,
            title=ngettext(
                "%(num)d dokument er publisert med deg som godkjenner, overtatt fra det gamle "
                "systemet",
                "%(num)d dokumenter er publisert med deg som godkjenner, overtatt fra det gamle "
                "systemet",
                published,
            ),
            url=REGISTER_URL,
        )
    notify(
        {run.created_by},
        event="document.take_in_finished",
        subject_key=key,
        title=_("Dokumentene fra det gamle systemet er tatt inn. Se resultatet."),
        url=take_in_url(run.id),
    )


def _tell_owners(run: TakeInRun) -> None:
    owners = Counter(
        db.session.scalars(
            select(Document.owner_id)
            .join(TakeInLine, TakeInLine.document_id == Document.id)
            .where(TakeInLine.run_id == run.id, TakeInLine.outcome.in_(MADE))
        )
    )
    for owner_id, count in sorted(owners.items()):
        notify(
            {owner_id},
            event="document.taken_in",
            subject_key=f"take_in:{run.id}",
            title=ngettext(
                "%(num)d dokument fra det gamle systemet er lagt inn med deg som eier",
                "%(num)d dokumenter fra det gamle systemet er lagt inn med deg som eier",
                count,
            ),
            url=WORK_URL if run.approver_id is None else REGISTER_URL,
        )


def _record(event: AuditEvent, run: TakeInRun, *, actor: Actor, **details: int) -> None:
    record(event, actor=actor, subject="document_take_in", subject_id=run.id, details=details)
