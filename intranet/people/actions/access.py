"""What an administrator decides about a person: the block, and roles given by hand."""

from __future__ import annotations

from sqlalchemy import select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotFound
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.models import Person, RoleGrant, Unit
from intranet.people.policy import can_manage_access
from intranet.people.roles import DIRECTORY_ONLY

LOCAL = "local"


def block_person(person: Person, *, actor: Viewer) -> None:
    """An administrator shuts somebody out, whatever the directory says; all sessions are dead."""
    _check(actor)
    if person.id == actor.id:
        raise InvalidInput(_("Du kan ikke stenge deg selv ute."))
    person.is_blocked = True
    person.sessions_valid_from = now()
    record(AuditEvent.PERSON_BLOCKED, actor=actor, subject="person", subject_id=person.id)
    db.session.flush()


def unblock_person(person: Person, *, actor: Viewer) -> None:
    """An administrator lets somebody in again; the directory never does this by itself."""
    _check(actor)
    person.is_blocked = False
    record(AuditEvent.PERSON_UNBLOCKED, actor=actor, subject="person", subject_id=person.id)
    db.session.flush()


def grant_role(person: Person, role: Role, unit_id: int | None, *, actor: Viewer) -> RoleGrant:
    """An administrator gives a role for a unit and all below, or for all. The sync leaves it alone.

    Giving it twice is one role. Raises NotFound for a unit that is not there, NotAllowed for a role
    that only the directory gives.
    """
    _check(actor)
    if role in DIRECTORY_ONLY:
        raise NotAllowed(_("Denne rollen gis bare gjennom en gruppe i katalogen."))
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        raise NotFound(_("Vi finner ikke denne enheten."))
    same_unit = RoleGrant.unit_id.is_(None) if unit_id is None else RoleGrant.unit_id == unit_id
    found = db.session.execute(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == str(role),
            RoleGrant.source == LOCAL,
            same_unit,
        )
    ).scalar_one_or_none()
    if found is not None:
        return found
    grant = RoleGrant(person_id=person.id, role=str(role), unit_id=unit_id, source=LOCAL)
    db.session.add(grant)
    db.session.flush()
    _record(AuditEvent.ROLE_GRANTED, grant, actor)
    return grant


def revoke_role(grant: RoleGrant, *, actor: Viewer) -> None:
    """An administrator takes back a role given here. One from the directory is changed there."""
    _check(actor)
    if grant.source != LOCAL:
        raise InvalidInput(_("Rollen kommer fra en gruppe i katalogen. Endre den der."))
    _record(AuditEvent.ROLE_REVOKED, grant, actor)
    db.session.delete(grant)
    db.session.flush()


def _check(actor: Viewer) -> None:
    if not can_manage_access(actor):
        raise NotAllowed(_("Bare administratorer kan gjøre dette."))


def _record(event: AuditEvent, grant: RoleGrant, actor: Viewer) -> None:
    details = {"role": grant.role, "unit_id": grant.unit_id, "source": LOCAL}
    record(event, actor=actor, subject="person", subject_id=grant.person_id, details=details)
