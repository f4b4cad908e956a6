"""Gives authority: what council and law decided, and what a holder passes on. Never commits."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.delegations import policy
from intranet.delegations.actions.locking import load_chain
from intranet.delegations.addresses import delegation_url
from intranet.delegations.excess_words import FIELDS, say_excess
from intranet.delegations.models import Delegation, DelegationKind
from intranet.delegations.queries.holders import list_holders
from intranet.delegations.rules import Excess, excess_of
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.people.models import Person, Unit
from intranet.people.queries.persons import find_row


@dataclass(frozen=True)
class Terms:
    """What is given, to whom and how far. Either a person or the leader of `office_id`."""

    kind_id: int
    unit_id: int
    holder_id: int | None
    office_id: int | None
    amount: int | None
    starts_on: date
    ends_on: date | None = None
    may_pass_on: bool = False
    source: str = ""
    law_reference: str = ""
    conditions: str = ""


def register_delegation(terms: Terms, *, actor: Viewer, send_key: str | None = None) -> Delegation:
    """Write down what the council or a law has given. Administrators may, with the source.

    The same sending twice gives the one that was made the first time.
    """
    if not policy.can_keep_register(actor):
        raise NotAllowed(_("Bare administratorer fører inn hva kommunestyret og loven har gitt."))
    if not terms.source:
        raise InvalidInput(_("Skriv hvor fullmakten er vedtatt."), field="source")
    key = _key(send_key, terms, None)
    return _find_sent(key, actor) or _add(terms, None, key, actor=actor)


def pass_on(
    parent_id: int, terms: Terms, *, actor: Viewer, send_key: str | None = None
) -> Delegation:
    """Pass on all or a part of what one holds. The holder may, never more than is held.

    Raises InvalidInput at the field that goes too far, NotAllowed for who does not hold it, and
    NotPossibleNow when it ended meanwhile.
    """
    parent, chain = load_chain(parent_id)
    key = _key(send_key, terms, parent_id)
    known = _find_sent(key, actor)
    if known is not None:
        return known
    if not policy.holds(actor, chain[0]):
        raise NotAllowed(_("Bare den som har fullmakten, kan gi den videre."))
    unit = _unit(terms.unit_id, "unit")
    excess = excess_of(
        chain,
        unit_path=unit.path,
        amount=terms.amount,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        on=today(),
    )
    if excess in (Excess.KEPT, Excess.NOT_IN_FORCE, Excess.TOO_LONG_CHAIN):
        raise NotPossibleNow(say_excess(excess, chain, ""))
    if excess is not None:
        raise InvalidInput(say_excess(excess, chain, _unit_name(parent)), field=FIELDS[excess])
    if terms.holder_id == actor.id:
        raise InvalidInput(_("Du har den allerede. Velg en annen."), field="person")
    return _add(terms, parent, key, actor=actor)


def _add(terms: Terms, parent: Delegation | None, key: str | None, *, actor: Viewer) -> Delegation:
    _check(terms, parent)
    made = Delegation(
        kind_id=terms.kind_id,
        unit_id=terms.unit_id,
        holder_id=terms.holder_id,
        office_id=terms.office_id,
        amount=terms.amount,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        may_pass_on=terms.may_pass_on,
        source=terms.source,
        law_reference=terms.law_reference,
        conditions=terms.conditions,
        parent_id=None if parent is None else parent.id,
        root_id=None if parent is None else parent.root_id,
        given_by=actor.id,
        send_key=key,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # The other press of the same button was quicker; what it made is what was meant.
        known = _find_sent(key, actor)
        if known is None:
            raise
        return known
    if made.root_id is None:
        made.root_id = made.id
        db.session.flush()
    _tell(made, actor)
    return made


def _check(terms: Terms, parent: Delegation | None) -> None:
    kind = find_row(DelegationKind, terms.kind_id)
    if kind is None or not (kind.is_active or parent is not None):
        raise InvalidInput(_("Denne typen fullmakt er ikke i bruk. Velg en annen."), field="kind")
    if parent is not None and parent.kind_id != terms.kind_id:
        raise InvalidInput(_("Du kan bare gi videre det du har."), field="kind")
    if terms.amount is not None and not kind.has_amount:
        said = _("«%(kind)s» har ikke noe beløp. La feltet stå tomt.", kind=kind.name)
        raise InvalidInput(said, field="amount")
    if not _unit(terms.unit_id, "unit").is_active:
        raise InvalidInput(_("Enheten er ikke lenger i bruk. Velg en annen."), field="unit")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise InvalidInput(_("Siste dag må være etter første dag."), field="ends_on")
    if terms.ends_on is not None and terms.ends_on < today():
        raise InvalidInput(_("Siste dag er allerede forbi."), field="ends_on")
    _check_receiver(terms)


def _check_receiver(terms: Terms) -> None:
    if (terms.holder_id is None) == (terms.office_id is None):
        raise InvalidInput(_("Velg hvem som får fullmakten."), field="receiver")
    if terms.office_id is not None:
        if not _unit(terms.office_id, "office").is_active:
            raise InvalidInput(_("Enheten er ikke lenger i bruk. Velg en annen."), field="office")
        return
    person = find_row(Person, terms.holder_id or 0)
    if person is None or not person.is_active:
        raise InvalidInput(_("Vi finner ingen ansatt med dette navnet."), field="person")


def _unit(unit_id: int, field: str) -> Unit:
    unit = find_row(Unit, unit_id)
    if unit is None:
        raise InvalidInput(_("Velg enheten."), field=field)
    return unit


def _unit_name(parent: Delegation) -> str:
    return str(db.session.scalar(select(Unit.name).where(Unit.id == parent.unit_id)))


def _key(page_key: str | None, terms: Terms, parent_id: int | None) -> str | None:
    if page_key is None:
        return None
    return key_of_sending(page_key, str(parent_id), *(str(part) for part in astuple(terms)))


def _find_sent(key: str | None, actor: Viewer) -> Delegation | None:
    if key is None:
        return None
    statement = select(Delegation).where(
        Delegation.send_key == key, Delegation.given_by == actor.id
    )
    return db.session.scalars(statement).one_or_none()


def _tell(made: Delegation, actor: Viewer) -> None:
    details: dict[str, Any] = {
        "delegation_kind": made.kind_id,
        "amount": made.amount,
        "to": made.holder_id,
        "office": made.office_id,
        "starts_on": made.starts_on,
        "ends_on": made.ends_on,
        "may_pass_on": made.may_pass_on,
        "parent": made.parent_id,
    }
    is_root = made.parent_id is None
    record(
        AuditEvent.DELEGATION_REGISTERED if is_root else AuditEvent.DELEGATION_PASSED_ON,
        actor=actor,
        subject="delegation",
        subject_id=made.id,
        unit_id=made.unit_id,
        details={name: value for name, value in details.items() if value is not None},
    )
    notify(
        {*list_holders([made])} - {actor.id},
        event="delegation.given",
        subject_key=f"delegation:{made.id}",
        title=_("Du har fått en fullmakt"),
        url=delegation_url(made.id),
    )
