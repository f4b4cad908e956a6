"""Sends on what is no whistleblowing as a deviation, if the whistleblower agrees. Never commits.

The deviation is anonymous and comes with the next delivery: neither it nor its moment tells the
line who sent the notice, and no table says that the two belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from intranet.anonymous.actions.hold import hold_message, hold_report, refuse_identity_number
from intranet.anonymous.rooms import DEVIATIONS
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.receipt_code import derive_code, make_code, read_code
from intranet.core.text import _
from intranet.extensions import db
from intranet.people.queries.units import get_unit
from intranet.whistleblowing.actions.steps import add_entry, audit, check_step, tell_handlers
from intranet.whistleblowing.models import WhistleOffer
from intranet.whistleblowing.queries.cases import Case, find_offer, get_case
from intranet.whistleblowing.queries.following import Followed
from intranet.whistleblowing.workflow import WhistleStep


@dataclass(frozen=True)
class Proposal:
    """The deviation as it would be sent on: every word that the line would read."""

    text: str
    unit_id: int
    happened_on: date


def offer_to_send_on(
    case: Case, proposal: Proposal, *, actor: Viewer, version: int | None = None
) -> None:
    """Ask the whistleblower whether this may be sent on as a deviation; recipients may."""
    check_step(case, WhistleStep.OFFER, actor, version)
    if not proposal.text.strip():
        raise InvalidInput(_("Skriv teksten som skal sendes videre."), "text")
    refuse_identity_number(proposal.text, "text")
    if proposal.happened_on > today():
        raise InvalidInput(_("Datoen har ikke vært ennå. Rett datoen."), "happened_on")
    if not get_unit(proposal.unit_id).is_active:
        raise InvalidInput(_("Denne enheten finnes ikke lenger. Velg en annen."), "unit_id")
    known = find_offer(case.whistle.id)
    if known is not None and known.is_accepted is not False:
        raise NotPossibleNow(_("Den som varslet, er spurt allerede."))
    # What was asked before stands in the story.
    offer = known or WhistleOffer(case_id=case.whistle.id)
    offer.text, offer.unit_id = proposal.text, proposal.unit_id
    offer.happened_on, offer.offered_on = proposal.happened_on, today()
    offer.is_accepted = offer.answered_on = None
    db.session.add(offer)
    add_entry(case.whistle, "offer", actor=actor, is_public=True, text=proposal.text)
    audit(AuditEvent.WHISTLE_MESSAGE_SENT, case.whistle, actor=actor)


def answer_with_code(followed: Followed, code: str, key: str, *, is_accepted: bool) -> None:
    """Keep the answer, and on a yes the deviation under the same code, until the next delivery.

    Whoever has the code may, once.
    """
    case = followed.case
    offer = _open_offer(case)
    if any(each.answer for each in followed.waiting):
        return
    assert case is not None
    hold_message(followed.report.id, key, "", answer="yes" if is_accepted else "no")
    if is_accepted:
        hold_report(derive_code(read_code(code) or ""), DEVIATIONS, _content(case, offer), ())


def answer_by_name(case: Case, *, is_accepted: bool, actor: Viewer) -> None:
    """Answer for who reported it by name; a yes comes as an anonymous deviation, some time later.

    Nobody has a code to it: the line can ask nothing, and the reporter does not follow it.
    """
    offer = _open_offer(case)
    if is_accepted:
        hold_report(make_code(), DEVIATIONS, _content(case, offer), ())
    take_answer(case, is_accepted=is_accepted, actor=actor)


def take_answer(case: Case, *, is_accepted: bool, actor: Actor) -> None:
    """Tell those who handle the case what the whistleblower answered."""
    offer = find_offer(case.whistle.id)
    if offer is None or offer.is_accepted is not None:
        return
    offer.is_accepted, offer.answered_on = is_accepted, today()
    entry = add_entry(
        case.whistle,
        "offer_yes" if is_accepted else "offer_no",
        actor=actor,
        is_public=True,
        is_from_whistleblower=True,
    )
    # Named as any message: the audit's page must not pair it with the deviation that comes.
    audit(AuditEvent.WHISTLE_MESSAGE_SENT, case.whistle, actor=actor)
    tell_handlers(get_case(case.whistle.id), key=f"e{entry.id}", actor=actor)


def _open_offer(case: Case | None) -> WhistleOffer:
    offer = None if case is None else find_offer(case.whistle.id)
    if offer is None or offer.is_accepted is not None:
        raise NotPossibleNow(_("Dette er svart på allerede."))
    return offer


def _content(case: Case, offer: WhistleOffer) -> dict[str, Any]:
    return {
        "what": offer.text,
        "unit_id": offer.unit_id,
        "happened_on": offer.happened_on.isoformat(),
        "category": None,
        "answers": None,
        "immediate_action": "",
        "concerns": [],
        "concerned_ids": sorted(case.access.excluded_ids),
    }
