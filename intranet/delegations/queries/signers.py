"""Who could have signed something on a day, with the chain that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from intranet.delegations.models import Delegation, DelegationKind
from intranet.delegations.queries.rows import (
    GRANTS,
    ROWS,
    grant_of,
    ids_upwards,
    in_force_on,
)
from intranet.delegations.rules import chain_of, covers
from intranet.extensions import db
from intranet.people.models import Person
from intranet.people.queries.leadership import LeadersOf, leaders_on
from intranet.people.queries.persons import names_of


@dataclass(frozen=True)
class Signer:
    """Somebody who could sign: in the own name, as the leader of a unit, or as a stand-in."""

    person_id: int
    name: str
    # The row of the delegation, and those it rests on up to the root.
    chain: list[Any]
    stands_in_for: str = ""


@dataclass(frozen=True)
class Answer:
    """Who could sign; which delegations nobody held; and those whose leader is not known."""

    signers: list[Signer]
    vacant: list[list[Any]]
    unknown: list[list[Any]]


def find_signers(kind_id: int, amount: int | None, unit_path: str, on: date) -> Answer:
    """Return who could do this on the day, smallest right first."""
    chains = _list_chains(kind_id, amount, unit_path, on)
    offices = {chain[0].office_id for chain in chains if chain[0].office_id is not None}
    leaders = leaders_on(offices, on)
    names = names_of(
        number for led in leaders.values() for number in (led.leader_id, led.stand_in_id)
    )
    signers: list[Signer] = []
    vacant: list[list[Any]] = []
    unknown: list[list[Any]] = []
    for chain in chains:
        held = chain[0]
        if held.holder_id is not None:
            signers.append(Signer(held.holder_id, held.holder_name, chain))
        elif held.office_id not in leaders:
            unknown.append(chain)
        elif leaders[held.office_id].leader_id is None:
            vacant.append(chain)
        else:
            signers += _leaders(leaders[held.office_id], names, chain)
    return Answer(signers, vacant, unknown)


def _leaders(led: LeadersOf, names: dict[int, str], chain: list[Any]) -> list[Signer]:
    leader = names.get(led.leader_id or 0, "")
    found = [Signer(led.leader_id or 0, leader, chain)]
    if led.stand_in_id is not None:
        found.append(Signer(led.stand_in_id, names.get(led.stand_in_id, ""), chain, leader))
    return found


def _list_chains(kind_id: int, amount: int | None, unit_path: str, on: date) -> list[list[Any]]:
    """Return the chains that cover it: those for the unit nearest first, then by amount."""
    fitting = select(Delegation.root_id).where(
        Delegation.kind_id == kind_id,
        Delegation.unit_id.in_(ids_upwards(unit_path)),
        in_force_on(on),
    )
    rows = {row.id: row for row in db.session.execute(ROWS.where(Delegation.root_id.in_(fitting)))}
    grants = {number: grant_of(row) for number, row in rows.items()}
    found = []
    for number in grants:
        chain = chain_of(number, grants)
        if covers(chain, unit_path, amount, on):
            found.append([rows[grant.id] for grant in chain])
    return sorted(
        found,
        key=lambda chain: (
            -len(chain[0].unit_path), chain[0].amount is None, chain[0].amount or 0, chain[0].id
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Approver:
    """Who may approve documents by a delegation. `on_behalf_of`: the leader stood in for."""

    person_id: int
    delegation_id: int
    depth: int
    on_behalf_of: int | None = None


def find_document_approvers(unit_path: str, on: date) -> list[Approver] | None:
    """Return who may approve documents of the unit on the day, nearest first.

    None when no delegation to approve documents holds there: then nothing is said of it.
    """
    kinds = select(DelegationKind.id).where(DelegationKind.approves_documents)
    rows = db.session.execute(
        GRANTS.where(
            Delegation.kind_id.in_(kinds),
            Delegation.unit_id.in_(ids_upwards(unit_path)),
            or_(Delegation.ended_on.is_(None), Delegation.ended_on > on),
        )
    )
    grants = {row.id: grant_of(row) for row in rows}
    held = [
        grant
        for grant in grants.values()
        if covers(chain_of(grant.id, grants), unit_path, None, on)
    ]
    if not held:
        return None
    leaders = leaders_on({grant.office_id for grant in held if grant.office_id is not None}, on)
    active = _active({grant.holder_id for grant in held if grant.holder_id is not None})
    found: list[Approver] = []
    for grant in held:
        depth = grant.unit_path.count("/")
        if grant.holder_id is not None:
            if grant.holder_id in active:
                found.append(Approver(grant.holder_id, grant.id, depth))
            continue
        led = leaders.get(grant.office_id or 0, LeadersOf())
        if led.leader_id is not None:
            found.append(Approver(led.leader_id, grant.id, depth))
        if led.stand_in_id is not None:
            found.append(Approver(led.stand_in_id, grant.id, depth, led.leader_id))
    return sorted(found, key=lambda one: (-one.depth, one.delegation_id, one.person_id))


def _active(person_ids: set[int]) -> set[int]:
    """Return those of the persons who can log in now: nobody else can be asked to approve."""
    if not person_ids:
        return set()
    statement = select(Person.id).where(
        Person.id.in_(person_ids), Person.is_directory_active, ~Person.is_blocked
    )
    return set(db.session.scalars(statement))
