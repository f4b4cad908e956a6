"""Gives a case its kind, keeps answers and the closed text, guards the end. Never commits."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.actions.clocks import start_clocks
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.clock_models import DeviationDetails
from intranet.deviations.follow_up_models import DeviationFollowUp
from intranet.deviations.models import Deviation, DeviationCopy
from intranet.deviations.policy import acts_for
from intranet.deviations.proposals import read_proposal
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import (
    awaits_answer,
    find_details,
    find_proposal,
    has_open_clocks,
)
from intranet.deviations.queries.follow_up import (
    has_follow_up_waiting,
    list_follow_up,
    list_templates,
)
from intranet.deviations.queries.plans import lacks_plan
from intranet.deviations.queries.routes import excluded_ids_of, receivers_of
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.routing import DUTY_ROLES
from intranet.deviations.type_policy import chooses_kind, proposes_kind, reads_hidden
from intranet.deviations.type_words import FAULTS
from intranet.deviations.types import TYPES, YES, Kind, known_answers, retired_answers, type_faults
from intranet.extensions import db
from intranet.people.queries.persons import names_of
from intranet.people.queries.units import holders_of


def choose_kind(case: Case, kind: Kind, *, actor: Viewer) -> None:
    """Say what kind of event it is; the handler and those above may, the reporter proposes.

    The clocks of the kind start from when it was reported: somebody in the municipality knew then.
    A proposal starts them too, for the law does not wait for the handler. Clocks of another kind
    stay until a person says that they do not apply.
    """
    is_proposal = proposes_kind(actor, case.access)
    if not is_proposal and not chooses_kind(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    deviation = case.deviation
    details = _details_to_change(deviation.id, kind, is_proposal=is_proposal)
    details.kind, details.is_proposed = kind, is_proposal
    # Facts that the ticks gave are answers of the kind that they proposed.
    given = proposed_answers(deviation, kind)
    details.answers = known_answers(kind, given | (details.answers or {}))
    details.chosen_by, details.changed_at = actor.id, now()
    if not is_proposal:
        keep_outcome(deviation.id, kind, actor)
        _propose_follow_up(deviation.id, kind)
    db.session.flush()
    entry = add_entry(
        deviation,
        "kind_proposed" if is_proposal else "kind_chosen",
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        is_public=True,
        type=str(kind),
    )
    audit(AuditEvent.DEVIATION_KIND_CHOSEN, deviation, actor=actor, kind=kind)
    copy_readers(deviation, kind)
    if is_proposal:
        tell(
            deviation,
            receivers_of(deviation),
            entry,
            _("Ta stilling til typen i avvik %(number)s", number=shown_number(deviation)),
            event="deviation.kind_proposed",
            actor=actor,
            is_urgent=True,
        )
    start_clocks(deviation, details, actor=SYSTEM, aware_at=deviation.reported_at)


def _details_to_change(deviation_id: int, kind: Kind, *, is_proposal: bool) -> DeviationDetails:
    details = find_details(deviation_id)
    if not is_proposal and kind == Kind.ORDINARY and awaits_answer(deviation_id):
        raise NotPossibleNow(_("Svar nei på forslaget øverst i saken, og skriv hvorfor."))
    if details is None:
        if kind == Kind.ORDINARY:
            raise InvalidInput(_("Avviket har denne typen fra før."), "kind")
        details = DeviationDetails(deviation_id=deviation_id, kind=kind)
        db.session.add(details)
    elif is_proposal:
        raise NotPossibleNow(_("Typen er valgt. Skriv til den som behandler saken."))
    elif details.kind == kind and not details.is_proposed:
        raise InvalidInput(_("Avviket har denne typen fra før."), "kind")
    return details


def proposed_answers(deviation: Deviation, kind: Kind) -> dict[str, str]:
    """Return what the reporter's ticks answer of the questions of the kind."""
    found = read_proposal(load_categories(), deviation.category, deviation.answers)
    return found.answers if found is not None and found.meaning.kind == kind else {}


def keep_outcome(deviation_id: int, kind: Kind, actor: Viewer, reason: str = "") -> None:
    """Keep what a person answered to a proposal that waited, if there is one."""
    proposal = find_proposal(deviation_id)
    if proposal is not None and proposal.outcome is None:
        proposal.outcome, proposal.reason = kind, reason
        proposal.decided_by, proposal.decided_at = actor.id, now()


def _propose_follow_up(deviation_id: int, kind: Kind) -> None:
    """Give the case the proposals that the list has for its kind now, once."""
    known = {row.template_id for row in list_follow_up(deviation_id, kind)}
    for row in list_templates(kind):
        if row.id not in known:
            words = {"nb": row.text_nb, "nn": row.text_nn, "en": row.text_en}
            db.session.add(
                DeviationFollowUp(
                    deviation_id=deviation_id,
                    template_id=row.id,
                    kind=kind,
                    words=words,
                    days=row.days,
                )
            )


def save_answers(
    case: Case, answers: Mapping[str, str], *, actor: Viewer, version: int | None = None
) -> None:
    """Keep the answers to the kind's questions; the handler may. New answers may start clocks."""
    details = _details_for(case, actor, version)
    kind = Kind(details.kind)
    kept = known_answers(kind, answers) | retired_answers(kind, details.answers)
    if kept == details.answers:
        return
    before = details.answers
    details.answers, details.changed_at = kept, now()
    db.session.flush()
    changed = sorted(key for key in {*before, *kept} if before.get(key) != kept.get(key))
    add_entry(
        case.deviation,
        "type_answered",
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        type=str(details.kind),
        # A correction keeps the original.
        earlier={key: before[key] for key in changed if key in before},
    )
    audit(AuditEvent.DEVIATION_TYPE_ANSWERED, case.deviation, actor=actor, questions=changed)
    start_clocks(case.deviation, details, actor=SYSTEM, aware_at=case.deviation.reported_at)


def write_hidden(case: Case, text: str, *, actor: Viewer, version: int | None = None) -> None:
    """Keep the closed text; the handler may, and medical facts only with recorded consent."""
    details = _details_for(case, actor, version)
    rule = TYPES[Kind(details.kind)]
    if not rule.hidden or not reads_hidden(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if text and rule.needs_consent and details.answers.get(rule.needs_consent) != YES:
        raise NotPossibleNow(
            _("Svar ja på at den skadde har samtykket, før du skriver helseopplysninger.")
        )
    details.hidden_text, details.changed_at = text, now()
    add_entry(
        case.deviation, "hidden_written", actor=actor, on_behalf_of=acts_for(actor, case.access)
    )
    audit(AuditEvent.DEVIATION_HIDDEN_WRITTEN, case.deviation, actor=actor)
    db.session.flush()


def open_hidden(case: Case, *, actor: Viewer) -> str:
    """Return the closed text and record who read it."""
    details = find_details(case.deviation.id)
    if details is None or not reads_hidden(actor, case.access):
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    # What was written before the case was given another kind can still be read.
    if not TYPES[Kind(details.kind)].hidden and not details.hidden_text:
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    audit(AuditEvent.DEVIATION_HIDDEN_READ, case.deviation, actor=actor)
    return details.hidden_text


def refuse_if_type_forbids(
    deviation: Deviation, *, is_rejected: bool = False, is_own: bool = False
) -> None:
    """Raise NotPossibleNow while the law still waits for something in the case.

    `is_own`: the reporter takes the own report back, and need not answer what it may have been.
    """
    details = find_details(deviation.id)
    has_open, is_proposed = has_open_clocks(deviation.id), awaits_answer(deviation.id)
    if details is None or is_rejected:
        faults = type_faults(
            Kind.ORDINARY, {}, has_open_clocks=has_open, is_proposed=is_proposed and not is_own
        )
    else:
        kind = Kind(details.kind)
        faults = type_faults(
            kind,
            details.answers,
            has_open_clocks=has_open,
            is_proposed=is_proposed,
            has_follow_up_waiting=has_follow_up_waiting(deviation.id, kind),
            lacks_plan=lacks_plan(deviation.id, kind, details.answers),
        )
    if faults:
        raise NotPossibleNow(" ".join(str(FAULTS[fault]) for fault in faults))


def _details_for(case: Case, actor: Viewer, version: int | None) -> DeviationDetails:
    details = find_details(case.deviation.id)
    if details is None or not chooses_kind(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if version is not None and version != details.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret saken mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )
    return details


def copy_readers(deviation: Deviation, kind: Kind) -> None:
    """Copy the roles that the law gives a part in this kind, each person once.

    A confidential case opens only for those with a duty in it; the others are told of nothing, and
    their copy counts from when the case is made open.
    """
    without = {*excluded_ids_of(deviation.id), deviation.reporter_id}
    copied = select(DeviationCopy.person_id).where(DeviationCopy.deviation_id == deviation.id)
    without |= set(db.session.execute(copied).scalars())
    found: dict[int, str] = {}
    for role in TYPES[kind].readers:
        for person_id in holders_of(Role(role), deviation.unit_id):
            if person_id not in without:
                found.setdefault(person_id, role)
    if not found:
        return
    for person_id, role in found.items():
        db.session.add(DeviationCopy(deviation_id=deviation.id, person_id=person_id, role=role))
    audit(AuditEvent.DEVIATION_COPIED, deviation, actor=SYSTEM, persons=sorted(found))
    told = [
        person_id
        for person_id, role in found.items()
        if role in DUTY_ROLES or not deviation.is_confidential
    ]
    if not told:
        return
    entry = add_entry(deviation, "copied", actor=SYSTEM, to=", ".join(names_of(told).values()))
    tell(
        deviation,
        told,
        entry,
        _("Du har fått kopi av avvik %(number)s", number=shown_number(deviation)),
        event="deviation.copied",
        actor=SYSTEM,
    )
