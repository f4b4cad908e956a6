"""Carries out a plan of `sync.py` in the caller's transaction: units, persons, leaders, roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, insert

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.clock import now
from intranet.extensions import db
from intranet.people.actions.apply_units import (
    BATCH,
    apply_units,
    find_unit_ids,
    persons_by_key,
    set_leaders,
)
from intranet.people.models import (
    Membership,
    Person,
    RoleGrant,
    SyncChange,
    SyncOutcome,
    SyncRun,
)
from intranet.people.roles import Grant
from intranet.people.snapshot import fold
from intranet.people.sync import PersonChange, SyncPlan, person_fields
from intranet.search.actions import mark_all_changed

DIRECTORY = "directory"


def apply_sync(plan: SyncPlan, started_at: datetime) -> SyncRun:
    """Make the portal agree with the directory; the system acts.

    Who is gone is deactivated and never deleted: content and cases stay, all sessions are dead
    from this moment, and roles from the directory end. The administrator's own block is left as
    it is. Writes the log of the run. Raises ValueError for a plan that says stop.
    """
    if plan.stops:
        raise ValueError(f"the plan says stop: {plan.stops}")
    run = _write_run(started_at, SyncOutcome.DONE, counts=plan.counts(), sizes=plan.group_sizes)
    unit_ids = apply_units(plan)
    person_ids = _apply_persons(plan.persons, unit_ids)
    gone_ids = _deactivate(plan.gone)
    set_leaders(plan.units, unit_ids)
    _log_changes(run.id, plan, person_ids, gone_ids)
    mark_all_changed(f"person/{number}" for number in (*person_ids.values(), *gone_ids))
    if not plan.is_empty:
        record(
            AuditEvent.DIRECTORY_SYNCED,
            actor=SYSTEM,
            subject="sync_run",
            subject_id=run.id,
            details=plan.counts(),
        )
    return run


def note_refused_sync(
    started_at: datetime, outcome: SyncOutcome, reason: str, counts: Mapping[str, int] | None = None
) -> SyncRun:
    """Write down that a run stopped or failed and changed nothing, and why."""
    run = _write_run(started_at, outcome, reason=reason, counts=counts or {})
    record(
        AuditEvent.DIRECTORY_SYNC_REFUSED,
        actor=SYSTEM,
        subject="sync_run",
        subject_id=run.id,
        details={"outcome": str(outcome), "reason": reason[:500]},
    )
    return run


def apply_person(change: PersonChange) -> int:
    """Write what a login told about one person and return the id; the units are known already."""
    keys = set(change.person.unit_keys) | {unit for _role, unit in change.grants if unit}
    return _apply_persons([change], find_unit_ids(keys))[change.person.key]


def _write_run(
    started_at: datetime,
    outcome: SyncOutcome,
    *,
    reason: str = "",
    counts: Mapping[str, int],
    sizes: Mapping[str, int] | None = None,
) -> SyncRun:
    run = SyncRun(
        started_at=started_at,
        finished_at=now(),
        outcome=outcome,
        reason=reason[:2000],
        counts=dict(counts),
        group_sizes=dict(sizes or {}),
    )
    db.session.add(run)
    db.session.flush()
    return run


def _apply_persons(changes: Iterable[PersonChange], unit_ids: Mapping[str, int]) -> dict[str, int]:
    changes = list(changes)
    persons = persons_by_key(change.person.key for change in changes)
    for change in changes:
        person = persons.get(change.person.key)
        if person is None:
            person = persons[change.person.key] = Person(directory_key=change.person.key, name="")
            db.session.add(person)
        _write_person(person, change)
    db.session.flush()
    ids = {change.person.key: persons[change.person.key].id for change in changes}
    placed = [c for c in changes if c.is_new or c.is_back or c.has_moved]
    _write_memberships(placed, persons, unit_ids)
    _write_grants([c for c in changes if c.granted or c.revoked], ids, unit_ids)
    for change in changes:
        if change.is_back:
            _record_person(AuditEvent.PERSON_REACTIVATED, ids[change.person.key])
    return ids


def _write_person(person: Person, change: PersonChange) -> None:
    told = person_fields(change.person)
    for name in change.fields:
        longest = getattr(Person.__table__.c[name].type, "length", None)
        setattr(person, name, told[name][:longest])
    person.name_key = fold(person.name)[:200]
    person.username_key = fold(person.username)[:120]
    person.initials = _initials(person)
    person.is_directory_active = True


def _initials(person: Person) -> str:
    words = person.name.split()
    given = person.given_name or (words[0] if words else "")
    family = person.family_name or (words[-1] if len(words) > 1 else "")
    return (given[:1] + family[:1]).upper()


def _write_memberships(
    changes: list[PersonChange], persons: Mapping[str, Person], unit_ids: Mapping[str, int]
) -> None:
    rows = []
    for change in changes:
        person = persons[change.person.key]
        homes = [unit_ids[key] for key in change.person.unit_keys]
        person.home_unit_id = homes[0] if homes else None
        rows += [
            {"person_id": person.id, "unit_id": unit, "is_home": unit == homes[0]} for unit in homes
        ]
    _delete_for(Membership, [persons[change.person.key].id for change in changes])
    if rows:
        db.session.execute(insert(Membership), rows)


def _write_grants(
    changes: list[PersonChange], ids: Mapping[str, int], unit_ids: Mapping[str, int]
) -> None:
    """Replace the roles that come from the directory; those given here are left alone."""
    _delete_for(RoleGrant, [ids[change.person.key] for change in changes])
    rows = [
        {
            "person_id": ids[change.person.key],
            "role": str(role),
            "unit_id": unit_ids[unit] if unit else None,
            "source": DIRECTORY,
        }
        for change in changes
        for role, unit in sorted(change.grants, key=str)
    ]
    if rows:
        db.session.execute(insert(RoleGrant), rows)
    for change in changes:
        person_id = ids[change.person.key]
        _record_roles(AuditEvent.ROLE_GRANTED, person_id, change.granted, unit_ids)
        _record_roles(AuditEvent.ROLE_REVOKED, person_id, change.revoked, unit_ids)


def _record_roles(
    event: AuditEvent, person_id: int, grants: frozenset[Grant], unit_ids: Mapping[str, int]
) -> None:
    for role, unit in sorted(grants, key=str):
        details = {"role": str(role), "unit_id": unit_ids.get(unit or ""), "source": DIRECTORY}
        record(event, actor=SYSTEM, subject="person", subject_id=person_id, details=details)


def _delete_for(model: type[Membership] | type[RoleGrant], person_ids: list[int]) -> None:
    for start in range(0, len(person_ids), BATCH):
        part = person_ids[start : start + BATCH]
        statement = delete(model).where(model.person_id.in_(part))
        if model is RoleGrant:
            statement = statement.where(RoleGrant.source == DIRECTORY)
        db.session.execute(statement.execution_options(synchronize_session=False))


def _deactivate(keys: Iterable[str]) -> list[int]:
    moment = now()
    persons = persons_by_key(keys)
    ids = sorted(person.id for person in persons.values())
    for person in persons.values():
        person.is_directory_active = False
        person.sessions_valid_from = moment
    _delete_for(RoleGrant, ids)
    for person_id in ids:
        _record_person(AuditEvent.PERSON_DEACTIVATED, person_id)
    return ids


def _record_person(event: AuditEvent, person_id: int) -> None:
    record(event, actor=SYSTEM, subject="person", subject_id=person_id)


def _log_changes(
    run_id: int, plan: SyncPlan, person_ids: Mapping[str, int], gone_ids: Iterable[int]
) -> None:
    rows = [{"run_id": run_id, "person_id": number, "kind": "gone"} for number in gone_ids]
    for change in plan.persons:
        kinds = {
            "new": change.is_new,
            "back": change.is_back,
            "changed": bool(change.fields) and not change.is_new,
            "moved": change.has_moved,
            "roles": bool(change.granted or change.revoked) and not change.is_new,
        }
        rows += [
            {"run_id": run_id, "person_id": person_ids[change.person.key], "kind": kind}
            for kind, holds in kinds.items()
            if holds
        ]
    if rows:
        db.session.execute(insert(SyncChange), rows)
