"""Decides what happens to each of the year's deviations, and how long after the report. Pure."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from intranet.demo.organisation import CONTENT

_SEED = 412
_HOME = "hjemme-nord"


class Outcome(StrEnum):
    """How far a case has come on the day of the seeding."""

    CLOSED = "closed"
    NOT_SOLVED = "not_solved"
    REOPENED = "reopened"
    AWAITING_EVALUATION = "awaiting_evaluation"
    ACTIONS_UNDER_WAY = "actions_under_way"
    IN_PROGRESS = "in_progress"
    FORWARDED = "forwarded"
    LIFTED = "lifted"
    ACKNOWLEDGED = "acknowledged"
    REPORTED = "reported"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Story:
    """One report and its fate. `age` in days; `texts` are what the steps say."""

    unit_key: str
    what: str
    age: float
    outcome: Outcome
    texts: dict[str, str]
    category: str | None = None
    answers: tuple[str, ...] = ()
    immediate: str = ""
    procedure: str = ""


# (outcome, how many, oldest age, youngest age): the open ones are recent, the closed are spread.
_ANSWERED = (
    (Outcome.CLOSED, 77, 362, 26),
    (Outcome.NOT_SOLVED, 2, 41, 34),
    (Outcome.REOPENED, 1, 58, 58),
    (Outcome.AWAITING_EVALUATION, 8, 70, 33),
    (Outcome.ACTIONS_UNDER_WAY, 12, 31, 6),
)
_UNANSWERED = (
    (Outcome.REPORTED, 10, 4, 0),
    (Outcome.IN_PROGRESS, 7, 18, 5),
    (Outcome.ACKNOWLEDGED, 9, 8, 1),
    (Outcome.FORWARDED, 4, 12, 4),
    (Outcome.LIFTED, 4, 14, 5),
    (Outcome.WITHDRAWN, 6, 320, 3),
)


def tell_stories() -> list[Story]:
    """Return the 150 reports of the year, the same each time, the oldest first."""
    content: dict[str, Any] = json.loads((CONTENT / "deviations.json").read_text("utf-8"))
    # Believable order, not secrecy.
    chance = random.Random(_SEED)  # noqa: S311
    situations = content["situations"]
    answered = [(row, variant) for variant in (0, 1) for row in situations]
    chance.shuffle(answered)
    fates = list(_spread(_ANSWERED, chance))
    stories = [
        _story(row, variant, outcome, age, content, chance)
        for (row, variant), (outcome, age) in zip(answered, fates, strict=True)
    ]
    # Those of the told unit come first, so that its leader has something of each kind to do.
    rest = sorted(situations, key=lambda row: _HOME not in row["units"])
    waiting = sorted(_spread(_UNANSWERED, chance), key=lambda _fate: chance.random())
    stories += [
        _story(row, 2, outcome, age, content, chance)
        for row, (outcome, age) in zip(rest, waiting, strict=False)
    ]
    stories += list(_rejected(content))
    return sorted(stories, key=lambda story: -story.age)


def _spread(table: Any, chance: random.Random) -> Iterator[tuple[Outcome, float]]:
    for outcome, count, oldest, youngest in table:
        for number in range(count):
            share = number / max(count - 1, 1)
            wobble = chance.uniform(0.02, 0.4)
            yield outcome, round(oldest - (oldest - youngest) * share + wobble, 3)


def _story(
    row: dict[str, Any],
    variant: int,
    outcome: Outcome,
    age: float,
    content: dict[str, Any],
    chance: random.Random,
) -> Story:
    units = row["units"]
    unit = _HOME if variant == 2 and _HOME in units else units[variant % len(units)]
    texts: dict[str, str] = {
        name: row[name] for name in ("action", "done", "answer", "effect") if name in row
    }
    texts |= {name: row[name] for name in ("question", "reply") if name in row and variant == 0}
    for name in ("forward", "lift", "reopen"):
        texts[name] = chance.choice(content[f"{name}_reasons"])
    texts["not_solved"] = chance.choice(content["not_solved"])
    texts["note"] = chance.choice(content["notes"])
    return Story(
        unit_key=unit,
        what=row["what"][variant],
        age=age,
        outcome=outcome,
        texts=texts,
        category=row["category"],
        answers=tuple(row["answers"]),
        immediate=row["immediate"],
        procedure=row["procedure"],
    )


def _rejected(content: dict[str, Any]) -> Iterator[Story]:
    rows = content["rejected"]
    for number, row in enumerate(rows):
        yield Story(
            unit_key=row["unit"],
            what=row["what"],
            age=300 - number * 31.3,
            outcome=Outcome.REJECTED,
            texts={"reject": row["reason"]},
            category=row.get("category"),
        )
