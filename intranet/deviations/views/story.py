"""What the page of a case tells in words: the line of steps, the timeline, what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from intranet.core.text import _
from intranet.deviations.headline import headline
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import ActionRow, EntryRow
from intranet.deviations.words import EVENT_ICONS, STATES, event_words
from intranet.deviations.workflow import (
    ActionFacts,
    ActionState,
    DeviationState,
    Fault,
    Step,
    closing_faults,
)
from intranet.web.filters import day_short


@dataclass(frozen=True)
class StoryLine:
    """One line of the timeline as the template's macro wants it."""

    who: str
    initials: str
    action: str
    at: Any
    text: str
    kind: str
    icon: str


def list_steps(deviation: Deviation) -> list[tuple[str, str, str]]:
    """Return (words, note, "done" | "current" | "todo") for the line of steps at the top."""
    order = (
        DeviationState.REPORTED,
        DeviationState.ACKNOWLEDGED,
        DeviationState.ACTIONS_UNDER_WAY,
        DeviationState.AWAITING_EVALUATION,
        DeviationState.CLOSED,
    )
    state = deviation.state
    if state in (DeviationState.REJECTED, DeviationState.WITHDRAWN):
        return [
            (_("Meldt"), day_short(deviation.reported_at), "done"),
            (str(STATES[state][0]), day_short(deviation.closed_at), "current"),
        ]
    if state == DeviationState.MERGED:
        return [
            (_("Meldt"), day_short(deviation.reported_at), "done"),
            (str(STATES[state][0]), "", "current"),
        ]
    place = {
        DeviationState.REPORTED: 1,
        DeviationState.ACKNOWLEDGED: 2,
        DeviationState.IN_PROGRESS: 2,
        DeviationState.ACTIONS_UNDER_WAY: 2,
        DeviationState.AWAITING_EVALUATION: 3,
        DeviationState.CLOSED: 5,
    }[state]
    words = (_("Meldt"), _("Mottatt"), _("Tiltak"), _("Effekt sjekket"), _("Lukket"))
    items = []
    for number, text in enumerate(words[: len(order)]):
        note = ""
        if number == 0:
            note = day_short(deviation.reported_at)
        elif number == place and deviation.due_on is not None:
            note = _("frist %(day)s", day=day_short(deviation.due_on))
        elif number == len(words) - 1 and deviation.closed_at is not None:
            note = day_short(deviation.closed_at)
        looks = "done" if number < place else ("current" if number == place else "todo")
        items.append((text, note, looks))
    return items


def list_lacks(deviation: Deviation, actions: list[ActionRow]) -> list[tuple[str, str]]:
    """Return what must be done before closing, each with the address of where it is done.

    The answer is not among them: it is written in the closing itself.
    """
    faults = closing_faults(
        answer="-",
        actions=[ActionFacts(action.state, action.note) for action in actions],
        severity=deviation.severity,
        is_evaluated=deviation.evaluated_at is not None,
    )
    found = []
    if Fault.OPEN_ACTIONS in faults:
        for action in actions:
            if action.state == ActionState.OPEN:
                text = _("Avslutt tiltaket «%(what)s»", what=headline(action.what))
                found.append((text, url_for("deviations.show_action", action_id=action.id)))
    if Fault.NOT_EVALUATED in faults:
        found.append(_evaluation_link(deviation, has_actions=bool(actions)))
    return found


def _evaluation_link(deviation: Deviation, *, has_actions: bool) -> tuple[str, str]:
    if deviation.state == DeviationState.ACKNOWLEDGED:
        step, text = Step.ADD_ACTION, _("Avviket er alvorlig. Legg til et tiltak")
    elif deviation.state == DeviationState.AWAITING_EVALUATION:
        step, text = Step.EVALUATE, _("Avviket er alvorlig. Skriv om tiltakene virker")
    else:
        text = _("Avviket er alvorlig. Sett dato for å sjekke effekten")
        step = Step.PLAN_EVALUATION
    if step == Step.PLAN_EVALUATION and not has_actions:
        text = _("Avviket er alvorlig. Sett dato for å sjekke at det er løst")
    return text, url_for(
        "deviations.show_deviation", number=deviation.number, steg=step, _anchor=f"step-{step}"
    )


def story_line(entry: EntryRow, *, is_anonymous: bool) -> StoryLine:
    who = entry.author_words(is_anonymous=is_anonymous)
    action = event_words(entry.code, entry.params)
    if entry.leader_name:
        action = _("%(what)s på vegne av %(name)s", what=action, name=entry.leader_name)
    return StoryLine(
        who=who,
        initials="".join(part[0] for part in who.split()[:2]),
        action=action,
        at=entry.at,
        text=entry.text,
        kind=entry.kind,
        icon=EVENT_ICONS.get(entry.code, "Clock"),
    )
