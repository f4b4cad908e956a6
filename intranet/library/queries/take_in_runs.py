"""Reads about takings in: what was sent, how it went, and only for those who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from intranet.core.actor import Role, Viewer
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document
from intranet.library.policy import DocumentFacts
from intranet.library.take_in import ListRow, Outcome, Remark, Say
from intranet.library.take_in_models import RunState, TakeInLine, TakeInRun
from intranet.people.models import Person, Unit
from intranet.people.queries.persons import find_row

SHOWN_RUNS = 50
AT_ONCE = 500
# Errors first, then what is made, then what was known.
_ORDER = case(
    (TakeInLine.outcome == Outcome.FAILED, 0),
    (TakeInLine.outcome == Outcome.WAITING, 1),
    (TakeInLine.outcome == Outcome.KNOWN, 3),
    else_=2,
)


@dataclass(frozen=True)
class LineRow:
    """A line as its page and its report show it."""

    row: ListRow
    outcome: Outcome
    remarks: tuple[Remark, ...]
    sha256: str
    number: str
    # The document that it became, for whether somebody may open it.
    facts: DocumentFacts | None


def seen_take_ins(viewer: Viewer) -> ColumnElement[bool]:
    """Twin of `can_see_take_in`."""
    if viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.QUALITY_ADVISER):
        return true()
    if policy.can_take_in_somewhere(viewer):
        return TakeInRun.created_by == viewer.id
    return false()


def list_runs_for(viewer: Viewer) -> list[AnyRow]:
    """Return the newest takings in that the viewer may see."""
    return list(
        db.session.execute(
            select(
                TakeInRun.id,
                TakeInRun.created_at,
                TakeInRun.state,
                TakeInRun.list_name,
                Person.name.label("sender"),
            )
            .outerjoin(Person, Person.id == TakeInRun.created_by)
            .where(seen_take_ins(viewer))
            .order_by(TakeInRun.id.desc())
            .limit(SHOWN_RUNS)
        )
    )


def get_run_for(viewer: Viewer, run_id: int) -> TakeInRun:
    """Return the taking in. Raises NotFound, also for one that the viewer may not see."""
    run = find_row(TakeInRun, run_id)
    if run is None or not policy.can_see_take_in(viewer, run.created_by):
        raise NotFound(_("Vi finner ikke dette inntaket."))
    return run


def count_lines(run_id: int) -> dict[Outcome, int]:
    """Return how many lines of a taking in came to what."""
    rows = db.session.execute(
        select(TakeInLine.outcome, func.count())
        .where(TakeInLine.run_id == run_id)
        .group_by(TakeInLine.outcome)
    )
    counts = {Outcome(outcome): count for outcome, count in rows}
    return {one: counts[one] for one in Outcome if one in counts}


def count_remarked(run_id: int) -> int:
    """Return of how many documents that are taken in, or would be, something is said."""
    rows = db.session.execute(
        select(TakeInLine.remarks).where(
            TakeInLine.run_id == run_id,
            TakeInLine.outcome.in_((Outcome.DRAFT, Outcome.PUBLISHED)),
        )
    )
    return sum(1 for (remarks,) in rows if remarks)


def count_taken(run_id: int) -> int:
    """Return how many documents a taking in has made."""
    statement = select(func.count()).where(
        TakeInLine.run_id == run_id,
        TakeInLine.document_id.is_not(None),
        TakeInLine.outcome.in_((Outcome.DRAFT, Outcome.PUBLISHED)),
    )
    return int(db.session.execute(statement).scalar_one())


def list_lines(run_id: int, *, most: int | None = None, after: int = 0) -> list[LineRow]:
    """Return the lines of a taking in that the caller has been shown, errors first."""
    statement: Any = (
        select(
            *TakeInLine.__table__.columns,
            Document.number.label("number"),
            Document.owner_id,
            Document.state,
            Unit.path.label("unit_path"),
        )
        .outerjoin(Document, Document.id == TakeInLine.document_id)
        .outerjoin(Unit, Unit.id == Document.unit_id)
        .where(TakeInLine.run_id == run_id)
        .order_by(_ORDER, TakeInLine.line)
        .offset(after)
        .limit(most)
    )
    return [_line(row) for row in db.session.execute(statement)]


def list_waiting(run_id: int) -> list[ListRow]:
    """Return the lines that nothing was done with yet, in their order."""
    rows = db.session.execute(
        select(TakeInLine.line, TakeInLine.cells)
        .where(TakeInLine.run_id == run_id, TakeInLine.outcome == Outcome.WAITING)
        .order_by(TakeInLine.line)
    )
    return [ListRow(row.line, **row.cells) for row in rows]


def list_all(run_id: int) -> list[LineRow]:
    """Return every line in the order of the list."""
    return sorted(list_lines(run_id), key=lambda one: one.row.line)


def find_next_run() -> TakeInRun | None:
    """Return the oldest taking in that waits for the clock."""
    return db.session.scalars(
        select(TakeInRun)
        .where(
            or_(
                TakeInRun.state == RunState.PUBLISHING,
                and_(
                    TakeInRun.state.in_((RunState.CHECKING, RunState.RUNNING)),
                    TakeInRun.archive_id.is_not(None),
                ),
            )
        )
        .order_by(TakeInRun.id)
        .limit(1)
    ).one_or_none()


def state_of(run_id: int) -> RunState:
    """Return how far a taking in has come, as it is in the database now."""
    db.session.rollback()
    statement = select(TakeInRun.state).where(TakeInRun.id == run_id)
    return RunState(db.session.execute(statement).scalar_one())


def numbers_of(document_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the numbers of the documents by id."""
    wanted = [one for one in document_ids if one is not None]
    found: dict[int, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = db.session.execute(
            select(Document.id, Document.number).where(
                Document.id.in_(wanted[start : start + AT_ONCE])
            )
        )
        found |= {row.id: row.number for row in rows}
    return found


def _line(row: AnyRow) -> LineRow:
    return LineRow(
        ListRow(row.line, **row.cells),
        Outcome(row.outcome),
        tuple(Remark(Say(say), about) for say, about in row.remarks),
        row.sha256,
        row.number or "",
        None
        if row.number is None
        else DocumentFacts(row.unit_path, row.owner_id, DocumentState(row.state)),
    )
