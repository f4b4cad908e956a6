"""Keeps the kinds of authority. Never commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.delegations.models import DelegationKind
from intranet.delegations.policy import can_keep_register
from intranet.delegations.queries.register import is_kind_used
from intranet.extensions import db

MOST_KINDS = 60


@dataclass(frozen=True)
class KindContents:
    """What the administrator says of a kind."""

    name: str
    description: str = ""
    has_amount: bool = False
    is_active: bool = True


def add_kind(contents: KindContents, *, actor: Viewer) -> DelegationKind:
    """Add a kind, last in the list. Administrators may. The same twice is one."""
    _allow(actor)
    known = _find(contents.name)
    if known is not None and _as_said(known) == contents:
        return known
    if known is not None:
        raise _taken()
    count = db.session.scalar(select(func.count()).select_from(DelegationKind)) or 0
    if count >= MOST_KINDS:
        raise InvalidInput(_("Det er plass til %(count)d typer.", count=MOST_KINDS), field="name")
    last = db.session.scalar(select(func.max(DelegationKind.position))) or 0
    kind = DelegationKind(**asdict(contents), name_key=contents.name.casefold(), position=last + 1)
    try:
        with db.session.begin_nested():
            db.session.add(kind)
    except IntegrityError:
        raise _taken() from None
    _record(AuditEvent.DELEGATION_KIND_ADDED, kind, actor)
    return kind


def edit_kind(kind: DelegationKind, contents: KindContents, *, version: int, actor: Viewer) -> None:
    """Change a kind. Whether it has an amount stays as it is once anything was given of it."""
    _allow(actor)
    if kind.version != version:
        raise SomeoneElseWasFirst(_("Noen andre har endret typen mens du skrev."))
    if kind.has_amount != contents.has_amount and is_kind_used(kind.id):
        raise InvalidInput(
            _("Det er gitt fullmakter av denne typen. Lag heller en ny type."), field="has_amount"
        )
    known = _find(contents.name)
    if known is not None and known.id != kind.id:
        raise _taken()
    if _as_said(kind) == contents:
        return
    for name, value in asdict(contents).items():
        setattr(kind, name, value)
    kind.name_key = contents.name.casefold()
    try:
        db.session.flush()
    except IntegrityError:
        raise _taken() from None
    _record(AuditEvent.DELEGATION_KIND_CHANGED, kind, actor)


def _as_said(kind: DelegationKind) -> KindContents:
    return KindContents(kind.name, kind.description, kind.has_amount, kind.is_active)


def _find(name: str) -> DelegationKind | None:
    statement = select(DelegationKind).where(DelegationKind.name_key == name.casefold())
    return db.session.scalars(statement).one_or_none()


def _taken() -> InvalidInput:
    return InvalidInput(_("Det finnes allerede en type med dette navnet."), field="name")


def _allow(actor: Viewer) -> None:
    if not can_keep_register(actor):
        raise NotAllowed(_("Bare administratorer endrer typene."))


def _record(event: AuditEvent, kind: DelegationKind, actor: Viewer) -> None:
    record(
        event,
        actor=actor,
        subject="delegation_kind",
        subject_id=kind.id,
        details={"name": kind.name, "is_active": kind.is_active},
    )
