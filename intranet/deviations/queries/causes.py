"""Which causes a case has, and how often each is found among the cases that one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.deviations.categories import CauseRow, Words
from intranet.deviations.models import Deviation, DeviationCause, DeviationCauseChoice
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.queries.visibility import visible_to
from intranet.extensions import db

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ChosenCause:
    """One cause of a case, in the words that it was chosen by."""

    id: int
    key: str
    words: Words


@dataclass(frozen=True)
class CauseCount:
    """How many cases have the cause, or a finer one below it."""

    cause: CauseRow
    cases: int


def list_chosen(deviation_id: int) -> list[ChosenCause]:
    """Return the causes of the case in the order of the list."""
    rows = db.session.execute(
        select(DeviationCause.id, DeviationCause.key, DeviationCauseChoice.words)
        .join(DeviationCauseChoice, DeviationCauseChoice.cause_id == DeviationCause.id)
        .where(DeviationCauseChoice.deviation_id == deviation_id)
        .order_by(DeviationCause.position, DeviationCause.id)
    )
    return [ChosenCause(*row) for row in rows]


def has_cause(cause_id: int) -> ColumnElement[bool]:
    """Whether the case has the cause, or a finer one below it."""
    below = select(DeviationCause.id).where(
        or_(DeviationCause.id == cause_id, DeviationCause.parent_id == cause_id)
    )
    return Deviation.id.in_(
        select(DeviationCauseChoice.deviation_id).where(DeviationCauseChoice.cause_id.in_(below))
    )


def count_by_cause(viewer: Viewer) -> list[CauseCount]:
    """Return the top causes of a year's cases that the viewer may see, the most common first.

    A case with two finer causes below one top cause counts once there.
    """
    top = func.coalesce(DeviationCause.parent_id, DeviationCause.id)
    rows = db.session.execute(
        select(top, func.count(func.distinct(Deviation.id)))
        .select_from(Deviation)
        .join(DeviationCauseChoice, DeviationCauseChoice.deviation_id == Deviation.id)
        .join(DeviationCause, DeviationCause.id == DeviationCauseChoice.cause_id)
        .where(visible_to(viewer), Deviation.reported_at >= now() - _YEAR)
        .group_by(top)
    )
    known = {row.id: row for row in load_categories().causes}
    found = [CauseCount(known[row[0]], row[1]) for row in rows if row[0] in known]
    return sorted(found, key=lambda each: (-each.cases, each.cause.position, each.cause.id))
