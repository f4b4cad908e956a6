"""Reads about documents that are to be looked at again: a leader's list, and the clock's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.paging import Page
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.library.lifecycle import SOON, DocumentState
from intranet.library.models import Document
from intranet.library.queries.access import reviewed_by
from intranet.library.review import AFTER, ReviewSignal
from intranet.people.models import Person, Unit

ON_PAGE = 50
_Owner = aliased(Person)
_IN_FORCE = and_(Document.state == DocumentState.PUBLISHED, Document.review_on.is_not(None))


@dataclass(frozen=True)
class Timeliness:
    """How many documents have a date, and how many are within it."""

    documents: int
    in_time: int

    @property
    def percent(self) -> int:
        """How large a part is within the date, rounded down: 100 means every one."""
        return 100 * self.in_time // self.documents if self.documents else 100


def count_timeliness_for(viewer: Viewer) -> Timeliness:
    """Return how many of the documents that the viewer answers for are within their date."""
    row = db.session.execute(
        select(
            func.count().label("documents"),
            func.sum(case((Document.review_on >= today(), 1), else_=0)).label("in_time"),
        )
        .select_from(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .where(_IN_FORCE, reviewed_by(viewer))
    ).one()
    return Timeliness(row.documents, row.in_time or 0)


def list_due_reviews_for(viewer: Viewer, after: int = 0) -> Page[AnyRow]:
    """Return a page of what the viewer answers for and is due within a month, or overdue.

    The longest overdue first. `after` is the last document of the page before, or 0.
    """
    statement: Any = (
        select(
            Document.id,
            Document.number,
            Document.title,
            Document.review_on,
            Document.working_version,
            Document.owner_id,
            _Owner.name.label("owner_name"),
            Unit.name.label("unit_name"),
        )
        .join(Unit, Unit.id == Document.unit_id)
        .join(_Owner, _Owner.id == Document.owner_id)
        .where(_IN_FORCE, Document.review_on <= today() + SOON, reviewed_by(viewer))
        .order_by(Document.review_on, Document.id)
        .limit(ON_PAGE + 1)
    )
    if after:
        former = aliased(Document)
        last = select(former.review_on).where(former.id == after).scalar_subquery()
        statement = statement.where(
            or_(Document.review_on > last, and_(Document.review_on == last, Document.id > after))
        )
    return Page.of(db.session.execute(statement).all(), lambda row: str(row.id), ON_PAGE)


def list_reviews_to_ask_about(day: date) -> list[int]:
    """Return the documents whose owner is to be asked by the clock today."""
    return list(
        db.session.execute(
            select(Document.id)
            .where(_IN_FORCE, _is_due(day))
            .order_by(Document.review_on, Document.id)
        ).scalars()
    )


def _is_due(day: date) -> ColumnElement[bool]:
    """Twin of `is_worth_telling`."""
    return or_(
        and_(Document.review_on <= day - AFTER, Document.review_told < ReviewSignal.AFTER),
        and_(
            Document.working_version.is_(None),
            or_(
                and_(Document.review_on <= day, Document.review_told < ReviewSignal.AT),
                and_(Document.review_on <= day + SOON, Document.review_told < ReviewSignal.BEFORE),
            ),
        ),
    )
