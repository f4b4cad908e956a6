"""A leader lets somebody do the tasks for a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.people.leaders import StandInPeriod, StandInProblem, problem_with
from intranet.people.models import Person, StandIn, Unit
from intranet.people.policy import can_set_stand_in

# What to say, and at which field.
_PROBLEMS: dict[StandInProblem, tuple[Any, str]] = {
    StandInProblem.ENDS_BEFORE_START: (_l("Siste dag må være etter første dag."), "ends_on"),
    StandInProblem.IN_THE_PAST: (_l("Siste dag er allerede forbi."), "ends_on"),
    StandInProblem.TOO_LONG: (_l("Velg høyst ett år om gangen."), "ends_on"),
    StandInProblem.SAME_PERSON: (_l("Velg en annen enn lederen selv."), "stand_in"),
    StandInProblem.OVERLAPS: (
        _l("Det er allerede en stedfortreder i en del av perioden. Avslutt den først."),
        "starts_on",
    ),
    StandInProblem.STAND_IN_IS_AWAY: (
        _l("Denne personen har selv stedfortreder i en del av perioden. Velg en annen."),
        "stand_in",
    ),
}


def set_stand_in(
    leader_id: int,
    stand_in: Person | None,
    starts_on: date,
    ends_on: date,
    note: str = "",
    *,
    actor: Viewer,
) -> StandIn:
    """The leader, a leader above, or an administrator: from a day to a day, both included.

    New and open tasks go to the stand-in while it lasts and come back by themselves; the stand-in
    is told. Raises InvalidInput (field) or NotAllowed.
    """
    _check_actor(actor, leader_id)
    if stand_in is None or not stand_in.is_active:
        raise InvalidInput(_("Vi finner ingen med dette brukernavnet."), "stand_in")
    problem = problem_with(
        leader_id,
        stand_in.id,
        starts_on,
        ends_on,
        on=today(),
        periods=_periods_of(leader_id, stand_in.id),
    )
    if problem is not None:
        text, field = _PROBLEMS[problem]
        raise InvalidInput(text, field)
    period = StandIn(
        leader_id=leader_id,
        stand_in_id=stand_in.id,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        created_by=actor.id,
    )
    db.session.add(period)
    db.session.flush()
    details = {"leader": leader_id, "stand_in": stand_in.id, "from": starts_on, "to": ends_on}
    _record(AuditEvent.STAND_IN_SET, period, actor, details)
    notify(
        [stand_in.id],
        event="stand_in.set",
        subject_key=f"stand_in:{period.id}",
        title=_("Du er valgt som stedfortreder"),
        url="/stedfortreder",
    )
    return period


def end_stand_in(period: StandIn, *, actor: Viewer) -> None:
    """The leader, a leader above, or an administrator: the tasks come back today.

    A period that has not begun before today disappears; what it was stays in the audit.
    """
    _check_actor(actor, period.leader_id)
    details = {"leader": period.leader_id, "stand_in": period.stand_in_id}
    _record(AuditEvent.STAND_IN_ENDED, period, actor, details)
    yesterday = today() - timedelta(days=1)
    if period.starts_on > yesterday:
        db.session.delete(period)
    elif period.ends_on > yesterday:
        period.ends_on = yesterday
    db.session.flush()


def _check_actor(actor: Viewer, leader_id: int) -> None:
    paths = db.session.execute(
        select(Unit.path).where(Unit.leader_id == leader_id, Unit.is_active)
    ).scalars()
    if not can_set_stand_in(actor, leader_id, tuple(paths)):
        raise NotAllowed(
            _("Bare lederen selv, en leder over eller en administrator kan gjøre dette.")
        )


def _periods_of(leader_id: int, stand_in_id: int) -> list[StandInPeriod]:
    """Return the periods that could stand in the way, locked against a second click."""
    rows = db.session.execute(
        select(StandIn)
        .where(or_(StandIn.leader_id == leader_id, StandIn.leader_id == stand_in_id))
        .with_for_update()
    ).scalars()
    return [
        StandInPeriod(row.id, row.leader_id, row.stand_in_id, row.starts_on, row.ends_on)
        for row in rows
    ]


def _record(event: AuditEvent, period: StandIn, actor: Viewer, details: dict[str, Any]) -> None:
    record(event, actor=actor, subject="stand_in", subject_id=period.id, details=details)
