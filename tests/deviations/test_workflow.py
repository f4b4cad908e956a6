"""Every pair of state and step, against a table written out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from intranet.deviations.severity import Severity
from intranet.deviations.workflow import (
    ENDED_STATES,
    FINAL_STATES,
    OPEN_STATES,
    TRANSITIONS,
    WHO_MAY,
    ActionFacts,
    ActionState,
    DeviationState,
    Fault,
    Party,
    Step,
    closing_faults,
    desk_day,
    is_overdue,
    may_say_not_solved,
    may_step,
    next_state,
)

STATES = [
    "reported",
    "acknowledged",
    "in_progress",
    "actions_under_way",
    "awaiting_evaluation",
    "closed",
    "rejected",
    "withdrawn",
    "merged",
]
SHORT = dict(
    zip(["rep", "ack", "pro", "act", "eva", "clo", "rej", "wit", "mer"], STATES, strict=True)
)

# One row per step, one column per state in the order of STATES; a dot is a refusal.
TABLE = """
acknowledge      ack . . . . . . . .
start            . pro . . . . . . .
add_action       . act act act act . . . .
settle_action    . . . act . . . . .
plan_evaluation  . . eva eva eva . . . .
evaluate         . . . . eva . . . .
close            . clo clo clo clo . . . .
reject           rej rej rej . . . . . .
reopen           . . . . . pro pro . .
not_solved       . . . . . pro . . .
withdraw         wit . . . . . . . .
forward          rep ack pro act eva . . . .
lift             rep ack pro act eva . . . .
message          rep ack pro act eva clo rej . mer
reply            rep ack pro act eva clo rej . mer
note             rep ack pro act eva clo rej . mer
change_severity  rep ack pro act eva . . . .
change_category  rep ack pro act eva . . . .
add_concerned    rep ack pro act eva clo rej . mer
attach_file      rep ack pro act eva . . . .
link             rep ack pro act eva clo rej . mer
assess_risk      rep ack pro act eva . . . .
set_causes       rep ack pro act eva . . . .
set_confidential rep ack pro act eva clo rej . mer
correct          rep ack pro act eva clo rej . mer
change_action    . . . act . . . . .
rate_action      . . . act eva . . . .
agree_to_rejection . . . . . . rej . .
unlink           rep ack pro act eva clo rej . mer
merge            mer mer mer mer mer . . . .
unmerge          . . . . . . . . pro
"""


def _pairs() -> list[tuple[str, str, str | None]]:
    pairs = []
    for line in TABLE.strip().splitlines():
        step, *cells = line.split()
        assert len(cells) == len(STATES), line
        pairs += [(state, step, SHORT.get(cell)) for state, cell in zip(STATES, cells, strict=True)]
    return pairs


@pytest.mark.parametrize(("state", "step", "expected"), _pairs())
def test_each_step_leads_from_each_state_where_the_table_says(
    state: str, step: str, expected: str | None
) -> None:
    assert next_state(DeviationState(state), Step(step)) == expected


def test_the_table_has_every_state_and_every_step() -> None:
    assert {state for state, _, _ in _pairs()} == set(DeviationState)
    assert {step for _, step, _ in _pairs()} == set(Step)
    assert set(WHO_MAY) == set(Step)
    assert set(DeviationState) == OPEN_STATES | ENDED_STATES


def test_every_state_can_be_reached_from_a_new_report() -> None:
    reached = {DeviationState.REPORTED}
    while True:
        more = {after for (state, _), after in TRANSITIONS.items() if state in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(DeviationState)


def test_no_state_is_dead_but_the_final_one() -> None:
    leaving = {state for (state, _), after in TRANSITIONS.items() if after != state}
    assert set(DeviationState) - leaving == FINAL_STATES == {DeviationState.WITHDRAWN}


def test_from_every_state_that_is_not_final_the_case_can_still_be_closed() -> None:
    for start in set(DeviationState) - FINAL_STATES:
        reached = {start}
        for _round in DeviationState:
            reached |= {after for (state, _), after in TRANSITIONS.items() if state in reached}
        assert DeviationState.CLOSED in reached


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("party", Party)
def test_a_party_takes_a_step_only_when_the_step_is_theirs(step: Step, party: Party) -> None:
    """AZ-22: no step jumps a state, and none is taken by somebody else."""
    for state in DeviationState:
        allowed = party in WHO_MAY[step] and next_state(state, step) is not None
        assert may_step(state, step, frozenset({party})) is allowed


def test_a_reader_who_was_copied_takes_no_step() -> None:
    assert not any(
        may_step(state, step, frozenset({Party.READER}))
        for state in DeviationState
        for step in Step
    )


def test_nobody_takes_a_step_without_being_party_to_the_case() -> None:
    assert not may_step(DeviationState.REPORTED, Step.ACKNOWLEDGE, frozenset())


DONE = ActionFacts(ActionState.DONE, "")
OPEN = ActionFacts(ActionState.OPEN, "")
DROPPED = ActionFacts(ActionState.DROPPED, "Lokalet er stengt.")
DROPPED_SILENTLY = ActionFacts(ActionState.DROPPED, "  ")


@pytest.mark.parametrize(
    ("answer", "actions", "severity", "is_evaluated", "faults"),
    [
        ("Matta er byttet.", [], Severity.LOW, False, []),
        ("Matta er byttet.", [DONE, DROPPED], Severity.MEDIUM, False, []),
        ("  \n", [], Severity.LOW, False, [Fault.NO_ANSWER]),
        ("Ok.", [DONE, OPEN], Severity.LOW, False, [Fault.OPEN_ACTIONS]),
        ("Ok.", [DROPPED_SILENTLY], Severity.LOW, False, [Fault.OPEN_ACTIONS]),
        ("Ok.", [], Severity.HIGH, False, [Fault.NOT_EVALUATED]),
        ("Ok.", [], Severity.CRITICAL, False, [Fault.NOT_EVALUATED]),
        ("Ok.", [DONE], Severity.CRITICAL, True, []),
        (
            "",
            [OPEN],
            Severity.HIGH,
            False,
            [Fault.NO_ANSWER, Fault.OPEN_ACTIONS, Fault.NOT_EVALUATED],
        ),
    ],
)
def test_closing_demands_an_answer_settled_actions_and_an_evaluation_from_high(
    answer: str,
    actions: list[ActionFacts],
    severity: Severity,
    is_evaluated: bool,
    faults: list[Fault],
) -> None:
    found = closing_faults(
        answer=answer, actions=actions, severity=severity, is_evaluated=is_evaluated
    )
    assert found == faults


CLOSED_AT = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "has_said", "after", "expected"),
    [
        (DeviationState.CLOSED, False, timedelta(days=14), True),
        (DeviationState.CLOSED, False, timedelta(days=14, seconds=1), False),
        (DeviationState.CLOSED, True, timedelta(days=1), False),
        (DeviationState.REJECTED, False, timedelta(days=1), False),
        (DeviationState.IN_PROGRESS, False, timedelta(days=1), False),
    ],
)
def test_the_reporter_says_not_solved_once_within_fourteen_days(
    state: DeviationState, has_said: bool, after: timedelta, expected: bool
) -> None:
    assert may_say_not_solved(state, CLOSED_AT, has_said=has_said, at=CLOSED_AT + after) is expected


def test_a_deadline_is_met_on_its_own_day_and_missed_from_the_next() -> None:
    assert not is_overdue(date(2026, 10, 12), date(2026, 10, 12))
    assert is_overdue(date(2026, 10, 12), date(2026, 10, 13))
    assert not is_overdue(None, date(2026, 10, 13))


@pytest.mark.parametrize(
    ("state", "handler_id", "due_on", "expected"),
    [
        ("reported", 3, date(2026, 11, 2), date(2026, 11, 2)),
        ("reported", None, date(2026, 11, 2), date.min),
        ("actions_under_way", 3, None, date.max),
        ("closed", 3, date(2026, 11, 2), None),
        ("withdrawn", None, None, None),
    ],
)
def test_the_unassigned_stand_first_on_the_desk_and_the_ended_nowhere(
    state: str, handler_id: int | None, due_on: date | None, expected: date | None
) -> None:
    assert desk_day(DeviationState(state), handler_id, due_on) == expected
