"""Keeps a unit's list of the laws and paragraphs that matter there."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.models import UnitLaw
from intranet.laws.policy import can_keep_list
from intranet.laws.queries.targets import Target
from intranet.laws.texts import section_key
from intranet.people.models import Unit
from intranet.people.queries.units import get_unit

# Of what is of special importance; whoever lists everything has listed nothing.
MOST_LAWS = 60


def add_unit_law(unit_id: int, target: Target, note: str, *, actor: Viewer) -> UnitLaw:
    """Put a law or a paragraph on the unit's list. Raises NotAllowed, and InvalidInput when it
    stands there already or the list is full.
    """
    unit = get_unit(unit_id)
    if not unit.is_active:
        raise InvalidInput(_("Enheten er ikke lenger i bruk. Velg en annen."), field="unit")
    demand_keeper(unit, actor)
    on_list = UnitLaw.unit_id == unit_id
    same = (UnitLaw.refid == target.refid, UnitLaw.section_key == section_key(target.section))
    known = db.session.scalars(select(UnitLaw).where(on_list, *same)).first()
    if known is not None and (known.added_by_id, known.note) == (actor.id, note):
        return known  # The same button, pressed twice.
    if known is not None:
        raise _stands_there(target, unit)
    count = db.session.scalar(select(func.count()).select_from(UnitLaw).where(on_list)) or 0
    if count >= MOST_LAWS:
        raise InvalidInput(
            _("Lista har plass til %(count)d. Fjern noe før du legger til mer.", count=MOST_LAWS)
        )
    found = UnitLaw(
        unit_id=unit_id,
        refid=target.refid,
        section=target.section,
        section_key=section_key(target.section),
        note=note,
        added_by_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(found)
    except IntegrityError:
        # Somebody else added it since we looked.
        raise _stands_there(target, unit) from None
    _record(AuditEvent.UNIT_LAW_ADDED, found, actor)
    return found


def edit_unit_law(found: UnitLaw, note: str, *, version: int, actor: Viewer) -> None:
    """Change what the list says about a law. Raises SomeoneElseWasFirst when it was changed since
    the form was shown.
    """
    demand_keeper(get_unit(found.unit_id), actor)
    if found.version != version:
        raise SomeoneElseWasFirst(_("Noen andre har endret teksten mens du skrev."))
    found.note = note
    db.session.flush()
    _record(AuditEvent.UNIT_LAW_EDITED, found, actor)


def remove_unit_law(found: UnitLaw, *, actor: Viewer) -> None:
    """Take a law off the list; that it stood there is kept in the audit."""
    demand_keeper(get_unit(found.unit_id), actor)
    _record(AuditEvent.UNIT_LAW_REMOVED, found, actor)
    db.session.delete(found)
    db.session.flush()


def _stands_there(target: Target, unit: Unit) -> InvalidInput:
    said = _("%(law)s står allerede på lista til %(unit)s.", law=target.name, unit=unit.name)
    return InvalidInput(said, field="law")


def demand_keeper(unit: Unit, actor: Viewer) -> None:
    """Raise NotAllowed for who does not keep the unit's list."""
    if not can_keep_list(actor, unit.path):
        raise NotAllowed(
            _("Lista føres av lederen, redaktøren og kvalitetsrådgiveren for enheten.")
        )


def _record(event: AuditEvent, found: UnitLaw, actor: Viewer) -> None:
    record(
        event,
        actor=actor,
        subject="unit_law",
        subject_id=found.id,
        unit_id=found.unit_id,
        details={"law": found.refid, "section": found.section},
    )
