"""What the law asked for, for the copy of a case: kind, answers, clocks; no closed text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.deviations.case_copy import Part, PartKind
from intranet.deviations.clock_models import DeviationDetails, StatutoryClock
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import find_details, list_clocks
from intranet.deviations.queries.follow_up import list_follow_up
from intranet.deviations.queries.letter_copies import (
    letter_data,
    list_all_letter_parts,
    list_letter_parts,
)
from intranet.deviations.queries.plans import list_plans
from intranet.deviations.type_policy import sees_clocks
from intranet.deviations.type_words import (
    CHOICES,
    CLOCKS,
    FOLLOW_UP,
    KINDS,
    QUESTIONS,
    STATES,
    moment_words,
)
from intranet.deviations.types import Kind
from intranet.deviations.words import in_language


def list_special_parts(case: Case, viewer: Viewer) -> list[Part]:
    """Return the answers and the clocks as parts, each of which may be withheld by itself."""
    return [*_parts_of(*_load(case, viewer)), *list_letter_parts(case, viewer)]


def list_all_special_parts(deviation_id: int) -> list[Part]:
    """Return them asking nobody's leave, with the closed text: for a room that takes over."""
    details = find_details(deviation_id)
    parts = _parts_of(details, list_clocks(deviation_id))
    if details is not None and details.hidden_text:
        parts.append(Part("hidden", PartKind.DETAIL, _("Lukket tekst"), details.hidden_text))
    parts += [_whole_plan(plan) for plan in list_plans(deviation_id)]
    return [*parts, *list_all_letter_parts(deviation_id)]


def _whole_plan(plan: DeviationPlan) -> Part:
    lines = [plan.problem, plan.child_view]
    lines += [f"{each['what']} ({each['who']}, {each['day']})" for each in plan.measures]
    heading = _("Skriftlig plan, versjon %(number)s", number=plan.number)
    text = "\n".join([*lines, plan.change_note]).strip()
    return Part(f"plan-{plan.number}-text", PartKind.DETAIL, heading, text)


def _parts_of(details: DeviationDetails | None, clocks: list[StatutoryClock]) -> list[Part]:
    parts = []
    for key, value in (details.answers if details else {}).items():
        assert details is not None
        question = str(QUESTIONS.get(f"{details.kind}.{key}", key))
        answer = str(CHOICES.get(value, value))
        about = str(KINDS[details.kind])
        parts.append(Part(f"special-{key}", PartKind.DETAIL, question, answer, about))
    for row in list_follow_up(details.deviation_id, Kind(details.kind)) if details else []:
        heading = _("Oppfølging: %(what)s", what=in_language(row.words))
        lines = [str(FOLLOW_UP[row.state]), row.reason]
        text = "\n".join(line for line in lines if line)
        parts.append(Part(f"follow-{row.id}", PartKind.DETAIL, heading, text))
    for plan in list_plans(details.deviation_id) if details else []:
        heading = _("Skriftlig plan, versjon %(number)s", number=plan.number)
        text = _(
            "Laget %(made)s, evalueres %(day)s. Innholdet står i den lukkede delen.",
            made=moment_words(plan.created_at),
            day=f"{plan.evaluate_on:%d.%m.%Y}",
        )
        parts.append(Part(f"plan-{plan.number}", PartKind.DETAIL, heading, text))
    for clock in clocks:
        about = _("Til: %(who)s", who=clock.recipient) + f" · {clock.law}"
        heading = f"{CLOCKS.get(_name(clock), _name(clock))}: {STATES[clock.state][0]}"
        lines = [_("Innen %(moment)s", moment=moment_words(clock.due_at))]
        if clock.met_at is not None:
            lines.append(_("Gjort %(moment)s", moment=moment_words(clock.met_at)))
        lines += [text for text in (clock.reference, clock.sent_note, clock.reason) if text]
        parts.append(Part(f"clock-{clock.id}", PartKind.DETAIL, heading, "\n".join(lines), about))
    return parts


def special_data(case: Case, viewer: Viewer) -> dict[str, Any]:
    """Return the same as data; moments in UTC."""
    details, clocks = _load(case, viewer)
    return {
        "kind": str(details.kind) if details else None,
        "kind_answers": details.answers if details else {},
        **(_worked_data(details) if details else {"plan_versions": [], "follow_up": []}),
        "statutory_clocks": [
            {
                "clock": _name(clock),
                "law": clock.law,
                "recipient": clock.recipient,
                "limit": str(clock.limit),
                "amount": clock.amount,
                "started_at": _iso(clock.started_at),
                "first_started_at": _iso(clock.original_started_at),
                "due_at": _iso(clock.due_at),
                "state": str(clock.state),
                "met_at": _iso(clock.met_at),
                "sent": clock.sent_note,
                "reference": clock.reference,
                "reason": clock.reason,
            }
            for clock in clocks
        ],
        "letters": letter_data(case, viewer),
    }


def _worked_data(details: DeviationDetails) -> dict[str, Any]:
    """Return what was planned and proposed, without a word of what the plan says."""
    return {
        "plan_versions": [
            {
                "version": plan.number,
                "made_at": _iso(plan.created_at),
                "evaluate_on": plan.evaluate_on.isoformat(),
            }
            for plan in list_plans(details.deviation_id)[::-1]
        ],
        "follow_up": [
            {
                "what": dict(row.words),
                "state": str(row.state),
                "reason": row.reason,
                "decided_at": _iso(row.decided_at),
            }
            for row in list_follow_up(details.deviation_id, Kind(details.kind))
        ],
    }


def _load(case: Case, viewer: Viewer) -> tuple[DeviationDetails | None, list[StatutoryClock]]:
    if not sees_clocks(viewer, case.access):
        return None, []
    details = find_details(case.deviation.id)
    return details, list_clocks(case.deviation.id) if details else []


def _name(clock: StatutoryClock) -> str:
    return f"{clock.key}.{clock.phase}"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
