"""Ends delegations before their last day, and with each what rests on it. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Role, Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.delegations import policy
from intranet.delegations.actions.locking import load_tree
from intranet.delegations.addresses import delegation_url
from intranet.delegations.models import Delegation
from intranet.delegations.queries.holders import list_holders
from intranet.delegations.rules import EndCause, Grant, chain_of, descendants_of
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.people.models import Person
from intranet.people.queries.units import holders_of, list_leaders_above

REASON_LENGTH = 1000


def withdraw_delegation(
    delegation_id: int, first_day_off: date, reason: str, *, version: int | None, actor: Viewer
) -> Delegation:
    """Let it hold no longer from the day on, nor anything passed on from it.

    Whoever holds something above it may, and administrators. Everybody who loses something is told.
    Pressed twice it is done once. Raises InvalidInput for the day or a missing reason.
    """
    delegation, grants = load_tree(delegation_id)
    chain = chain_of(delegation_id, grants)
    said = (first_day_off, reason, actor.id)
    if (delegation.ended_on, delegation.end_reason, delegation.ended_by) == said:
        return delegation
    if not policy.may_end(actor, chain, today()):
        raise NotAllowed(
            _("Bare den som ga fullmakten, de over og administratorer kan trekke den tilbake.")
        )
    if not policy.can_withdraw(actor, chain, today()):
        raise NotPossibleNow(_("Fullmakten gjelder ikke lenger."))
    if version != delegation.version:
        raise SomeoneElseWasFirst(_("Noen andre har endret fullmakten mens du holdt på."))
    _check(chain[0], first_day_off, reason)
    _end(delegation, grants, first_day_off, EndCause.WITHDRAWN, reason=reason, actor=actor)
    return delegation


def lapse_delegation(delegation_id: int) -> bool:
    """End what a person held who is no longer employed; the clock does. Whether there was any.

    The giver, the leader of the unit and the administrators are told, so that they can give it to
    somebody else.
    """
    delegation, grants = load_tree(delegation_id)
    holder = db.session.get(Person, delegation.holder_id) if delegation.holder_id else None
    last = grants[delegation_id].last_day
    if holder is None or holder.is_directory_active or (last is not None and last < today()):
        return False
    told = {*holders_of(Role.ADMINISTRATOR), *_givers(delegation, grants)}
    nearest = [link.acting_id for link in list_leaders_above(delegation.unit_id)]
    told |= {person for person in nearest[:1] if person is not None}
    _end(delegation, grants, today(), EndCause.LAPSED, reason="", actor=SYSTEM)
    notify(
        told,
        event="delegation.lapsed",
        subject_key=f"delegation:{delegation.id}",
        title=_("Fullmakt %(number)s er falt bort: personen har sluttet", number=delegation.id),
        url=delegation_url(delegation.id),
    )
    return True


def _check(grant: Grant, first_day_off: date, reason: str) -> None:
    if first_day_off < today():
        raise InvalidInput(
            _("Velg i dag eller en dag som kommer. Det som er gjort til nå, står ved lag."),
            field="first_day_off",
        )
    last = grant.last_day
    if last is not None and first_day_off > last:
        said = _("Fullmakten gjelder uansett bare til og med %(day)s.", day=f"{last:%d.%m.%Y}")
        raise InvalidInput(said, field="first_day_off")
    if not reason:
        raise InvalidInput(_("Skriv hvorfor fullmakten trekkes tilbake."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 1000 tegn."), field="reason")


def _end(
    delegation: Delegation,
    grants: dict[int, Grant],
    day: date,
    cause: EndCause,
    *,
    reason: str,
    actor: Actor,
) -> None:
    ended = [delegation]
    _close(delegation, day, cause, reason=reason, actor=actor)
    for grant in descendants_of(delegation.id, grants.values()):
        if grant.last_day is not None and grant.last_day < day:
            continue
        below = db.session.get_one(Delegation, grant.id)
        below.ended_with_id = delegation.id
        _close(below, day, cause, reason="", actor=actor)
        ended.append(below)
    db.session.flush()
    _tell(ended, actor)


def _close(
    delegation: Delegation, day: date, cause: EndCause, *, reason: str, actor: Actor
) -> None:
    delegation.ended_on, delegation.end_cause, delegation.end_reason = day, cause, reason
    delegation.ended_by, delegation.ended_at = actor.id, now()
    is_lapse = cause is EndCause.LAPSED
    record(
        AuditEvent.DELEGATION_LAPSED if is_lapse else AuditEvent.DELEGATION_WITHDRAWN,
        actor=actor,
        subject="delegation",
        subject_id=delegation.id,
        unit_id=delegation.unit_id,
        details={"ended_on": day}
        | ({"with": delegation.ended_with_id} if delegation.ended_with_id else {}),
    )


def _tell(ended: Sequence[Delegation], actor: Actor) -> None:
    for delegation in ended:
        notify(
            {*list_holders([delegation])} - {actor.id},
            event="delegation.ended",
            subject_key=f"delegation:{delegation.id}:{delegation.ended_on}",
            title=_(
                "Fullmakt %(number)s gjelder ikke fra %(day)s",
                number=delegation.id,
                day=f"{delegation.ended_on:%d.%m.%Y}",
            ),
            url=delegation_url(delegation.id),
        )


def _givers(delegation: Delegation, grants: dict[int, Grant]) -> list[int]:
    parent = grants.get(delegation.parent_id or 0)
    return [] if parent is None else list_holders([parent])
