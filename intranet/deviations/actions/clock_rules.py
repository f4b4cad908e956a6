"""Corrects the administrator's table of statutory clocks, or lets new law follow. Never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.clock_models import ClockDefinition
from intranet.deviations.clocks import Limit
from intranet.deviations.type_policy import edits_clock_rules
from intranet.extensions import db


@dataclass(frozen=True)
class RuleValues:
    """What the administrator may set."""

    law: str
    recipient: str
    limit: Limit
    amount: int
    is_own: bool
    valid_from: date
    valid_to: date | None
    is_active: bool


def change_rule(
    row: ClockDefinition, values: RuleValues, *, actor: Viewer, version: int | None = None
) -> None:
    """Correct a rule. Clocks that already run keep the rule that they were started with."""
    _check(actor, row, version)
    _check_values(row, values, besides=row.id)
    before = _plain(row)
    _set(row, values)
    db.session.flush()
    _record(row, actor, before)


def add_successor(
    row: ClockDefinition, values: RuleValues, *, actor: Viewer, version: int | None = None
) -> ClockDefinition:
    """Add the rule that follows from a day on; the old one ends on the day before."""
    _check(actor, row, version)
    if values.valid_from <= row.valid_from:
        raise InvalidInput(
            _("Den nye regelen må gjelde fra en senere dag enn den gamle."), "valid_from"
        )
    before = _plain(row)
    row.valid_to = values.valid_from - timedelta(days=1)
    db.session.flush()
    made = ClockDefinition(
        key=row.key,
        phase=row.phase,
        kind=row.kind,
        question=row.question,
        counts_from=row.counts_from,
        position=row.position,
    )
    _set(made, values)
    _check_values(made, values, besides=row.id)
    db.session.add(made)
    db.session.flush()
    _record(row, actor, before)
    _record(made, actor, {})
    return made


def _check(actor: Viewer, row: ClockDefinition, version: int | None) -> None:
    if not edits_clock_rules(actor):
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    if version is not None and version != row.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret fristen mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )


def _check_values(row: ClockDefinition, values: RuleValues, *, besides: int) -> None:
    if (values.limit == Limit.AT_ONCE) != (values.amount == 0):
        raise InvalidInput(_("Skriv 0 når det skal skje straks, ellers minst 1."), "amount")
    last = values.valid_to or date.max
    if last < values.valid_from:
        raise InvalidInput(_("Siste dag er før første dag."), "valid_to")
    others = db.session.execute(
        select(ClockDefinition).where(
            ClockDefinition.key == row.key,
            ClockDefinition.phase == row.phase,
            ClockDefinition.id != besides,
        )
    ).scalars()
    for other in others:
        if other is row:
            continue
        if values.valid_from <= (other.valid_to or date.max) and other.valid_from <= last:
            raise InvalidInput(
                _("En annen regel for det samme gjelder på noen av disse dagene."), "valid_from"
            )


def _set(row: ClockDefinition, values: RuleValues) -> None:
    for name, value in vars(values).items():
        setattr(row, name, value)


def _plain(row: ClockDefinition) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in RuleValues.__dataclass_fields__}


def _record(row: ClockDefinition, actor: Viewer, before: dict[str, str]) -> None:
    after = _plain(row)
    changed = {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }
    record(
        AuditEvent.CLOCK_RULE_CHANGED,
        actor=actor,
        subject="clock_rule",
        subject_id=row.id,
        details={"clock": f"{row.key}.{row.phase}", "changed": changed},
    )
