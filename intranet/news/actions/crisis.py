"""A notice of a crisis is proposed, approved by a second person, and ended. Never commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.policy import can_raise_crisis
from intranet.news.queries.crisis import find_crisis_by_key, list_everybody, list_who_approve
from intranet.notifications.actions import notify
from intranet.notifications.models import CrisisNotice, CrisisState

TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH = 120, 600, 300
PAGE = "/nyheter/krisemelding"


def propose_crisis(
    *, title: str, text: str, sends_mail: bool, send_key: str, actor: Viewer
) -> CrisisNotice:
    """Write a notice that stands on every page when a second person has approved it.

    Those who may raise one may. All others who may are told at once. Sent twice it is kept once.
    """
    _allow(actor)
    already = find_crisis_by_key(send_key)
    if already is not None:
        return already
    crisis = _write(title, text, sends_mail, send_key, actor)
    others = [person_id for person_id in list_who_approve() if person_id != actor.id]
    if not others:
        raise InvalidInput(
            _("Det er ingen andre som kan godkjenne. Skriv en grunn, og publiser alene."),
            field="alone_reason",
        )
    _record(AuditEvent.CRISIS_PROPOSED, crisis, actor, title=title)
    notify(
        others,
        event="crisis.proposed",
        subject_key=f"crisis:{crisis.id}",
        title=_("Godkjenn krisemeldingen: %(title)s", title=title),
        url=PAGE,
        is_urgent=True,
    )
    return crisis


def raise_crisis_alone(
    *, title: str, text: str, sends_mail: bool, reason: str, send_key: str, actor: Viewer
) -> CrisisNotice:
    """Put a notice on every page without a second person; why is kept. The same people may."""
    _allow(actor)
    already = find_crisis_by_key(send_key)
    if already is not None:
        return already
    if not reason:
        raise InvalidInput(
            _("Skriv hvorfor du publiserer uten at en annen har godkjent."), field="alone_reason"
        )
    crisis = _write(title, text, sends_mail, send_key, actor)
    crisis.alone_reason = reason
    _start(crisis, actor)
    return crisis


def approve_crisis(crisis: CrisisNotice, *, actor: Viewer) -> None:
    """Put what another has written on every page, and in the mail when that was chosen."""
    _allow(actor)
    _lock(crisis)
    if crisis.state != CrisisState.PROPOSED:
        raise NotPossibleNow(_("Krisemeldingen venter ikke på godkjenning."))
    if crisis.proposed_by == actor.id:
        raise NotAllowed(_("En annen enn den som skrev krisemeldingen, må godkjenne den."))
    crisis.approved_by = actor.id
    _start(crisis, actor)


def end_crisis(crisis: CrisisNotice, *, actor: Viewer) -> None:
    """Take it off every page, or turn a proposal down. Whoever may raise one may."""
    _allow(actor)
    _lock(crisis)
    if crisis.state == CrisisState.ENDED:
        raise NotPossibleNow(_("Krisemeldingen er allerede avsluttet."))
    _end(crisis, actor)


def _start(crisis: CrisisNotice, actor: Viewer) -> None:
    """One at a time: what stood there before is over."""
    for former in db.session.scalars(
        select(CrisisNotice)
        .where(CrisisNotice.state == CrisisState.ACTIVE, CrisisNotice.id != crisis.id)
        .order_by(CrisisNotice.id)
        .with_for_update()
    ):
        _end(former, actor)
    crisis.state, crisis.started_at = CrisisState.ACTIVE, now()
    db.session.flush()
    _record(
        AuditEvent.CRISIS_STARTED,
        crisis,
        actor,
        title=crisis.title,
        sends_mail=crisis.sends_mail,
        reason=crisis.alone_reason,
    )
    if crisis.sends_mail:
        notify(
            list_everybody(),
            event="crisis.started",
            subject_key=f"crisis:{crisis.id}",
            title=crisis.title,
            body=crisis.text,
            url="/",
            is_urgent=True,
        )


def _end(crisis: CrisisNotice, actor: Viewer) -> None:
    crisis.state, crisis.ended_at, crisis.ended_by = CrisisState.ENDED, now(), actor.id
    db.session.flush()
    _record(AuditEvent.CRISIS_ENDED, crisis, actor)


def _write(title: str, text: str, sends_mail: bool, send_key: str, actor: Viewer) -> CrisisNotice:
    for value, most, field in ((title, TITLE_LENGTH, "title"), (text, TEXT_LENGTH, "text")):
        if not value or len(value) > most:
            raise InvalidInput(_("Skriv fra ett til %(most)d tegn.", most=most), field=field)
    crisis = CrisisNotice(
        state=CrisisState.PROPOSED,
        title=title,
        text=text,
        sends_mail=sends_mail,
        proposed_by=actor.id,
        send_key=send_key,
    )
    db.session.add(crisis)
    db.session.flush()
    return crisis


def _allow(actor: Viewer) -> None:
    if not can_raise_crisis(actor):
        raise NotAllowed(_("Du kan ikke publisere krisemeldinger."))


def _lock(crisis: CrisisNotice) -> None:
    """Two clicks at once: the second sees what the first has done."""
    db.session.refresh(crisis, with_for_update=True)


def _record(event: AuditEvent, crisis: CrisisNotice, actor: Viewer, **details: Any) -> None:
    shown = {name: value for name, value in details.items() if value != ""}
    record(event, actor=actor, subject="crisis", subject_id=crisis.id, details=shown or None)
