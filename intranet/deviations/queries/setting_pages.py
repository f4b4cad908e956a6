"""What the pages of settings show: rows to edit, and where each is used."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.deviations.models import (
    CopyRule,
    DeadlineSetting,
    Deviation,
    DeviationCategory,
    DeviationQuestion,
)
from intranet.deviations.workflow import OPEN_STATES
from intranet.extensions import db


def get_setting(table: type[Any], key: int) -> Any:
    """Return a row of one of the tables of settings. Raises NotFound."""
    row = db.session.get(table, key) if 0 <= key < 2**31 else None
    if row is None:
        raise NotFound(_("Vi finner ikke dette."))
    return row


def get_question(category_id: int, question_id: int) -> DeviationQuestion:
    """Return a question of this category. Raises NotFound."""
    row: DeviationQuestion = get_setting(DeviationQuestion, question_id)
    if row.category_id != category_id:
        raise NotFound(_("Vi finner ikke dette."))
    return row


def list_category_rows() -> list[DeviationCategory]:
    """Return all categories in order, those out of use last."""
    return list(
        db.session.scalars(
            select(DeviationCategory).order_by(
                DeviationCategory.is_active.desc(),
                DeviationCategory.position,
                DeviationCategory.id,
            )
        )
    )


def list_question_rows() -> dict[int, list[DeviationQuestion]]:
    """Return the questions by the id of their category, those out of use last."""
    found: dict[int, list[DeviationQuestion]] = {}
    for row in db.session.scalars(
        select(DeviationQuestion).order_by(
            DeviationQuestion.is_active.desc(), DeviationQuestion.position, DeviationQuestion.id
        )
    ):
        found.setdefault(row.category_id, []).append(row)
    return found


def list_deadline_rows() -> list[DeadlineSetting]:
    """Return the days of each severity, the least grave first."""
    return list(db.session.scalars(select(DeadlineSetting).order_by(DeadlineSetting.severity_rank)))


def list_copy_rule_rows() -> list[CopyRule]:
    """Return the rules of copies, those out of use last."""
    return list(
        db.session.scalars(select(CopyRule).order_by(CopyRule.is_active.desc(), CopyRule.id))
    )


def count_asked(category_id: int) -> int:
    """Return how many questions of the category are in use."""
    asked = (DeviationQuestion.category_id == category_id, DeviationQuestion.is_active)
    return db.session.scalar(select(func.count()).where(*asked)) or 0


def names_in_copy_rules(key: str) -> int:
    """Return how many rules of copies in use name the category."""
    named = (CopyRule.category == key, CopyRule.is_active)
    return db.session.scalar(select(func.count()).where(*named)) or 0


def count_cases_by_category() -> dict[str, tuple[int, int]]:
    """Return (all, open) cases by category, whoever may see them: numbers only."""
    is_open = Deviation.state.in_(sorted(OPEN_STATES))
    rows = db.session.execute(
        select(Deviation.category, func.count(), func.count(Deviation.id).filter(is_open))
        .where(Deviation.category.is_not(None))
        .group_by(Deviation.category)
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}


def count_unassigned() -> int:
    """Return how many open cases have nobody; a number only."""
    found = (Deviation.handler_id.is_(None), Deviation.state.in_(sorted(OPEN_STATES)))
    return db.session.scalar(select(func.count()).where(*found)) or 0
