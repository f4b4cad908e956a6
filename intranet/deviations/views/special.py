"""What the law asks for in a case, for the two sections of its page and the words they use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intranet.core.clock import now
from intranet.deviations import type_words
from intranet.deviations.clock_models import (
    AuthorityNumber,
    DeviationDetails,
    KindProposal,
    StatutoryClock,
)
from intranet.deviations.clocks import Limit, is_late
from intranet.deviations.queries import clocks as queries
from intranet.deviations.queries.cases import Case
from intranet.deviations.type_policy import (
    chooses_kind,
    proposes_kind,
    reads_breaches,
    reads_hidden,
    reads_injuries,
    sees_clocks,
    works_clocks,
)
from intranet.deviations.types import TYPES, Kind, missing_answers
from intranet.deviations.views.blueprint import blueprint
from intranet.web.access import current_viewer


@dataclass(frozen=True)
class Special:
    """What the two sections of the case's page show to this viewer."""

    kind: Kind = Kind.ORDINARY
    details: DeviationDetails | None = None
    clocks: list[StatutoryClock] = field(default_factory=list)
    answered: list[tuple[Any, Any]] = field(default_factory=list)
    is_complete: bool = True
    banner: Any = ""
    hint: Any = ""
    numbers: list[AuthorityNumber] = field(default_factory=list)
    proposal: KindProposal | None = None
    sees: bool = False
    works: bool = False
    chooses: bool = False
    proposes: bool = False
    opens_hidden: bool = False


@blueprint.context_processor
def add_special() -> dict[str, Any]:
    """Give the case's page its sections, and the words for them."""
    return {
        "special_of": special_of,
        "kind_words": type_words.KINDS,
        "choice_words": type_words.CHOICES,
        "clock_words": type_words.CLOCKS,
        "clock_states": type_words.STATES,
        "limit_words": type_words.limit_words,
        "left_words": lambda clock: type_words.left_words(clock.due_at, now()),
        "is_clock_late": lambda clock: is_late(now(), clock.due_at, clock.limit),
        "sees_injuries": lambda: reads_injuries(current_viewer()),
        "sees_breaches": lambda: reads_breaches(current_viewer()),
        "AT_ONCE": Limit.AT_ONCE,
    }


def special_of(case: Case) -> Special:
    """Return what the law asks for in the case, as far as the viewer may see and do it."""
    viewer = current_viewer()
    proposes, sees = proposes_kind(viewer, case.access), sees_clocks(viewer, case.access)
    details, proposal = queries.load_kind(case.deviation.id)
    kind = Kind.ORDINARY if details is None else Kind(details.kind)
    if not sees or details is None:
        return Special(
            kind,
            details,
            proposal=proposal,
            proposes=proposes and details is None,
            chooses=sees and chooses_kind(viewer, case.access),
        )
    clocks = queries.list_clocks(case.deviation.id)
    rule = TYPES[kind]
    return Special(
        kind,
        details,
        clocks,
        _answered(kind, details),
        not missing_answers(kind, details.answers),
        type_words.BANNERS.get(kind, "") if _is_pressing(kind, details, clocks) else "",
        type_words.HINTS.get(kind, ""),
        queries.list_numbers(kind),
        proposal=proposal,
        sees=True,
        works=works_clocks(viewer, case.access, kind, roles_of(case)),
        chooses=chooses_kind(viewer, case.access),
        opens_hidden=rule.hidden and reads_hidden(viewer, case.access),
    )


def roles_of(case: Case) -> dict[int, str]:
    """Return person to role of those who were copied."""
    return {person: role for person, (_person_name, role) in case.copied.items()}


def _is_pressing(kind: Kind, details: DeviationDetails, clocks: list[StatutoryClock]) -> bool:
    """Whether somebody must be called at once, or nobody has said yet whether they must."""
    if kind == Kind.WORK_INJURY and "serious" not in details.answers:
        return True
    pressing = (
        (Limit.AT_ONCE, Limit.WORKING_DAYS) if kind == Kind.STOP_OF_WORK else (Limit.AT_ONCE,)
    )
    return any(clock.is_open and clock.limit in pressing for clock in clocks)


def _answered(kind: Kind, details: DeviationDetails) -> list[tuple[Any, Any]]:
    return [
        (
            type_words.QUESTIONS[f"{kind}.{question.key}"],
            type_words.CHOICES.get(details.answers[question.key], details.answers[question.key]),
        )
        for question in TYPES[kind].questions
        if question.key in details.answers
    ]
