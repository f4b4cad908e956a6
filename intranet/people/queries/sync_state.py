"""Reads what the last synchronisation left, to compare the directory with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from intranet.core.actor import Role
from intranet.core.clock import now
from intranet.extensions import db
from intranet.jobs.registry import ProbeResult
from intranet.people.models import (
    Membership,
    Person,
    RoleGrant,
    SyncOutcome,
    SyncRun,
    Unit,
)
from intranet.people.roles import Grant
from intranet.people.snapshot import LOCAL_KEY, DirectoryUnit
from intranet.people.sync import FIELDS, KnownPerson, KnownState, KnownUnit

DIRECTORY = "directory"
_PARENT, _LEADER = aliased(Unit), aliased(Person)
_ROLES = frozenset(str(role) for role in Role)
# The first one may take a while after a cold start; after that silence is a fault.
OLDEST_SYNC = timedelta(hours=2)


def load_state() -> KnownState:
    """Return all persons and units that came from the directory, as we have them."""
    return KnownState(tuple(_persons(None)), tuple(_units()), _group_sizes())


def load_person_state(key: str) -> KnownPerson | None:
    """Return one person as we have it, or None."""
    return next(iter(_persons([key])), None)


def load_unit_state() -> tuple[DirectoryUnit, ...]:
    """Return the active units as the directory knows them."""
    return tuple(known.unit for known in _units() if known.is_active)


def _units() -> list[KnownUnit]:
    rows = db.session.execute(
        select(
            Unit.directory_key,
            Unit.name,
            Unit.level,
            _PARENT.directory_key,
            _LEADER.directory_key,
            Unit.is_active,
        )
        .outerjoin(_PARENT, _PARENT.id == Unit.parent_id)
        .outerjoin(_LEADER, _LEADER.id == Unit.leader_id)
        .where(Unit.directory_key.is_not(None))
        .order_by(Unit.path)
    )
    return [
        KnownUnit(DirectoryUnit(str(key), name, str(level), parent, leader), is_active)
        for key, name, level, parent, leader, is_active in rows
    ]


def _persons(keys: Iterable[str] | None) -> list[KnownPerson]:
    wanted: Any = select(Person.id).where(
        Person.directory_key.is_not(None), ~Person.directory_key.startswith(LOCAL_KEY)
    )
    if keys is not None:
        wanted = wanted.where(Person.directory_key.in_(list(keys)))
    homes, grants = _unit_keys(wanted), _grants(wanted)
    columns = [getattr(Person, name) for name in FIELDS]
    rows = db.session.execute(
        select(Person.id, Person.directory_key, Person.is_directory_active, *columns).where(
            Person.id.in_(wanted)
        )
    )
    return [
        KnownPerson(
            key=row[1],
            is_active=row[2],
            fields=dict(zip(FIELDS, row[3:], strict=True)),
            unit_keys=tuple(homes.get(row[0], ())),
            grants=frozenset(grants.get(row[0], ())),
        )
        for row in rows
    ]


def _unit_keys(wanted: Any) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(Membership.person_id, Unit.directory_key)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(wanted), Unit.directory_key.is_not(None))
        .order_by(Membership.is_home.desc(), Unit.directory_key)
    )
    homes: dict[int, list[str]] = {}
    for person_id, key in rows:
        homes.setdefault(person_id, []).append(str(key))
    return homes


def _grants(wanted: Any) -> dict[int, list[Grant]]:
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role, Unit.directory_key)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id.in_(wanted), RoleGrant.source == DIRECTORY)
    )
    grants: dict[int, list[Grant]] = {}
    for person_id, role, key in rows:
        if role in _ROLES:
            grants.setdefault(person_id, []).append((Role(role), key))
    return grants


def _group_sizes() -> dict[str, int]:
    last = find_last_sync(SyncOutcome.DONE)
    return {} if last is None else dict(last.group_sizes)


def find_last_sync(outcome: SyncOutcome | None = None) -> SyncRun | None:
    """Return the newest run (with this outcome), or None."""
    statement = select(SyncRun).order_by(SyncRun.id.desc()).limit(1)
    if outcome is not None:
        statement = statement.where(SyncRun.outcome == outcome)
    return db.session.execute(statement).scalar_one_or_none()


def probe_directory() -> ProbeResult:
    """Say for `/helse` how long ago the directory was last read to the end."""
    last, newest = find_last_sync(SyncOutcome.DONE), find_last_sync()
    if newest is None:
        return ProbeResult("directory", True, {"last_sync": None})
    age = None if last is None else now() - last.finished_at
    return ProbeResult(
        "directory",
        age is not None and age < OLDEST_SYNC,
        {
            "last_sync": None if last is None else last.finished_at.isoformat(),
            "last_outcome": str(newest.outcome),
        },
    )
