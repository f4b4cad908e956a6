"""What waits for a person in deviations: cases to handle, plans to evaluate, actions to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Date, Integer, bindparam, exists, literal, null, select, union_all
from sqlalchemy import cast as sql_cast

from intranet.core.actor import Viewer
from intranet.core.models import UtcDateTime
from intranet.core.reads import read
from intranet.core.text import _
from intranet.deviations.clock_models import DeviationDetails, StatutoryClock
from intranet.deviations.clocks import oslo_day
from intranet.deviations.models import CorrectiveAction, Deviation, DeviationConcerned
from intranet.deviations.numbers import number_words
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import PLAN_KINDS
from intranet.deviations.queries.clocks import OPEN_CLOCK, worked_by
from intranet.deviations.queries.visibility import handled_by, not_excluded
from intranet.deviations.severity import Severity
from intranet.deviations.type_words import CLOCKS
from intranet.deviations.words import DEADLINES, SEVERITIES
from intranet.deviations.workflow import OPEN_STATES, ActionState
from intranet.notifications.tasks import Task
from intranet.people.models import Unit

_MOST = 50
_CLOCK, _ACTION, _PLAN = "clock", "action", "plan"


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return the law's clocks, the cases that the viewer handles, and the actions to do."""
    rows = list(_rows(viewer, _OWN_DUTIES, _duties_select))
    return [
        *(_clock(row) for row in rows if row.kind == _CLOCK),
        *_cases(viewer),
        *(_plan(row) for row in rows if row.kind == _PLAN),
        *(_action(row) for row in rows if row.kind == _ACTION),
    ]


def _duties_select(viewer: Viewer) -> Any:
    """Clocks, plans and actions in one select, because everybody's front page asks."""
    parts = (_clocks_select(viewer), _plans_select(viewer), _actions_select(viewer))
    # SQLite takes an order and a limit of their own in a subselect only.
    return union_all(*(select(part.subquery()) for part in parts))


def _clocks_select(viewer: Viewer) -> Any:
    return (
        select(
            literal(_CLOCK).label("kind"),
            Deviation.number,
            StatutoryClock.key,
            StatutoryClock.phase,
            StatutoryClock.recipient,
            StatutoryClock.due_at,
            sql_cast(null(), Date).label("due_on"),
        )
        .join(StatutoryClock, StatutoryClock.deviation_id == Deviation.id)
        .where(OPEN_CLOCK, worked_by(viewer))
        .order_by(StatutoryClock.due_at, StatutoryClock.id)
        .limit(_MOST)
    )


def _actions_select(viewer: Viewer) -> Any:
    concerned = (
        select(DeviationConcerned.person_id)
        .where(
            DeviationConcerned.deviation_id == CorrectiveAction.deviation_id,
            DeviationConcerned.person_id.in_({viewer.id} | viewer.stands_in_for),
        )
        .exists()
    )
    return (
        select(
            literal(_ACTION).label("kind"),
            CorrectiveAction.id.label("number"),
            literal("").label("key"),
            literal("").label("phase"),
            literal("").label("recipient"),
            sql_cast(null(), UtcDateTime).label("due_at"),
            CorrectiveAction.due_on,
        )
        .where(
            CorrectiveAction.responsible_id == viewer.id,
            CorrectiveAction.state == ActionState.OPEN,
            ~concerned,
        )
        .order_by(CorrectiveAction.due_on, CorrectiveAction.id)
        .limit(_MOST)
    )


def _plans_select(viewer: Viewer) -> Any:
    """The newest versions of written plans, for those who may read them."""
    has_plan = exists(
        select(DeviationDetails.deviation_id).where(
            DeviationDetails.deviation_id == Deviation.id,
            DeviationDetails.kind.in_(sorted(PLAN_KINDS)),
        )
    )
    return (
        select(
            literal(_PLAN).label("kind"),
            Deviation.number,
            literal("").label("key"),
            literal("").label("phase"),
            literal("").label("recipient"),
            sql_cast(null(), UtcDateTime).label("due_at"),
            DeviationPlan.evaluate_on.label("due_on"),
        )
        .join(DeviationPlan, DeviationPlan.deviation_id == Deviation.id)
        .where(
            DeviationPlan.next_signal.is_not(None),
            Deviation.state.in_(sorted(OPEN_STATES)),
            handled_by(viewer),
            not_excluded(viewer),
            has_plan,
        )
        .order_by(DeviationPlan.evaluate_on, DeviationPlan.id)
        .limit(_MOST)
    )


def _plan(row: Any) -> Task:
    return Task(
        kind="deviation",
        title=_("Evaluer den skriftlige planen: avvik %(number)s", number=number_words(row.number)),
        url=f"/avvik/{row.number}#plan",
        due_on=row.due_on,
        note=_("Lag en ny versjon, eller lukk saken"),
        icon="FileText",
    )


def _clock(row: Any) -> Task:
    return Task(
        kind="deviation",
        title=_(
            "%(what)s: avvik %(number)s",
            what=CLOCKS.get(f"{row.key}.{row.phase}", row.key),
            number=number_words(row.number),
        ),
        url=f"/avvik/{row.number}#law-clocks",
        due_on=oslo_day(row.due_at),
        note=_("Frist etter loven · til %(who)s", who=row.recipient),
        icon="ExclamationmarkTriangle",
    )


def _action(row: Any) -> Task:
    return Task(
        kind="action",
        title=_("Utfør et tiltak etter et avvik"),
        url=f"/avvik/tiltak/{row.number}",
        due_on=row.due_on,
        icon="Tasklist",
    )


def _cases_select(viewer: Viewer) -> Any:
    return (
        select(
            Deviation.number,
            Deviation.deadline_kind,
            Deviation.due_on,
            Deviation.severity_rank,
            Deviation.handler_id,
            Deviation.handler_unit_id,
            Deviation.climbed_unit_id,
            Unit.name,
        )
        .join(Unit, Unit.id == Deviation.unit_id)
        .where(
            handled_by(viewer),
            not_excluded(viewer),
            Deviation.state.in_(sorted(OPEN_STATES)),
            # While actions are under way, the case waits for others.
            Deviation.deadline_kind.is_not(None),
        )
        .order_by(Deviation.due_on, Deviation.number)
        .limit(_MOST)
    )


# Made once for the many who lead nothing and have no role, with the person's id to fill in.
_ANYBODY = Viewer(id=cast(int, bindparam("me", type_=Integer)), name="")
_OWN_CASES, _OWN_DUTIES = _cases_select(_ANYBODY), _duties_select(_ANYBODY)


def _rows(viewer: Viewer, own: Any, build: Callable[[Viewer], Any]) -> Any:
    has_more = viewer.led or viewer.roles or viewer.is_chief
    return read(build(viewer)) if has_more else read(own, me=viewer.id)


def _cases(viewer: Viewer) -> list[Task]:
    return [
        Task(
            kind="deviation",
            title=_(
                "%(what)s: avvik %(number)s",
                what=DEADLINES[row.deadline_kind],
                number=number_words(row.number),
            ),
            url=f"/avvik/{row.number}",
            due_on=row.due_on,
            note=f"{row.name} · {SEVERITIES[Severity.of_rank(row.severity_rank)][0]}",
            icon="ExclamationmarkTriangle",
            on_behalf_of=_leader_name(viewer, row),
        )
        for row in _rows(viewer, _OWN_CASES, _cases_select)
    ]


def _leader_name(viewer: Viewer, row: Any) -> str | None:
    """Return the name of the leader for whom the viewer has the case; None in own right."""
    for led in viewer.led:
        if led.on_behalf_of is None:
            continue
        holds = (led.unit_id, led.on_behalf_of) == (row.handler_unit_id, row.handler_id)
        if holds or led.unit_id == row.climbed_unit_id:
            return led.on_behalf_of_name
    return None
