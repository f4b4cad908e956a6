"""Reads the register: its list, one delegation with its chain, and the kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.delegations import policy
from intranet.delegations.models import Delegation, DelegationKind
from intranet.delegations.queries.rows import (
    ROWS,
    Holder,
    Leader,
    grant_of,
    ids_upwards,
    in_force_on,
)
from intranet.delegations.rules import (
    Chain,
    EndCause,
    Grant,
    Standing,
    chain_of,
    descendants_of,
    own_standing,
    standing,
)
from intranet.extensions import db
from intranet.people.models import Unit
from intranet.people.queries.persons import find_row

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; blank means all. `person_id`: held by name or by office."""

    name: str = ""
    person_id: int | None = None
    unit_id: int | None = None
    kind_id: int | None = None
    # None: whatever the dates.
    on: date | None = None
    lapsed_only: bool = False


@dataclass(frozen=True)
class Line:
    """One delegation as lists show it, with what it is worth on the day that was asked about."""

    row: Any
    standing: Standing

    @property
    def grant(self) -> Grant:
        """What the rules ask."""
        return grant_of(self.row)

    def __getattr__(self, name: str) -> Any:
        """Give the row's own columns."""
        return getattr(self.row, name)


@dataclass(frozen=True)
class ListPage:
    """One page of the list; how many there are in all, and whether more follow."""

    lines: list[Line]
    count: int
    number: int

    @property
    def has_more(self) -> bool:
        """Whether a page follows."""
        return self.number * PAGE_SIZE < self.count


@dataclass(frozen=True)
class DelegationPage:
    """One delegation with what it rests on, what rests on it, and what the viewer may do."""

    line: Line
    above: list[Line]
    below: list[tuple[int, Line]]
    can_pass_on: bool
    can_withdraw: bool
    may_end: bool

    def __getattr__(self, name: str) -> Any:
        """Give the delegation's own columns."""
        return getattr(self.line, name)


def list_delegations(wanted: Wanted, number: int = 1) -> ListPage:
    """Return one page of the list, by kind, unit and number. Everybody may read all of it."""
    statement = _narrowed(wanted)
    count = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.execute(
        _in_order(statement).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return ListPage(_lines(rows, wanted.on or today()), count, number)


def list_all(wanted: Wanted) -> list[Line]:
    """Return everything that fits, for the file."""
    return _lines(db.session.execute(_in_order(_narrowed(wanted))).all(), wanted.on or today())


def get_delegation_for(viewer: Viewer, delegation_id: int) -> DelegationPage:
    """Return the delegation with its whole tree, read in one select. Raises NotFound."""
    tree = load_tree(delegation_id)
    grants = {number: grant_of(row) for number, row in tree.items()}
    chain = chain_of(delegation_id, grants)
    day = today()
    return DelegationPage(
        line=_line(tree[delegation_id], chain, day),
        above=[
            _line(tree[grant.id], chain[step:], day) for step, grant in enumerate(chain) if step
        ],
        below=_below(delegation_id, tree, grants, day),
        can_pass_on=policy.can_pass_on(viewer, chain, day),
        can_withdraw=policy.can_withdraw(viewer, chain, day),
        may_end=policy.may_end(viewer, chain, day),
    )


def load_tree(delegation_id: int) -> dict[int, Any]:
    """Return every delegation of the same root by number. Raises NotFound."""
    found = find_row(Delegation, delegation_id)
    if found is None:
        raise NotFound(_("Vi finner ikke denne fullmakten."))
    rows = db.session.execute(ROWS.where(Delegation.root_id == found.root_id))
    return {row.id: row for row in rows}


def list_kinds(*, only_active: bool = False) -> list[DelegationKind]:
    """Return the kinds in the order of the list."""
    statement = select(DelegationKind).order_by(DelegationKind.position, DelegationKind.id)
    if only_active:
        statement = statement.where(DelegationKind.is_active)
    return list(db.session.scalars(statement))


def get_kind(kind_id: int) -> DelegationKind:
    """Return the kind. Raises NotFound."""
    kind = find_row(DelegationKind, kind_id)
    if kind is None:
        raise NotFound(_("Vi finner ikke denne typen fullmakt."))
    return kind


def is_kind_used(kind_id: int) -> bool:
    """Whether anything was ever given of the kind."""
    found = select(Delegation.id).where(Delegation.kind_id == kind_id).limit(1)
    return db.session.execute(found).first() is not None


def count_lapsed() -> int:
    """Return how many delegations ended because the person left, and were not seen to since."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Delegation.end_cause == EndCause.LAPSED, Delegation.ended_with_id.is_(None)
            )
        )
        or 0
    )


def _narrowed(wanted: Wanted) -> Any:
    statement = ROWS
    if wanted.on is not None:
        statement = statement.where(in_force_on(wanted.on))
    if wanted.lapsed_only:
        statement = statement.where(Delegation.end_cause == EndCause.LAPSED)
    if wanted.kind_id is not None:
        statement = statement.where(Delegation.kind_id == wanted.kind_id)
    if wanted.person_id is not None:
        mine = (Delegation.holder_id == wanted.person_id, Leader.id == wanted.person_id)
        statement = statement.where(or_(*mine))
    for word in wanted.name.casefold().split()[:6]:
        statement = statement.where(
            or_(
                Holder.name_key.contains(word, autoescape=True),
                Leader.name_key.contains(word, autoescape=True),
            )
        )
    if wanted.unit_id is not None:
        statement = statement.where(_concerns(wanted.unit_id))
    return statement


def _concerns(unit_id: int) -> Any:
    """What applies in the unit: given for it, for one above it, or for one below."""
    path = db.session.scalar(select(Unit.path).where(Unit.id == unit_id)) or "/0/"
    return or_(Unit.id.in_(ids_upwards(path)), Unit.path.startswith(path, autoescape=True))


def _in_order(statement: Any) -> Any:
    return statement.order_by(DelegationKind.position, DelegationKind.id, Unit.path, Delegation.id)


def _lines(rows: Any, day: date) -> list[Line]:
    """Return the rows with their standing. What ends takes along what rests on it, so that the
    own dates tell; the page of each asks the whole chain.
    """
    return [Line(row, own_standing(grant_of(row), day)) for row in rows]


def _line(row: Any, chain: Chain, day: date) -> Line:
    return Line(row, standing(chain, day))


def _below(
    delegation_id: int, tree: dict[int, Any], grants: dict[int, Grant], day: date
) -> list[tuple[int, Line]]:
    """Return what was passed on, each followed by what was passed on from it, with its depth."""
    found: list[tuple[int, Line]] = []
    depth_here = len(chain_of(delegation_id, grants))
    chains = {
        grant.id: chain_of(grant.id, grants)
        for grant in descendants_of(delegation_id, grants.values())
    }
    for chain in sorted(chains.values(), key=lambda chain: [grant.id for grant in chain[::-1]]):
        depth = len(chain) - depth_here
        found.append((depth, _line(tree[chain[0].id], chain, day)))
    return found
