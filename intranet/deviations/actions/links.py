"""Cases that have to do with each other: linked and parted. Never commits."""

from __future__ import annotations

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.deviations.actions.steps import (
    AUDIT_EVENTS,
    add_entry,
    audit,
    check_step,
    complete_step,
    shown_number,
)
from intranet.deviations.models import DeviationLink
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.links import find_link
from intranet.deviations.workflow import Step
from intranet.extensions import db


def link_deviations(case: Case, other: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Say that two cases have to do with each other; the handler of the first may.

    `other` is one that the handler may see; both stories say it. Who sees only one of them learns
    the number of the other and nothing more.
    """
    check_step(case, Step.LINK, actor=actor, version=version)
    one, two = case.deviation, other.deviation
    _refuse_own(other, actor)
    if one.id == two.id:
        raise InvalidInput(_("Dette er samme sak. Skriv nummeret på en annen."), "other")
    if find_link(one.id, two.id) is not None:
        raise InvalidInput(_("Sakene er knyttet sammen fra før."), "other")
    db.session.add(
        DeviationLink(
            first_id=min(one.id, two.id), second_id=max(one.id, two.id), created_by=actor.id
        )
    )
    _tell_both(case, other, Step.LINK, actor)


def part_deviations(case: Case, other: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Take back that two cases have to do with each other; the handler of the first may."""
    check_step(case, Step.UNLINK, actor=actor, version=version)
    link = find_link(case.deviation.id, other.deviation.id)
    if link is None:
        raise InvalidInput(_("Sakene er ikke knyttet sammen."), "other")
    db.session.delete(link)
    _tell_both(case, other, Step.UNLINK, actor)


def _tell_both(case: Case, other: Case, step: Step, actor: Viewer) -> None:
    one, two = case.deviation, other.deviation
    db.session.flush()
    complete_step(case, step, actor=actor, details={"other": two.id}, other=shown_number(two))
    add_entry(two, step, actor=actor, other=shown_number(one))
    audit(AUDIT_EVENTS[step], two, actor=actor, other=one.id)


def _refuse_own(other: Case, actor: Viewer) -> None:
    """What somebody reported is not theirs to link: they know it as the reporter only."""
    if other.deviation.reporter_id == actor.id:
        raise InvalidInput(_("Du har meldt dette avviket selv. Velg en annen sak."), "other")
