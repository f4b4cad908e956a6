"""What a report says that it was: asked of the handler, accepted or declined. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.deviations.actions.clocks import dismiss_all, start_clocks
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.actions.types import choose_kind, copy_readers, keep_outcome
from intranet.deviations.clock_models import DeviationDetails, KindProposal
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.policy import acts_for
from intranet.deviations.proposals import Proposed, Source, read_proposal
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import awaits_answer, find_details, find_proposal
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.type_policy import chooses_kind
from intranet.deviations.types import Kind, known_answers
from intranet.extensions import db


def propose_kind(deviation: Deviation, *, is_new: bool = False) -> KindProposal | None:
    """Keep what category and ticks say that it was, and ask the handler; None: they say nothing.

    A tick starts the clocks of its kind from when it was reported, as a proposal of the reporter's
    does. Nothing is proposed where a person has spoken, and nothing twice. `is_new`: a case so new
    that nobody can have said anything.
    """
    found = read_proposal(load_categories(), deviation.category, deviation.answers)
    if found is None or (not is_new and find_details(deviation.id) is not None):
        return None
    known = None if is_new else find_proposal(deviation.id)
    if known is not None and not _says_more(known, found):
        return None
    if known is None:
        known = KindProposal(deviation_id=deviation.id)
        db.session.add(known)
    known.kind, known.source = found.meaning.kind, found.source
    known.because, known.outcome = list(found.because), None
    known.reason, known.decided_by, known.decided_at = "", None, None
    db.session.flush()
    entry = _write(deviation, found)
    # Whoever is told of a clock need not be told why it runs: that stands on top of the case.
    if found.source != Source.TICK or not _begin(deviation, found):
        _tell(deviation, entry)
    return known


def accept_kind(case: Case, *, actor: Viewer) -> None:
    """Say that it was what the report says; the handler and those above may.

    The clocks count from when it was reported, as if they had been started then.
    """
    choose_kind(case, proposed_kind(case, actor), actor=actor)


def decline_kind(case: Case, reason: str, *, actor: Viewer) -> None:
    """Say that it was an ordinary case, and why; the handler and those above may.

    The clocks that the proposal started do not apply, for the same reason, which is kept. An event
    that was no breach of personal data needs no judgement of its risk.
    """
    kind = proposed_kind(case, actor)
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor det er et vanlig avvik."), "reason")
    deviation = case.deviation
    details = find_details(deviation.id)
    if details is not None:
        details.kind, details.is_proposed, details.answers = Kind.ORDINARY, False, {}
        details.chosen_by, details.changed_at = actor.id, now()
    if find_proposal(deviation.id) is None:
        db.session.add(
            KindProposal(deviation_id=deviation.id, kind=kind, source=Source.REPORTER, because=[])
        )
        db.session.flush()
    keep_outcome(deviation.id, Kind.ORDINARY, actor, reason)
    add_entry(
        deviation,
        "kind_declined",
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        text=reason,
        type=str(kind),
    )
    audit(
        AuditEvent.DEVIATION_KIND_DECLINED,
        deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        kind=kind,
    )
    dismiss_all(case, reason, actor=actor)


def proposed_kind(case: Case, actor: Viewer) -> Kind:
    """Return the kind that waits for an answer. Raises NotAllowed, or NotPossibleNow when none."""
    if not chooses_kind(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if not awaits_answer(case.deviation.id):
        raise NotPossibleNow(_("Noen har alt svart på hva slags hendelse det er."))
    details, proposal = find_details(case.deviation.id), find_proposal(case.deviation.id)
    if details is not None and details.is_proposed:
        return Kind(details.kind)
    assert proposal is not None
    return Kind(proposal.kind)


def _says_more(known: KindProposal, found: Proposed) -> bool:
    """Whether it is another kind, or now stated as a fact where only the category pointed there."""
    if known.kind != found.meaning.kind:
        return True
    return known.outcome is None and (known.source, found.source) == (Source.CATEGORY, Source.TICK)


def _write(deviation: Deviation, found: Proposed) -> DeviationEntry:
    kind = found.meaning.kind
    code = "kind_ticked" if found.source == Source.TICK else "kind_asked"
    entry = add_entry(deviation, code, actor=SYSTEM, type=str(kind))
    audit(
        AuditEvent.DEVIATION_KIND_PROPOSED,
        deviation,
        actor=SYSTEM,
        kind=kind,
        source=found.source,
        because=list(found.because),
    )
    return entry


def _tell(deviation: Deviation, entry: DeviationEntry) -> None:
    tell(
        deviation,
        receivers_of(deviation),
        entry,
        _("Ta stilling til typen i avvik %(number)s", number=shown_number(deviation)),
        event="deviation.kind_proposed",
        actor=SYSTEM,
        is_urgent=True,
    )


def _begin(deviation: Deviation, found: Proposed) -> bool:
    """Give the case its kind and start the clocks; return whether there were any."""
    kind = found.meaning.kind
    details = DeviationDetails(
        deviation_id=deviation.id,
        kind=kind,
        is_proposed=True,
        answers=known_answers(kind, found.answers),
    )
    db.session.add(details)
    db.session.flush()
    copy_readers(deviation, kind)
    started = start_clocks(deviation, details, actor=SYSTEM, aware_at=deviation.reported_at)
    return bool(started)
