"""What every step shares: the check before, the story, the audit, the clock and the notices after.

Takes no step itself. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.escalation import Clock as DeadlineClock
from intranet.deviations.escalation import (
    DeadlineKind,
    Signal,
    clock_after,
    find_deadline,
    start_clock,
)
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.numbers import number_words
from intranet.deviations.policy import acts_for, parties_of
from intranet.deviations.queries.cases import Case, has_open_actions
from intranet.deviations.queries.routes import excluded_ids_of, load_days
from intranet.deviations.words import refusal
from intranet.deviations.workflow import PUBLIC_STEPS, WHO_MAY, Party, Step, next_state
from intranet.extensions import db
from intranet.notifications.actions import notify

AUDIT_EVENTS: dict[Step, AuditEvent] = {
    Step.ACKNOWLEDGE: AuditEvent.DEVIATION_ACKNOWLEDGED,
    Step.START: AuditEvent.DEVIATION_STARTED,
    Step.ADD_ACTION: AuditEvent.DEVIATION_ACTION_ADDED,
    Step.SETTLE_ACTION: AuditEvent.DEVIATION_ACTION_SETTLED,
    Step.PLAN_EVALUATION: AuditEvent.DEVIATION_EVALUATION_PLANNED,
    Step.EVALUATE: AuditEvent.DEVIATION_EVALUATED,
    Step.CLOSE: AuditEvent.DEVIATION_CLOSED,
    Step.REJECT: AuditEvent.DEVIATION_REJECTED,
    Step.REOPEN: AuditEvent.DEVIATION_REOPENED,
    Step.NOT_SOLVED: AuditEvent.DEVIATION_NOT_SOLVED,
    Step.WITHDRAW: AuditEvent.DEVIATION_WITHDRAWN,
    Step.FORWARD: AuditEvent.DEVIATION_FORWARDED,
    Step.LIFT: AuditEvent.DEVIATION_LIFTED,
    Step.MESSAGE: AuditEvent.DEVIATION_MESSAGE_SENT,
    Step.REPLY: AuditEvent.DEVIATION_REPLIED,
    Step.NOTE: AuditEvent.DEVIATION_NOTED,
    Step.CHANGE_SEVERITY: AuditEvent.DEVIATION_SEVERITY_CHANGED,
    Step.CHANGE_CATEGORY: AuditEvent.DEVIATION_CATEGORY_CHANGED,
    Step.ADD_CONCERNED: AuditEvent.DEVIATION_CONCERNED_ADDED,
    Step.ATTACH_FILE: AuditEvent.DEVIATION_FILE_ATTACHED,
    Step.CHANGE_ACTION: AuditEvent.DEVIATION_ACTION_CHANGED,
    Step.RATE_ACTION: AuditEvent.DEVIATION_ACTION_RATED,
    Step.AGREE_TO_REJECTION: AuditEvent.DEVIATION_REJECTION_SEEN,
    Step.ASSESS_RISK: AuditEvent.DEVIATION_RISK_ASSESSED,
    Step.SET_CAUSES: AuditEvent.DEVIATION_CAUSES_SET,
    Step.SET_CONFIDENTIAL: AuditEvent.DEVIATION_CONFIDENTIALITY_CHANGED,
    Step.CORRECT: AuditEvent.DEVIATION_CORRECTED,
    Step.MERGE: AuditEvent.DEVIATION_MERGED,
    Step.UNMERGE: AuditEvent.DEVIATION_UNMERGED,
    Step.LINK: AuditEvent.DEVIATION_LINKED,
    Step.UNLINK: AuditEvent.DEVIATION_UNLINKED,
}

# They add to the talk and change nothing in the case, so that nobody is stopped by them (CC-05).
_TALK = frozenset({Step.MESSAGE, Step.REPLY, Step.NOTE})
_KINDS = {Step.MESSAGE: "message", Step.REPLY: "message", Step.NOTE: "note"}


def check_step(
    case: Case,
    step: Step,
    *,
    actor: Viewer,
    version: int | None = None,
    besides: frozenset[Party] = frozenset(),
) -> None:
    """Refuse the step unless the page was fresh, the actor may take it and the state allows it.

    `version` is the one that the actor's page showed. `besides` are parts that the actor plays for
    something within the case. Raises SomeoneElseWasFirst, NotAllowed or NotPossibleNow.
    """
    deviation = case.deviation
    if version is not None and version != deviation.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret saken mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )
    if not (parties_of(actor, case.access) | besides) & WHO_MAY[step]:
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if next_state(deviation.state, step) is None:
        raise NotPossibleNow(refusal(step, deviation.state))


def complete_step(
    case: Case,
    step: Step,
    *,
    actor: Viewer,
    text: str = "",
    code: str | None = None,
    details: dict[str, Any] | None = None,
    send_key: str | None = None,
    **params: Any,
) -> DeviationEntry:
    """Move the state, restart the clock, and write the story and the audit. Returns the entry.

    `text` and `params` go in the story; `details` (ids and plain values) in the audit. `send_key`:
    by which sending it came.
    """
    deviation = case.deviation
    before, after = deviation.state, next_state(deviation.state, step)
    assert after is not None
    leader_id = acts_for(actor, case.access)
    if step not in _TALK:
        _take_over(case, step, actor)
        deviation.state = after
        deviation.changed_at = now()
        # Also when the clock shows the same moment: every step raises the version.
        flag_modified(deviation, "changed_at")
        restart_clock(deviation)
        case.access = replace(case.access, state=after)
    entry = add_entry(
        deviation,
        code or step,
        actor=actor,
        on_behalf_of=leader_id,
        kind=_KINDS.get(step, "event"),
        is_public=step in PUBLIC_STEPS,
        text=text,
        send_key=send_key,
        **params,
    )
    audit(
        AUDIT_EVENTS[step],
        deviation,
        actor=actor,
        on_behalf_of=leader_id,
        **({"before": before, "after": after} if before != after else {}),
        **(details or {}),
    )
    return entry


def add_entry(deviation: Deviation, code: str, *, actor: Actor, **details: Any) -> DeviationEntry:
    """Add one line to the story and flush, so that it has an id for the notices."""
    entry = new_entry(deviation, code, actor=actor, **details)
    db.session.flush()
    return entry


def new_entry(
    deviation: Deviation,
    code: str,
    *,
    actor: Actor,
    on_behalf_of: int | None = None,
    kind: str = "event",
    is_public: bool = False,
    text: str = "",
    send_key: str | None = None,
    **params: Any,
) -> DeviationEntry:
    """Add one line to the story; it goes to the database with what else the next flush writes."""
    entry = DeviationEntry(
        deviation_id=deviation.id,
        at=now(),
        kind=kind,
        code=str(code),
        params=params,
        text=text,
        is_public=is_public,
        author_id=actor.id,
        on_behalf_of=on_behalf_of,
        send_key=send_key,
    )
    db.session.add(entry)
    return entry


def keep_privacy_reason(deviation: Deviation, reason: str, *, actor: Actor) -> None:
    """Write in the story, for those who handle the case, why a name or telephone stayed."""
    if reason.strip():
        new_entry(deviation, "privacy_kept", actor=actor, kind="note", text=reason)


def audit(
    event: AuditEvent,
    deviation: Deviation,
    *,
    actor: Actor,
    on_behalf_of: int | None = None,
    **details: Any,
) -> None:
    """Record the event on the case: ids and plain values, never what people wrote."""
    record(
        event,
        actor=actor,
        subject="deviation",
        subject_id=deviation.id,
        unit_id=deviation.unit_id,
        on_behalf_of=on_behalf_of,
        details={"number": deviation.number, **details},
    )


def tell(
    deviation: Deviation,
    recipients: Iterable[int | None],
    entry: DeviationEntry,
    title: str,
    *,
    event: str,
    actor: Actor,
    is_urgent: bool = False,
    url: str | None = None,
    excluded: Collection[int] | None = None,
) -> None:
    """Leave notices for the recipients, never for those whom it concerns (AZ-09), nor the actor.

    Title and mail say that something waits, not what it is about (EM-03). `excluded`: what
    `excluded_ids_of` gives, from who has just read it.
    """
    if excluded is None:
        excluded = excluded_ids_of(deviation.id)
    without = {*excluded, actor.id}
    notify(
        [person_id for person_id in recipients if person_id and person_id not in without],
        event=event,
        subject_key=f"deviation:{deviation.id}:e{entry.id}",
        title=title,
        url=url or case_url(deviation),
        is_urgent=is_urgent,
    )


def case_url(deviation: Deviation) -> str:
    """Return the path of the case's page; the clock has no request to build it from."""
    return f"/avvik/{deviation.number}"


def shown_number(deviation: Deviation) -> str:
    """Return the number as people say it."""
    return number_words(deviation.number)


def restart_clock(
    deviation: Deviation, *, is_handed_over: bool = False, has_actions: bool = True
) -> None:
    """Set the deadline of the state that the case is in now.

    An unchanged deadline keeps its reminders, so that nothing comes twice. A new deadline means
    that the case moved on: what had climbed comes back. Who is handed an overdue case gets the time
    of one climb before it goes on upwards. `has_actions` False: a case so new that it has none.
    """
    days = load_days(deviation.severity)
    found = find_deadline(
        deviation.state,
        days,
        running_since=deviation.running_since,
        at=now(),
        has_open_actions=has_actions and has_open_actions(deviation.id),
        evaluate_on=deviation.evaluate_on,
        is_evaluated=deviation.evaluated_at is not None,
    )
    if found is None:
        deviation.deadline_kind = deviation.due_on = None
        deviation.next_signal = deviation.next_due_at = None
        _come_back(deviation)
        return
    kind, due_on = found
    # Closing counts from when it could be done, and no later step pushes it ahead.
    is_closing = kind == DeadlineKind.CLOSE == deviation.deadline_kind
    is_same = is_closing or (deviation.deadline_kind, deviation.due_on) == (kind, due_on)
    if is_same and not is_handed_over:
        return
    clock = start_clock(deviation.due_on if is_closing and deviation.due_on else due_on, now())
    if clock.signal == Signal.CLIMB:
        clock = clock_after(clock, Signal.CLIMB, now(), climb_days=days.climb)
    _set_clock(deviation, kind, clock)
    _come_back(deviation)


def _set_clock(deviation: Deviation, kind: str, clock: DeadlineClock) -> None:
    deviation.deadline_kind = kind
    deviation.due_on = clock.due_on
    deviation.next_signal = clock.signal
    deviation.next_due_at = clock.signal_at


def _come_back(deviation: Deviation) -> None:
    deviation.level = 0
    deviation.climbed_unit_id = None


def _take_over(case: Case, step: Step, actor: Viewer) -> None:
    """Make the leader whom the case has climbed to its handler when it is they who move it on."""
    deviation = case.deviation
    if deviation.climbed_unit_id is None or next_state(deviation.state, step) == deviation.state:
        return
    for led in actor.led:
        if led.unit_id == deviation.climbed_unit_id:
            leader_id = actor.id if led.on_behalf_of is None else led.on_behalf_of
            deviation.handler_id, deviation.handler_unit_id = leader_id, led.unit_id
            case.access = replace(
                case.access,
                handler_id=leader_id,
                handler_unit_id=led.unit_id,
                handler_path=led.path,
                climbed_unit_id=None,
            )
            return
