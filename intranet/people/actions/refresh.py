"""Takes over at login what the directory says about one person: fields, units and roles."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.extensions import db
from intranet.people.actions.apply_sync import apply_person
from intranet.people.directories import role_rules
from intranet.people.models import Person
from intranet.people.queries.sync_state import load_person_state, load_unit_state
from intranet.people.snapshot import MUNICIPALITY, DirectoryPerson, DirectoryUnit
from intranet.people.sync import plan_person


def refresh_person(told: DirectoryPerson) -> Person:
    """Write what the directory told about who just logged in, and return the person.

    Only for an account that the directory has let in. Makes the person when it is new, so that a
    new employee need not wait for the sync, and a deactivated one active again. A unit that we do
    not know yet, and leadership, wait for the sync; the administrator's block is left as it is.
    """
    units = load_unit_state()
    known = load_person_state(told.key)
    if known is not None and known.unit_keys and not _is_placed(told, units):
        told = replace(told, unit_keys=known.unit_keys)
    if units:
        change = plan_person(told, known, units, role_rules(get_settings()))
    else:
        # Before the very first sync there is no tree to place anybody in.
        nowhere = DirectoryUnit("", "", MUNICIPALITY)
        change = plan_person(told, known, (nowhere,), ())
        change = None if change is None else replace(change, person=replace(told, unit_keys=()))
    if change is not None:
        apply_person(change)
    person = db.session.execute(select(Person).where(Person.directory_key == told.key)).scalar_one()
    person.last_login_at = now()
    db.session.flush()
    return person


def _is_placed(told: DirectoryPerson, units: tuple[DirectoryUnit, ...]) -> bool:
    return bool(told.unit_keys) and told.unit_keys[0] in {unit.key for unit in units}
