"""Proposed follow-up of employees: taken as actions, or declined with a reason. Never commits."""

from __future__ import annotations

from datetime import date

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.actions.measures import add_action
from intranet.deviations.actions.steps import add_entry, audit
from intranet.deviations.follow_up import due_on
from intranet.deviations.follow_up_models import DeviationFollowUp, FollowUpState
from intranet.deviations.models import CorrectiveAction
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.queries.follow_up import list_follow_up
from intranet.deviations.type_policy import follows_up
from intranet.extensions import db


def take_follow_up(
    case: Case,
    row: DeviationFollowUp,
    *,
    actor: Viewer,
    responsible_id: int | None = None,
    day: date | None = None,
    version: int | None = None,
) -> CorrectiveAction:
    """Set the proposal up as an action; the handler may, once the case is acknowledged.

    The handler is responsible, and the day is that of the list, unless another is named.
    """
    _check(case, row, actor, version)
    action = add_action(
        case,
        row.words["nb"],
        actor.id if responsible_id is None else responsible_id,
        due_on(row.days, today()) if day is None else day,
        actor=actor,
    )
    _decide(row, FollowUpState.TAKEN, actor)
    row.action_id = action.id
    db.session.flush()
    audit(
        AuditEvent.DEVIATION_FOLLOW_UP_TAKEN,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        follow_up=row.template_id,
        action=action.id,
    )
    return action


def take_all_follow_up(case: Case, *, actor: Viewer) -> int:
    """Set up all proposals that wait, as they are proposed; return how many."""
    if not follows_up(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    waiting = [
        row
        for row in list_follow_up(case.deviation.id, kind_of(case.deviation.id))
        if row.state == FollowUpState.WAITS
    ]
    if not waiting:
        raise NotPossibleNow(_("Det er tatt stilling til alle forslagene."))
    for row in waiting:
        take_follow_up(case, row, actor=actor)
    return len(waiting)


def decline_follow_up(
    case: Case, row: DeviationFollowUp, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Say that the proposal is not needed, and why, which is kept; the handler may."""
    _check(case, row, actor, version)
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor det ikke trengs."), "reason")
    _decide(row, FollowUpState.DECLINED, actor)
    row.reason = reason
    add_entry(
        case.deviation,
        "follow_up_declined",
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        text=reason,
        what=dict(row.words),
    )
    audit(
        AuditEvent.DEVIATION_FOLLOW_UP_DECLINED,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        follow_up=row.template_id,
    )
    db.session.flush()


def _check(case: Case, row: DeviationFollowUp, actor: Viewer, version: int | None) -> None:
    if version is not None and version != row.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret saken mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )
    if not follows_up(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if row.state != FollowUpState.WAITS or row.kind != kind_of(case.deviation.id):
        raise NotPossibleNow(_("Det er alt tatt stilling til dette forslaget."))


def _decide(row: DeviationFollowUp, state: FollowUpState, actor: Viewer) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.id, now()
