"""Lives through the year's deviations in the order of time, by the actions that the pages use."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, is_working_day, now, oslo_moment, stopped_at
from intranet.demo.actions.cast import Cast
from intranet.demo.actions.steps import STEPS, Scene
from intranet.demo.story import Outcome, Story, tell_stories
from intranet.deviations.actions.escalate import (
    escalate_action,
    escalate_deviation,
    list_due_actions,
    list_due_deviations,
)
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.severity import Severity

_SEED = 1814
# Days after the report at which each step is taken, when the case has all the time it needs.
_BASIC = (("acknowledge", 0.6), ("start", 1.5))
_ACTION = (*_BASIC, ("ask", 1.7), ("reply", 2.1), ("note", 2.4), ("add_action", 3.0))
_DONE = (*_ACTION, ("finish_action", 15.0))
_EVALUATED = (*_DONE, ("plan_evaluation", 16.0), ("evaluate", 46.0), ("close", 47.0))
_PLAN: dict[Outcome, tuple[tuple[str, float], ...]] = {
    Outcome.REPORTED: (),
    Outcome.ACKNOWLEDGED: _BASIC[:1],
    Outcome.IN_PROGRESS: (*_BASIC, ("note", 2.4)),
    Outcome.FORWARDED: (("acknowledge", 0.4), ("forward", 1.2)),
    Outcome.LIFTED: (*_BASIC, ("lift", 3.2)),
    Outcome.ACTIONS_UNDER_WAY: _ACTION,
    Outcome.AWAITING_EVALUATION: (*_DONE, ("plan_evaluation", 16.0)),
    Outcome.CLOSED: (*_DONE, ("close", 16.5)),
    Outcome.NOT_SOLVED: (*_DONE, ("close", 16.5), ("say_not_solved", 24.0)),
    Outcome.REOPENED: (*_DONE, ("close", 16.5), ("reopen", 40.0)),
    Outcome.REJECTED: (("reject", 1.4),),
    Outcome.WITHDRAWN: (("withdraw", 0.1),),
}
_LAST_MINUTE = timedelta(minutes=2)


@dataclass(order=True)
class _Event:
    """One thing that happens at a moment. Day and night have no scene."""

    at: datetime
    order: int
    step: str = field(compare=False)
    scene: Scene | None = field(compare=False, default=None)


def seed_deviations(cast: Cast, numbers: dict[str, str]) -> int:
    """Report and handle all of them; returns how many. `numbers`: documents by their beginning."""
    # The same year each time.
    chance = random.Random(_SEED)  # noqa: S311
    seeded_at = now()
    events: list[_Event] = []
    stories = tell_stories()
    for story in stories:
        scene = Scene(cast, story, _reporter(story, cast, chance))
        scene.document_number = numbers.get(story.procedure, "")
        events += _events_of(scene, seeded_at, chance)
    first = min(event.at for event in events)
    events += _mornings(first.astimezone(OSLO).date(), seeded_at)
    for number, event in enumerate(sorted(events)):
        with stopped_at(event.at):
            _happen(event, number)
    return len(stories)


def _happen(event: _Event, number: int) -> None:
    if event.scene is None:
        _let_the_clock_work(event.at)
    elif event.step == "report":
        _report(event.scene, number)
    else:
        STEPS[event.step](event.scene)


def _report(scene: Scene, number: int) -> None:
    story = scene.story
    reporter: Viewer = scene.cast.viewer(scene.reporter_id)
    deviation = report_deviation(
        Report(
            what=story.what,
            unit_id=scene.cast.unit_ids[story.unit_key],
            happened_at=now() - timedelta(minutes=20 + number % 90),
            send_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"havnsund:{story.what}")),
            category=story.category,
            answers=story.answers if story.category else None,
            immediate_action=story.immediate,
            procedure_number=scene.document_number,
        ),
        actor=reporter,
    )
    scene.number = deviation.number


def _let_the_clock_work(at: datetime) -> None:
    """Remind and escalate as the job does each morning."""
    for deviation_id in list_due_deviations(at):
        escalate_deviation(deviation_id, at)
    for action_id in list_due_actions(at):
        escalate_action(action_id, at)


def _reporter(story: Story, cast: Cast, chance: random.Random) -> int:
    """Return somebody of the unit; in the told unit often the told employee."""
    if story.unit_key == "hjemme-nord" and chance.random() < 0.6:
        return cast.account("employee")
    staff = cast.staff_of(story.unit_key)
    return chance.choice(staff)


def _events_of(scene: Scene, seeded_at: datetime, chance: random.Random) -> list[_Event]:
    story = scene.story
    reported = _clock_time(seeded_at - timedelta(days=story.age), chance)
    reported = min(reported, seeded_at - timedelta(minutes=40))
    events = [_Event(reported, 0, "report", scene)]
    plan = _PLAN[story.outcome]
    if story.outcome is Outcome.CLOSED and scene.severity.at_least(Severity.HIGH):
        plan = _EVALUATED
    room = (seeded_at - reported) / timedelta(days=1)
    longest = plan[-1][1] if plan else 0
    # A case that is younger than its plan goes through it faster.
    pace = min(1.0, 0.9 * room / longest) if longest else 1.0
    before = reported
    for order, (step, days) in enumerate(plan, start=1):
        wanted = reported + timedelta(days=days * pace * chance.uniform(0.85, 1.1))
        before = _office_time(wanted, before, seeded_at, chance)
        events.append(_Event(before, order, step, scene))
    return events


def _clock_time(moment: datetime, chance: random.Random) -> datetime:
    """Move a report to an hour when people are at work, evenings and mornings included."""
    hour = chance.choice((7, 8, 9, 10, 11, 13, 14, 15, 17, 19, 21))
    return oslo_moment(moment.astimezone(OSLO).date(), time(hour, chance.randrange(60)))


def _office_time(
    wanted: datetime, before: datetime, latest: datetime, chance: random.Random
) -> datetime:
    """Return a moment in office hours after `before`, and always before `latest`."""
    day = wanted.astimezone(OSLO).date()
    while not is_working_day(day):
        day += timedelta(days=1)
    moment = oslo_moment(day, time(chance.randrange(8, 16), chance.randrange(60)))
    moment = max(moment, before + timedelta(minutes=chance.randrange(7, 40)))
    return moment if moment < latest else before + min(_LAST_MINUTE, (latest - before) / 2)


def _mornings(first: date, seeded_at: datetime) -> list[_Event]:
    """Return each morning of the year, when the clock looks for what is due."""
    events = []
    day = first
    while (at := oslo_moment(day, time(6, 30))) < seeded_at:
        events.append(_Event(at, 0, "morning"))
        day += timedelta(days=1)
    return events
