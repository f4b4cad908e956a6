"""Reads statutory clocks, their rules, and the special types."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from intranet.core.actor import Role, Viewer
from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.deviations.clock_models import (
    AuthorityNumber,
    ClockDefinition,
    DeviationDetails,
    KindProposal,
    StatutoryClock,
)
from intranet.deviations.clock_rules import DEFAULT_CLOCKS
from intranet.deviations.clocks import ClockRule, ClockState
from intranet.deviations.models import Deviation, DeviationCopy
from intranet.deviations.queries.visibility import handled_by, not_excluded
from intranet.deviations.types import TYPES, Kind
from intranet.extensions import db

OPEN_CLOCK = or_(
    StatutoryClock.state == ClockState.RUNNING,
    and_(StatutoryClock.state == ClockState.MISSED, StatutoryClock.met_at.is_(None)),
)


def load_clock_rules() -> list[ClockRule]:
    """Return the administrator's rules, or those of the product when the table is empty."""
    rows = db.session.execute(
        select(ClockDefinition).order_by(ClockDefinition.position, ClockDefinition.id)
    ).scalars()
    found = [rule_of(row) for row in rows]
    return found or list(DEFAULT_CLOCKS)


def rule_of(row: ClockDefinition) -> ClockRule:
    """Return the row as the rule that the pure file reckons with."""
    return ClockRule(
        key=row.key,
        phase=row.phase,
        kind=row.kind,
        law=row.law,
        limit=row.limit,
        amount=row.amount,
        question=row.question,
        counts_from=row.counts_from,
        recipient=row.recipient,
        is_own=row.is_own,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_active=row.is_active,
    )


def list_definitions() -> list[ClockDefinition]:
    """Return the administrator's rows in their order."""
    rows = db.session.execute(
        select(ClockDefinition).order_by(ClockDefinition.position, ClockDefinition.id)
    )
    return list(rows.scalars())


def get_definition(definition_id: int) -> ClockDefinition:
    """Return one rule of the table. Raises NotFound."""
    row = db.session.get(ClockDefinition, definition_id) if definition_id < 2**31 else None
    if row is None:
        raise NotFound(_("Vi finner ikke denne fristen."))
    return row


def find_details(deviation_id: int) -> DeviationDetails | None:
    """Return the special type of the case, or None when it is ordinary."""
    return db.session.get(DeviationDetails, deviation_id)


def list_numbers(kind: Kind | None = None) -> list[AuthorityNumber]:
    """Return the telephone numbers: all of them, or those in use for a kind."""
    statement = select(AuthorityNumber).order_by(
        AuthorityNumber.kind,
        AuthorityNumber.is_active.desc(),
        AuthorityNumber.position,
        AuthorityNumber.id,
    )
    if kind is not None:
        statement = statement.where(AuthorityNumber.kind == kind, AuthorityNumber.is_active)
    return list(db.session.scalars(statement))


def find_proposal(deviation_id: int) -> KindProposal | None:
    """Return what the report said that it was, or None when it said nothing."""
    return db.session.get(KindProposal, deviation_id)


def load_kind(deviation_id: int) -> tuple[DeviationDetails | None, KindProposal | None]:
    """Return both in one statement, for the page of a case."""
    found = db.session.execute(
        select(DeviationDetails, KindProposal)
        .select_from(Deviation)
        .outerjoin(DeviationDetails, DeviationDetails.deviation_id == Deviation.id)
        .outerjoin(KindProposal, KindProposal.deviation_id == Deviation.id)
        .where(Deviation.id == deviation_id)
    ).one()
    return found[0], found[1]


def awaits_answer(deviation_id: int) -> bool:
    """Whether nobody has answered yet what the report said that it was."""
    details, proposal = find_details(deviation_id), find_proposal(deviation_id)
    is_proposed = details is not None and details.is_proposed
    return is_proposed or (proposal is not None and proposal.outcome is None)


def kind_of(deviation_id: int) -> Kind:
    """Return the kind of the case."""
    details = find_details(deviation_id)
    return Kind.ORDINARY if details is None else Kind(details.kind)


def list_clocks(deviation_id: int) -> list[StatutoryClock]:
    """Return the clocks of a case: the open ones by deadline, then the settled."""
    rows = db.session.execute(
        select(StatutoryClock)
        .where(StatutoryClock.deviation_id == deviation_id)
        .order_by(StatutoryClock.due_at, StatutoryClock.id)
    ).scalars()
    return sorted(rows, key=lambda clock: not clock.is_open)


def get_clock(deviation_id: int, clock_id: int) -> StatutoryClock:
    """Return a clock of this very case. Raises NotFound."""
    clock = db.session.get(StatutoryClock, clock_id) if clock_id < 2**31 else None
    if clock is None or clock.deviation_id != deviation_id:
        raise NotFound(_("Vi finner ikke denne fristen."))
    return clock


def has_open_clocks(deviation_id: int) -> bool:
    """Whether some clock of the case still waits for somebody."""
    found = db.session.execute(
        select(StatutoryClock.id)
        .where(StatutoryClock.deviation_id == deviation_id, OPEN_CLOCK)
        .limit(1)
    )
    return found.first() is not None


def list_due_clocks(at: datetime) -> list[int]:
    """Return the ids of open clocks whose moment has come, the oldest first."""
    rows = db.session.execute(
        select(StatutoryClock.id)
        .where(OPEN_CLOCK, StatutoryClock.next_due_at <= at)
        .order_by(StatutoryClock.next_due_at, StatutoryClock.id)
    )
    return list(rows.scalars())


def worked_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `Deviation` for clocks that wait for the viewer.

    The handler's, and those of kinds that a copied role works on: the SQL twin of
    `type_policy.waits_for`.
    """
    ways = [handled_by(viewer)]
    for kind, rule in TYPES.items():
        for role in rule.workers:
            if not viewer.has_role_anywhere(Role(role)):
                continue
            ways.append(
                and_(
                    exists(
                        select(DeviationDetails.deviation_id).where(
                            DeviationDetails.deviation_id == Deviation.id,
                            DeviationDetails.kind == kind,
                        )
                    ),
                    exists(
                        select(DeviationCopy.person_id).where(
                            DeviationCopy.deviation_id == Deviation.id,
                            DeviationCopy.person_id == viewer.id,
                            DeviationCopy.role == role,
                        )
                    ),
                    Deviation.reporter_id.is_distinct_from(viewer.id),
                )
            )
    return and_(not_excluded(viewer), or_(*ways))


def copied_with_roles(deviation_id: int, roles: Collection[str]) -> list[int]:
    """Return the persons who were copied on the case in one of the roles."""
    if not roles:
        return []
    rows = db.session.execute(
        select(DeviationCopy.person_id).where(
            DeviationCopy.deviation_id == deviation_id, DeviationCopy.role.in_(roles)
        )
    )
    return list(rows.scalars())
