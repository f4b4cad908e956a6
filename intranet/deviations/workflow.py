"""The life of a deviation as data: states, steps, who may take them and what they demand.

Reads no database and tells nobody; `may_step`, `next_state` and `closing_faults` are asked by
policy and actions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from intranet.core.clock import OSLO
from intranet.deviations.severity import Severity


class DeviationState(StrEnum):
    """Where a deviation is in its life."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    ACTIONS_UNDER_WAY = "actions_under_way"
    AWAITING_EVALUATION = "awaiting_evaluation"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Step(StrEnum):
    """What a person does with a deviation."""

    ACKNOWLEDGE = "acknowledge"
    START = "start"
    ADD_ACTION = "add_action"
    SETTLE_ACTION = "settle_action"
    PLAN_EVALUATION = "plan_evaluation"
    EVALUATE = "evaluate"
    CLOSE = "close"
    REJECT = "reject"
    REOPEN = "reopen"
    NOT_SOLVED = "not_solved"
    WITHDRAW = "withdraw"
    FORWARD = "forward"
    LIFT = "lift"
    MESSAGE = "message"
    REPLY = "reply"
    NOTE = "note"
    CHANGE_SEVERITY = "change_severity"
    CHANGE_CATEGORY = "change_category"
    ADD_CONCERNED = "add_concerned"
    ATTACH_FILE = "attach_file"
    MERGE = "merge"
    UNMERGE = "unmerge"
    LINK = "link"
    UNLINK = "unlink"
    ASSESS_RISK = "assess_risk"
    SET_CAUSES = "set_causes"
    SET_CONFIDENTIAL = "set_confidential"
    CORRECT = "correct"
    CHANGE_ACTION = "change_action"
    RATE_ACTION = "rate_action"
    AGREE_TO_REJECTION = "agree_to_rejection"


class Party(StrEnum):
    """What a person is to a case; one person may be several."""

    REPORTER = "reporter"
    HANDLER = "handler"
    LEADER_ABOVE = "leader_above"
    RESPONSIBLE = "responsible"
    READER = "reader"


S = DeviationState

OPEN_STATES = frozenset(
    {S.REPORTED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.ACTIONS_UNDER_WAY, S.AWAITING_EVALUATION}
)
ENDED_STATES = frozenset({S.CLOSED, S.REJECTED, S.WITHDRAWN, S.MERGED})
# Nothing leads out of these; the reporter took the report back before anyone answered for it.
FINAL_STATES = frozenset({S.WITHDRAWN})

_STAYS_WHILE_OPEN = (
    Step.FORWARD,
    Step.LIFT,
    Step.CHANGE_SEVERITY,
    Step.CHANGE_CATEGORY,
    Step.ATTACH_FILE,
    Step.ASSESS_RISK,
    Step.SET_CAUSES,
)
# A talk that was begun may be ended after the decision, and a note or a named person may come late.
_STAYS_UNLESS_WITHDRAWN = (
    Step.MESSAGE,
    Step.REPLY,
    Step.NOTE,
    Step.ADD_CONCERNED,
    Step.LINK,
    Step.UNLINK,
    Step.SET_CONFIDENTIAL,
    Step.CORRECT,
)

TRANSITIONS: dict[tuple[DeviationState, Step], DeviationState] = {
    (S.REPORTED, Step.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.REPORTED, Step.REJECT): S.REJECTED,
    (S.REPORTED, Step.WITHDRAW): S.WITHDRAWN,
    (S.ACKNOWLEDGED, Step.START): S.IN_PROGRESS,
    (S.ACKNOWLEDGED, Step.ADD_ACTION): S.ACTIONS_UNDER_WAY,
    (S.ACKNOWLEDGED, Step.CLOSE): S.CLOSED,
    (S.ACKNOWLEDGED, Step.REJECT): S.REJECTED,
    (S.IN_PROGRESS, Step.ADD_ACTION): S.ACTIONS_UNDER_WAY,
    (S.IN_PROGRESS, Step.PLAN_EVALUATION): S.AWAITING_EVALUATION,
    (S.IN_PROGRESS, Step.CLOSE): S.CLOSED,
    (S.IN_PROGRESS, Step.REJECT): S.REJECTED,
    (S.ACTIONS_UNDER_WAY, Step.ADD_ACTION): S.ACTIONS_UNDER_WAY,
    (S.ACTIONS_UNDER_WAY, Step.SETTLE_ACTION): S.ACTIONS_UNDER_WAY,
    (S.ACTIONS_UNDER_WAY, Step.PLAN_EVALUATION): S.AWAITING_EVALUATION,
    (S.ACTIONS_UNDER_WAY, Step.CLOSE): S.CLOSED,
    (S.AWAITING_EVALUATION, Step.ADD_ACTION): S.ACTIONS_UNDER_WAY,
    (S.AWAITING_EVALUATION, Step.EVALUATE): S.AWAITING_EVALUATION,
    (S.AWAITING_EVALUATION, Step.PLAN_EVALUATION): S.AWAITING_EVALUATION,
    (S.AWAITING_EVALUATION, Step.CLOSE): S.CLOSED,
    (S.CLOSED, Step.REOPEN): S.IN_PROGRESS,
    (S.CLOSED, Step.NOT_SOLVED): S.IN_PROGRESS,
    (S.REJECTED, Step.REOPEN): S.IN_PROGRESS,
    # The action puts back the state that it had.
    (S.MERGED, Step.UNMERGE): S.IN_PROGRESS,
    (S.REJECTED, Step.AGREE_TO_REJECTION): S.REJECTED,
    (S.ACTIONS_UNDER_WAY, Step.CHANGE_ACTION): S.ACTIONS_UNDER_WAY,
    (S.ACTIONS_UNDER_WAY, Step.RATE_ACTION): S.ACTIONS_UNDER_WAY,
    (S.AWAITING_EVALUATION, Step.RATE_ACTION): S.AWAITING_EVALUATION,
    **{(state, step): state for state in OPEN_STATES for step in _STAYS_WHILE_OPEN},
    **{(state, Step.MERGE): S.MERGED for state in OPEN_STATES},
    **{
        (state, step): state
        for state in S
        if state != S.WITHDRAWN
        for step in _STAYS_UNLESS_WITHDRAWN
    },
}

_HANDLER = frozenset({Party.HANDLER})
_LEADERS = frozenset({Party.HANDLER, Party.LEADER_ABOVE})
_REPORTER = frozenset({Party.REPORTER})

WHO_MAY: dict[Step, frozenset[Party]] = {
    Step.ACKNOWLEDGE: _HANDLER,
    Step.START: _HANDLER,
    Step.ADD_ACTION: _HANDLER,
    Step.SETTLE_ACTION: frozenset({Party.HANDLER, Party.RESPONSIBLE}),
    Step.PLAN_EVALUATION: _HANDLER,
    Step.EVALUATE: _HANDLER,
    Step.CLOSE: _HANDLER,
    Step.REJECT: _HANDLER,
    Step.REOPEN: _LEADERS,
    Step.NOT_SOLVED: _REPORTER,
    Step.WITHDRAW: _REPORTER,
    # The leader above may take a case from somebody who leaves it lying and give it to another.
    Step.FORWARD: _LEADERS,
    Step.LIFT: _HANDLER,
    Step.MESSAGE: _HANDLER,
    Step.REPLY: _REPORTER,
    Step.NOTE: _LEADERS,
    Step.CHANGE_SEVERITY: _HANDLER,
    Step.CHANGE_CATEGORY: _HANDLER,
    Step.ADD_CONCERNED: frozenset({Party.HANDLER, Party.LEADER_ABOVE, Party.REPORTER}),
    Step.ATTACH_FILE: frozenset({Party.HANDLER, Party.REPORTER}),
    Step.ASSESS_RISK: _HANDLER,
    Step.SET_CAUSES: _HANDLER,
    Step.SET_CONFIDENTIAL: _LEADERS,
    Step.CORRECT: _HANDLER,
    Step.MERGE: _HANDLER,
    Step.UNMERGE: _HANDLER,
    Step.LINK: _HANDLER,
    Step.CHANGE_ACTION: _HANDLER,
    Step.RATE_ACTION: _HANDLER,
    Step.AGREE_TO_REJECTION: frozenset({Party.LEADER_ABOVE}),
    Step.UNLINK: _HANDLER,
}

# What the reporter may read in the history; the rest is between leaders.
PUBLIC_STEPS = frozenset(
    {
        Step.ACKNOWLEDGE,
        Step.START,
        Step.PLAN_EVALUATION,
        Step.CLOSE,
        Step.REJECT,
        Step.REOPEN,
        Step.NOT_SOLVED,
        Step.WITHDRAW,
        Step.MESSAGE,
        Step.REPLY,
        Step.CHANGE_SEVERITY,
        Step.CHANGE_CATEGORY,
        Step.CORRECT,
        Step.MERGE,
        Step.UNMERGE,
    }
)

# What only a reporter writes in the story; the clock never does.
REPORTER_CODES = frozenset({"reported", Step.REPLY, Step.NOT_SOLVED, Step.ATTACH_FILE})

NOT_SOLVED_WINDOW = timedelta(days=14)


class ActionState(StrEnum):
    """Where a corrective action is; the last two are settled."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Effect(StrEnum):
    """What a finished action did."""

    WORKS = "works"
    PARTLY = "partly"
    NOT = "not"


class Fault(StrEnum):
    """Why a case cannot be closed yet."""

    NO_ANSWER = "no_answer"
    OPEN_ACTIONS = "open_actions"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True)
class ActionFacts:
    """What closing asks of one action."""

    state: ActionState
    note: str


def next_state(state: DeviationState, step: Step) -> DeviationState | None:
    """The state after the step; None when the step is not allowed in this state."""
    return TRANSITIONS.get((state, step))


def may_step(state: DeviationState, step: Step, parties: frozenset[Party]) -> bool:
    """Whether somebody who is `parties` to the case may take the step now."""
    return (state, step) in TRANSITIONS and bool(WHO_MAY[step] & parties)


def must_be_evaluated(severity: Severity) -> bool:
    """From severity high, the effect is evaluated before the case is closed (domain.md,
    Deviations).
    """
    return severity.at_least(Severity.HIGH)


def closing_faults(
    *, answer: str, actions: Sequence[ActionFacts], severity: Severity, is_evaluated: bool
) -> list[Fault]:
    """What still stands in the way of closing; empty when it may be closed."""
    faults = []
    if not answer.strip():
        faults.append(Fault.NO_ANSWER)
    if not all(_is_settled(action) for action in actions):
        faults.append(Fault.OPEN_ACTIONS)
    if must_be_evaluated(severity) and not is_evaluated:
        faults.append(Fault.NOT_EVALUATED)
    return faults


def _is_settled(action: ActionFacts) -> bool:
    """Done, or dropped with a reason."""
    if action.state == ActionState.DROPPED:
        return bool(action.note.strip())
    return action.state == ActionState.DONE


def may_say_not_solved(
    state: DeviationState, closed_at: datetime | None, *, has_said: bool, at: datetime
) -> bool:
    """Once, and within 14 days of the closing."""
    if state != S.CLOSED or closed_at is None or has_said:
        return False
    return at <= closed_at + NOT_SOLVED_WINDOW


def last_day_of_protest(closed_at: datetime) -> date:
    """Return the Norwegian day on which the reporter can last say that it is not solved."""
    return (closed_at + NOT_SOLVED_WINDOW).astimezone(OSLO).date()


def is_overdue(due_on: date | None, today: date) -> bool:
    """A deadline is met on its own day and missed from the next."""
    return due_on is not None and today > due_on


def desk_day(state: DeviationState, handler_id: int | None, due_on: date | None) -> date | None:
    """The day by which a case stands on the desk: the unassigned first, those without a deadline
    last, the ended nowhere.
    """
    if state not in OPEN_STATES:
        return None
    if handler_id is None:
        return date.min
    return due_on or date.max


def next_step(
    state: DeviationState, *, has_open_actions: bool, severity: Severity, is_evaluated: bool
) -> Step | None:
    """The one step that a handler is led to; None when the case waits for others or has ended."""
    if state == S.REPORTED:
        return Step.ACKNOWLEDGE
    if state in (S.ACKNOWLEDGED, S.IN_PROGRESS):
        return Step.ADD_ACTION
    if state == S.ACTIONS_UNDER_WAY:
        if has_open_actions:
            return None
        needs_more = must_be_evaluated(severity) and not is_evaluated
        return Step.PLAN_EVALUATION if needs_more else Step.CLOSE
    if state == S.AWAITING_EVALUATION:
        return Step.CLOSE if is_evaluated else Step.EVALUATE
    return None
