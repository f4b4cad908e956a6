"""What the administrator has decided: categories with their questions, causes, deadlines, copies.

A process keeps it in memory. Pages look at most every few seconds whether another
process has changed them; what judges a report looks every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic

from flask import current_app
from sqlalchemy import select

from intranet.core.reads import read
from intranet.deviations.categories import (
    AskedQuestion,
    CategoryRow,
    CategorySettings,
    CauseRow,
)
from intranet.deviations.escalation import DEFAULT_DAYS, Days
from intranet.deviations.models import (
    CopyRule,
    DeadlineSetting,
    DeviationCategory,
    DeviationCause,
    DeviationQuestion,
    SettingsVersion,
)
from intranet.deviations.routing import DEFAULT_COPIES, CopyRow
from intranet.deviations.severity import Question, Severity
from intranet.extensions import db

CACHE = "deviation_settings"
_SECONDS = 10.0
_VERSION = select(SettingsVersion.version)
_DAYS = select(
    DeadlineSetting.severity_rank,
    DeadlineSetting.acknowledge,
    DeadlineSetting.decide,
    DeadlineSetting.close,
    DeadlineSetting.climb,
)
_COPY_RULES = select(
    CopyRule.category, CopyRule.least_rank, CopyRule.role, CopyRule.is_active
).order_by(CopyRule.id)


@dataclass(frozen=True)
class RouteRules:
    """The working days of each severity, and the table of copies; the product's own where empty."""

    days: Mapping[Severity, Days]
    copies: tuple[CopyRow, ...]


@dataclass(frozen=True)
class _Kept:
    version: int
    looked_at: float
    settings: CategorySettings
    rules: RouteRules


def load_categories(*, fresh: bool = False) -> CategorySettings:
    """Return the categories in force; `fresh` asks the database whether they are the newest."""
    return _load(fresh=fresh).settings


def load_rules() -> RouteRules:
    """Return the deadlines and copies in force, as new as what was judged by just before."""
    return _load().rules


def _load(*, fresh: bool = False) -> _Kept:
    kept: _Kept | None = current_app.extensions.get(CACHE)
    if kept is not None and not fresh and monotonic() - kept.looked_at < _SECONDS:
        return kept
    version = read(_VERSION).scalar() or 0
    if kept is None or kept.version != version:
        kept = _Kept(version, monotonic(), read_categories(), _read_rules())
    kept = current_app.extensions[CACHE] = replace(kept, looked_at=monotonic())
    return kept


def forget_categories() -> None:
    """Read anew at the next asking; for the process that has just committed a change."""
    current_app.extensions.pop(CACHE, None)


def read_categories() -> CategorySettings:
    """Return what the tables hold, past the memory."""
    asked: dict[int, list[AskedQuestion]] = {}
    questions = select(DeviationQuestion).order_by(DeviationQuestion.position, DeviationQuestion.id)
    for row in db.session.scalars(questions):
        asked.setdefault(row.category_id, []).append(question_of(row))
    categories = select(DeviationCategory).order_by(
        DeviationCategory.position, DeviationCategory.id
    )
    return CategorySettings.of(
        tuple(
            CategoryRow(
                row.key,
                {"nb": row.name_nb, "nn": row.name_nn, "en": row.name_en},
                row.icon,
                row.is_active,
                tuple(asked.get(row.id, ())),
                row.proposes,
            )
            for row in db.session.scalars(categories)
        ),
        tuple(list_causes()),
    )


def _read_rules() -> RouteRules:
    set_days = {Severity.of_rank(rank): Days(*days) for rank, *days in read(_DAYS).all()}
    rows = read(_COPY_RULES).all()
    copies = tuple(
        CopyRow(row.category, Severity.of_rank(row.least_rank), row.role)
        for row in rows
        if row.is_active
    )
    return RouteRules({**DEFAULT_DAYS, **set_days}, copies if rows else tuple(DEFAULT_COPIES))


def question_of(row: DeviationQuestion) -> AskedQuestion:
    """Return the row as a plain value."""
    raises_to = None if row.raises_to_rank is None else Severity.of_rank(row.raises_to_rank)
    rule = Question(row.key, Severity.of_rank(row.means_rank), raises_to)
    words = {"nb": row.text_nb, "nn": row.text_nn, "en": row.text_en}
    return AskedQuestion(row.key, words, rule, row.is_active, row.proposes)


def list_causes() -> list[CauseRow]:
    """Return the causes as a list to choose from: each top one, and its finer kinds below it."""
    found = [
        CauseRow(
            row.id,
            row.key,
            row.parent_id,
            {"nb": row.name_nb, "nn": row.name_nn, "en": row.name_en},
            row.position,
            row.is_active,
        )
        for row in db.session.scalars(
            select(DeviationCause).order_by(DeviationCause.position, DeviationCause.id)
        )
    ]
    ordered = []
    for top in (row for row in found if row.parent_id is None):
        ordered += [top, *(row for row in found if row.parent_id == top.id)]
    return ordered
