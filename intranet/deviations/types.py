"""The special types of deviations as data: questions, readers, and what closing demands of each.

Reads no table and tells nobody. The words stand in `type_words.py`, the clocks in `clocks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

YES, NO = "yes", "no"


class Kind(StrEnum):
    """What kind of event it is in the eyes of the law; most are ordinary."""

    ORDINARY = "ordinary"
    WORK_INJURY = "work_injury"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"
    DATA_BREACH = "data_breach"
    CARE_EVENT = "care_event"
    MEDICAL_DEVICE = "medical_device"
    SCHOOL = "school"
    NURSERY = "nursery"
    INTERVENTION = "intervention"
    FIRE = "fire"
    POLLUTION = "pollution"
    DRINKING_WATER = "drinking_water"
    DIGITAL = "digital"
    STOP_OF_WORK = "stop_of_work"


class Shape(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class TypeQuestion:
    """One question of a type. `when`: only demanded when these answers are there ("risk=low").

    `is_retired`: asked no more, but what was answered stands.
    """

    key: str
    shape: Shape = Shape.YES_NO
    choices: tuple[str, ...] = ()
    is_demanded: bool = False
    when: str = ""
    is_retired: bool = False


@dataclass(frozen=True)
class TypeRule:
    """What is special about one kind.

    `readers`: roles that get a copy. `workers`: those of them who may also mark clocks. `hidden`:
    whether it has a closed text for names; `needs_consent`: the answer without which that text may
    not be written.
    """

    questions: tuple[TypeQuestion, ...] = ()
    readers: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    hidden: bool = False
    needs_consent: str = ""
    banner: bool = False
    # Whether the law asks for a written plan when something is done (`plans.py`).
    has_plan: bool = False


def _ask(key: str, *, demanded: bool = True, when: str = "") -> TypeQuestion:
    return TypeQuestion(key, is_demanded=demanded, when=when)


def _text(key: str, *, demanded: bool = True, when: str = "") -> TypeQuestion:
    return TypeQuestion(key, Shape.TEXT, is_demanded=demanded, when=when)


def _retired(*keys: str) -> tuple[TypeQuestion, ...]:
    return tuple(TypeQuestion(key, Shape.TEXT, is_retired=True) for key in keys)


# The questions that stood for the plan before it had a place of its own.
OLD_PLAN = ("problem", "measures", "who_when", "evaluated")

_SAFETY = ("safety_representative",)
_ALL_SAFETY = ("safety_representative", "chief_safety_representative")
_PRIVACY = ("data_protection_officer",)

TYPES: Mapping[Kind, TypeRule] = {
    Kind.ORDINARY: TypeRule(),
    # arbeidsmiljøloven § 5-1: no medical information without consent; § 5-2; § 6-2.
    Kind.WORK_INJURY: TypeRule(
        (
            _ask("serious"),
            _text("register_text"),
            _ask("consent", demanded=False),
        ),
        readers=_SAFETY,
        hidden=True,
        needs_consent="consent",
        banner=True,
    ),
    Kind.VIOLENCE: TypeRule(
        (_ask("police"), _ask("injured"), _text("support"), _text("risk_changed")),
        readers=_SAFETY,
        hidden=True,
    ),
    # forskrift om utførelse av arbeid § 2A-4; the names of both sides stand in the closed text.
    Kind.HARASSMENT: TypeRule(
        (_text("support"), _text("examined"), _text("risk_changed")), hidden=True
    ),
    # GDPR art. 33 (5): facts, effects and remedies of every breach are written down.
    Kind.DATA_BREACH: TypeRule(
        (
            _text("facts"),
            TypeQuestion("risk", Shape.CHOICE, ("unlikely", "likely", "high"), is_demanded=True),
            _text("effects"),
            _text("remedies"),
            _text("not_reported", when="risk=unlikely"),
        ),
        readers=_PRIVACY,
        workers=_PRIVACY,
    ),
    Kind.CARE_EVENT: TypeRule(
        (_ask("harm"), _ask("unexpected"), _text("journal", demanded=False)), readers=()
    ),
    Kind.MEDICAL_DEVICE: TypeRule((_ask("kept"), _text("device"))),
    # What the plan says (opplæringslova § 12-4, barnehageloven § 42) was once asked here.
    Kind.SCHOOL: TypeRule(
        (_ask("staff"), *_retired("heard", *OLD_PLAN)), hidden=True, has_plan=True
    ),
    Kind.NURSERY: TypeRule((_ask("staff"), *_retired(*OLD_PLAN)), hidden=True, has_plan=True),
    Kind.INTERVENTION: TypeRule((_text("pupil_view"), _ask("repeated"), _text("why")), hidden=True),
    Kind.FIRE: TypeRule((_ask("brigade"), _ask("dangerous_goods"), _text("learned"))),
    Kind.POLLUTION: TypeRule((_text("substance"),), banner=True),
    Kind.DRINKING_WATER: TypeRule((_text("subscribers"),), banner=True),
    Kind.DIGITAL: TypeRule((_ask("covered"), _text("effects")), readers=_PRIVACY),
    # arbeidsmiljøloven § 6-3; the leader must answer (§ 6-2 third paragraph).
    Kind.STOP_OF_WORK: TypeRule(
        (_text("danger"), _text("leader_answer")), readers=_ALL_SAFETY, banner=True
    ),
}

# What a reporter may propose after sending.
PROPOSED_KINDS = tuple(kind for kind in Kind if kind not in (Kind.ORDINARY, Kind.DIGITAL))
# Never in the lists of health and safety: the pupil's or the child's own case.
CHILD_KINDS = frozenset({Kind.SCHOOL, Kind.NURSERY, Kind.INTERVENTION})


class TypeFault(StrEnum):
    """Why a case of a special type cannot end yet."""

    CLOCK_RUNS = "clock_runs"
    NO_ANSWERS = "no_answers"
    IS_PROPOSED = "is_proposed"
    FOLLOW_UP_WAITS = "follow_up_waits"
    NO_PLAN = "no_plan"


def missing_answers(kind: Kind, answers: Mapping[str, str]) -> list[str]:
    """Return the keys of the questions that closing demands and nobody has answered."""
    return [
        question.key
        for question in TYPES[kind].questions
        if question.is_demanded
        and _holds(question.when, answers)
        and not answers.get(question.key, "").strip()
    ]


def type_faults(
    kind: Kind,
    answers: Mapping[str, str],
    *,
    has_open_clocks: bool,
    is_proposed: bool = False,
    has_follow_up_waiting: bool = False,
    lacks_plan: bool = False,
) -> list[TypeFault]:
    """Return what the type has against closing the case now; empty when nothing."""
    faults = []
    if has_open_clocks:
        faults.append(TypeFault.CLOCK_RUNS)
    if is_proposed:
        faults.append(TypeFault.IS_PROPOSED)
    if missing_answers(kind, answers):
        faults.append(TypeFault.NO_ANSWERS)
    if has_follow_up_waiting:
        faults.append(TypeFault.FOLLOW_UP_WAITS)
    if lacks_plan:
        faults.append(TypeFault.NO_PLAN)
    return faults


def known_answers(kind: Kind, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that belong to the kind and have a value that it knows."""
    found = {}
    for question in TYPES[kind].questions:
        value = answers.get(question.key, "").strip()
        allowed: tuple[str, ...] = (YES, NO) if question.shape == Shape.YES_NO else question.choices
        if value and (question.shape == Shape.TEXT or value in allowed):
            found[question.key] = value
    return found


def retired_answers(kind: Kind, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what was answered to questions that are asked no more."""
    retired = {question.key for question in TYPES[kind].questions if question.is_retired}
    return {key: value for key, value in answers.items() if key in retired}


def has_old_plan(answers: Mapping[str, str]) -> bool:
    """Whether the plan was written as answers, before it had a place of its own."""
    return all(answers.get(key, "").strip() for key in OLD_PLAN)


def _holds(when: str, answers: Mapping[str, str]) -> bool:
    key, _equals, value = when.partition("=")
    return not key or answers.get(key) == (value or YES)
