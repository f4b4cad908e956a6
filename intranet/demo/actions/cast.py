"""Who is who in the database: finds the demonstration's units and persons by their keys."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.demo.organisation import Organisation
from intranet.extensions import db
from intranet.people.models import Person, Unit
from intranet.people.queries.viewer import load_viewer


@dataclass(frozen=True)
class Cast:
    """The organisation with the ids that the directory's sync gave."""

    organisation: Organisation
    unit_ids: dict[str, int]
    person_ids: dict[str, int]

    def viewer(self, person_id: int) -> Viewer:
        """Return the person as permissions see them at the stopped clock."""
        viewer = load_viewer(person_id)
        if viewer is None:
            raise LookupError(f"person {person_id} is not active")
        return viewer

    def account(self, role: str) -> int:
        """Return the id of the told account with this role."""
        key = next(p.key for p in self.organisation.accounts() if p.account_role == role)
        return self.person_ids[key]

    def leader_of(self, unit_key: str) -> int:
        """Return the leader's id, the one above when the post is vacant."""
        unit = self.organisation.unit(unit_key)
        if unit.leader_key is not None:
            return self.person_ids[unit.leader_key]
        if unit.parent_key is None:
            raise LookupError("the municipality has no leader")
        return self.leader_of(unit.parent_key)

    def editor_of(self, unit_key: str) -> int:
        """Return the unit's own editor, else the editor of the whole municipality."""
        for person in self.organisation.persons:
            if f"red-{unit_key}" in person.groups:
                return self.person_ids[person.key]
        return self.account("editor")

    def staff_of(self, unit_key: str) -> list[int]:
        """Return the unit's people with its departments', the leaders left out."""
        below = {unit_key} | {
            unit.key for unit in self.organisation.units if unit.parent_key == unit_key
        }
        leaders = {unit.leader_key for unit in self.organisation.units}
        return [
            self.person_ids[person.key]
            for person in self.organisation.persons
            if person.unit_keys[0] in below and person.key not in leaders
        ]


def load_cast(organisation: Organisation) -> Cast:
    """Return the cast of what the sync has written."""
    units = db.session.execute(select(Unit.directory_key, Unit.id)).all()
    persons = db.session.execute(select(Person.directory_key, Person.id)).all()
    return Cast(
        organisation,
        {key: number for key, number in units if key is not None},
        {key: number for key, number in persons if key is not None},
    )
