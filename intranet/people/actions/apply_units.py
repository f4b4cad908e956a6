"""The part of a synchronisation that writes units, their tree and their leaders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select, update

from intranet.extensions import db
from intranet.people.actions.leadership import note_leaders
from intranet.people.models import Person, Unit, UnitLevel
from intranet.people.sync import SyncPlan, UnitChange

# Keys in one select: databases have a ceiling on parameters.
BATCH = 500


def apply_units(plan: SyncPlan) -> dict[str, int]:
    """Write names, levels and the tree; return every unit's id by key."""
    units = {
        unit.directory_key: unit
        for unit in db.session.execute(
            select(Unit).where(Unit.directory_key.is_not(None))
        ).scalars()
    }
    for key in plan.units_gone:
        units[key].is_active, units[key].leader_id = False, None
    note_leaders({units[key].id: None for key in plan.units_gone})
    for change in plan.units:
        told = change.unit
        unit = units.get(told.key)
        if unit is None:
            unit = Unit(directory_key=told.key, name=told.name, level=UnitLevel(told.level))
            units[told.key] = unit
            db.session.add(unit)
        unit.name, unit.level, unit.is_active = told.name[:200], UnitLevel(told.level), True
    db.session.flush()
    for change in plan.units:
        parent = units[change.unit.parent_key] if change.unit.parent_key else None
        units[change.unit.key].parent_id = None if parent is None else parent.id
    if plan.units:
        _write_paths(list(units.values()))
    db.session.flush()
    return {str(key): unit.id for key, unit in units.items()}


def _write_paths(units: list[Unit]) -> None:
    by_id = {unit.id: unit for unit in units}
    for unit in units:
        ids: list[int] = []
        step: Unit | None = unit
        while step is not None and step.id not in ids:
            ids.append(step.id)
            step = by_id.get(step.parent_id) if step.parent_id else None
        path = "/" + "/".join(str(number) for number in reversed(ids)) + "/"
        if unit.path != path:
            unit.path = path


def set_leaders(changes: Iterable[UnitChange], unit_ids: Mapping[str, int]) -> None:
    """Write who leads the changed units; the persons are there already."""
    told = {change.unit.key: change.unit.leader_key for change in changes}
    persons = persons_by_key(key for key in told.values() if key)
    leaders = {
        unit_ids[unit_key]: persons[leader_key].id if leader_key else None
        for unit_key, leader_key in told.items()
    }
    for unit_id, leader_id in leaders.items():
        db.session.execute(update(Unit).where(Unit.id == unit_id).values(leader_id=leader_id))
    note_leaders(leaders)


def find_unit_ids(keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of the units with these keys."""
    rows = db.session.execute(
        select(Unit.directory_key, Unit.id).where(Unit.directory_key.in_(list(keys)))
    )
    return {str(key): number for key, number in rows}


def persons_by_key(keys: Iterable[str]) -> dict[str, Person]:
    """Return the persons with these keys, read in batches."""
    wanted = list(keys)
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        rows = db.session.execute(select(Person).where(Person.directory_key.in_(part))).scalars()
        found.update({str(person.directory_key): person for person in rows})
    return found
