"""Decides a claim for erasure: takes out what tells who a person was, and keeps the decision.

What others wrote stays as it was written: it belongs to the archives. The person's row stays too,
without what it said, for cases and documents point at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, select

from intranet.audit.actions import erase_name, record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.erasure_models import ErasureDecision, ErasureOutcome
from intranet.people.models import Membership, Person, RoleGrant
from intranet.people.policy import can_decide_erasure

# One for all: nobody is told apart any more.
ERASED_NAME = "Slettet ansatt"
# What a room keeps about a person for the person's own use; each takes the person's id.
PersonalStore = Callable[[int], None]
_CONTACT = ("username", "username_key", "title", "email", "phone", "mobile")


@dataclass(frozen=True)
class Claim:
    """What was decided about a claim, by which provision, and why."""

    outcome: ErasureOutcome
    basis: str
    reason: str


def decide_erasure(person: Person, claim: Claim, *, actor: Viewer) -> ErasureDecision:
    """The data protection officer or an administrator decides about somebody who has left.

    Raises InvalidInput while the directory still has the person: the next reading would bring all
    back.
    """
    if not can_decide_erasure(actor):
        raise NotAllowed(_("Bare personvernombudet og administratorer kan gjøre dette."))
    if person.erased_at is not None:
        raise InvalidInput(_("Opplysningene om personen er slettet fra før."))
    if person.is_directory_active and claim.outcome is not ErasureOutcome.REFUSED:
        raise InvalidInput(_("Personen er fortsatt i brukerkatalogen. Ta kontoen ut der først."))
    decision = ErasureDecision(
        person_id=person.id,
        outcome=claim.outcome,
        basis=claim.basis,
        reason=claim.reason,
        decided_by=actor.id,
    )
    db.session.add(decision)
    db.session.flush()
    record(
        AuditEvent.ERASURE_DECIDED,
        actor=actor,
        subject="person",
        subject_id=person.id,
        details={"outcome": str(claim.outcome)},
    )
    if claim.outcome is not ErasureOutcome.REFUSED:
        _forget(person)
    if claim.outcome is ErasureOutcome.ERASED:
        _erase(person, actor=actor)
    return decision


def erase_again(person_ids: Iterable[int]) -> int:
    """Erase those whom a restored copy still tells of; return how many they were. A command."""
    count = 0
    for person_id in person_ids:
        person = db.session.get(Person, person_id)
        if person is None or person.erased_at is not None:
            continue
        person.is_directory_active = False
        _forget(person)
        _erase(person, actor=SYSTEM)
        count += 1
    return count


def list_erased() -> Sequence[int]:
    """Return the ids of all who were erased, in order."""
    statement = select(Person.id).where(Person.erased_at.is_not(None)).order_by(Person.id)
    return db.session.execute(statement).scalars().all()


def _forget(person: Person) -> None:
    """Take out how the person was reached, and what was kept for the person's own use."""
    for name in _CONTACT:
        setattr(person, name, "")
    person.last_login_at = None
    person.sessions_valid_from = now()
    for model in (Membership, RoleGrant):
        db.session.execute(delete(model).where(model.person_id == person.id))
    stores: tuple[PersonalStore, ...] = current_app.extensions["personal_stores"]
    for forget in stores:
        forget(person.id)
    db.session.flush()


def _erase(person: Person, *, actor: Actor) -> None:
    """Take out the name too, also in the audit, and the key that the directory knows it by."""
    person.name, person.name_key = ERASED_NAME, ""
    person.given_name = person.family_name = person.initials = ""
    person.directory_key = None
    person.home_unit_id = None
    person.erased_at = now()
    lines = erase_name(person.id)
    record(
        AuditEvent.PERSON_ERASED,
        actor=actor,
        subject="person",
        subject_id=person.id,
        details={"lines": lines},
    )
    db.session.flush()
