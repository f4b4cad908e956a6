"""Starts, settles, corrects and dismisses the statutory clocks of a case. Never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.deviations.actions.steps import add_entry, audit, shown_number, tell
from intranet.deviations.clock_models import DeviationDetails, StatutoryClock
from intranet.deviations.clocks import (
    EVENT,
    ClockRule,
    ClockState,
    Limit,
    due_after,
    is_late,
    plan_signals,
    rules_for,
    start_of,
)
from intranet.deviations.models import Deviation
from intranet.deviations.plans import is_plan_clock
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import kind_of, list_clocks, load_clock_rules
from intranet.deviations.queries.plans import find_plan
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.type_policy import works_clocks
from intranet.deviations.type_words import moment_words
from intranet.extensions import db


@dataclass(frozen=True)
class Sent:
    """What was done for a clock: when, what was sent, its number, and why late if it was."""

    at: datetime
    note: str = ""
    reference: str = ""
    reason: str = ""


def start_clocks(
    deviation: Deviation, details: DeviationDetails, *, actor: Actor, aware_at: datetime
) -> list[StatutoryClock]:
    """Start the clocks that the kind and its answers ask for and that do not run yet.

    What a changed answer no longer asks for is left: only a person may say that it does not apply.
    """
    known = {(clock.key, clock.phase): clock for clock in list_clocks(deviation.id)}
    rules = rules_for(load_clock_rules(), details.kind, details.answers, aware_at)
    made = [
        _add(deviation, rule, aware_at) for rule in rules if (rule.key, rule.phase) not in known
    ]
    if not made:
        return []
    db.session.flush()
    entry = None
    for clock in made:
        entry = add_entry(
            deviation,
            "clock_started",
            actor=actor,
            clock=_name(clock),
            moment=moment_words(clock.due_at),
        )
        audit(
            AuditEvent.DEVIATION_CLOCK_STARTED,
            deviation,
            actor=actor,
            clock=_name(clock),
            started_at=clock.started_at,
            due_at=clock.due_at,
        )
    assert entry is not None
    tell(
        deviation,
        receivers_of(deviation),
        entry,
        _("Avvik %(number)s har en frist etter loven", number=shown_number(deviation)),
        event="deviation.clock_started",
        actor=actor,
        is_urgent=any(clock.limit in (Limit.AT_ONCE, Limit.HOURS) for clock in made),
    )
    return made


def settle_clock(case: Case, clock: StatutoryClock, sent: Sent, *, actor: Viewer) -> None:
    """Say that what the clock asks for is done; a late one demands the reason (GDPR art. 33 (1)).

    What counts from this phase is counted anew.
    """
    _check(case, clock, actor)
    if is_plan_clock(clock.key, clock.phase) and find_plan(case.deviation.id) is None:
        raise NotPossibleNow(_("Lag den skriftlige planen i saken. Da er fristen gjort."))
    if sent.at > now():
        raise InvalidInput(_("Tidspunktet har ikke vært ennå. Rett dato eller klokkeslett."), "day")
    if sent.at < min(clock.started_at, case.deviation.happened_at):
        raise InvalidInput(_("Tidspunktet er før hendelsen. Rett dato eller klokkeslett."), "day")
    late = is_late(sent.at, clock.due_at, clock.limit)
    if late and not sent.reason:
        raise InvalidInput(_("Fristen var ute. Skriv hvorfor det ble for sent."), "reason")
    if not sent.note:
        raise InvalidInput(_("Skriv hva som er sendt eller gjort."), "note")
    clock.state = ClockState.MISSED if late else ClockState.MET
    clock.met_at, clock.sent_note, clock.reference = sent.at, sent.note, sent.reference
    clock.reason, clock.settled_by, clock.next_due_at = sent.reason, actor.id, None
    _tell_story(case, clock, "clock_late" if late else "clock_met", sent.note, actor)
    audit(
        AuditEvent.DEVIATION_CLOCK_SETTLED,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        clock=_name(clock),
        state=clock.state,
        met_at=sent.at,
        reference=sent.reference,
    )
    for follower in list_clocks(case.deviation.id):
        if follower.key == clock.key and follower.counts_from == clock.phase and follower.is_open:
            _count_anew(case.deviation, follower)
    db.session.flush()


def dismiss_clock(case: Case, clock: StatutoryClock, reason: str, *, actor: Viewer) -> None:
    """Say that the clock does not apply, with the reason, which is kept.

    A breach of personal data is only left unreported when the risk was judged unlikely
    (GDPR art. 33 (1)). Raises NotPossibleNow before that.
    """
    _check(case, clock, actor)
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor fristen ikke gjelder."), "reason")
    details = db.session.get(DeviationDetails, case.deviation.id)
    is_breach = (clock.key, clock.phase) == ("data_breach", "authority")
    if is_breach and (details is None or details.answers.get("risk") != "unlikely"):
        raise NotPossibleNow(
            _("Vurder risikoen først. Bare et brudd uten risiko kan la være å meldes.")
        )
    _dismiss(case, clock, reason, actor)


def _dismiss(case: Case, clock: StatutoryClock, reason: str, actor: Viewer) -> None:
    clock.state, clock.reason = ClockState.NOT_APPLICABLE, reason
    clock.settled_by, clock.next_due_at = actor.id, None
    _tell_story(case, clock, "clock_dismissed", reason, actor)
    audit(
        AuditEvent.DEVIATION_CLOCK_DISMISSED,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        clock=_name(clock),
    )
    db.session.flush()


def dismiss_all(case: Case, reason: str, *, actor: Viewer) -> None:
    """Say that no open clock applies, for one reason; for who may choose the kind of the case."""
    for clock in [each for each in list_clocks(case.deviation.id) if each.is_open]:
        _dismiss(case, clock, reason, actor)


def correct_start(
    case: Case,
    clock: StatutoryClock,
    aware_at: datetime,
    reason: str,
    *,
    actor: Viewer,
) -> None:
    """Set the moment of awareness right for all open phases of the clock; the first is kept.

    When another law held at that moment, the phases become those of that law.
    """
    _check(case, clock, actor)
    deviation = case.deviation
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor tidspunktet rettes."), "reason")
    if aware_at > now():
        raise InvalidInput(_("Tidspunktet har ikke vært ennå. Rett dato eller klokkeslett."), "day")
    if aware_at < deviation.happened_at:
        raise InvalidInput(
            _("Ingen kan ha visst om det før det skjedde. Rett dato eller klokkeslett."), "day"
        )
    before = clock.started_at
    details = db.session.get_one(DeviationDetails, deviation.id)
    _move_phases(deviation, details, clock.key, aware_at)
    _tell_story(
        case,
        clock,
        "clock_corrected",
        reason,
        actor,
        before=moment_words(before),
        after=moment_words(aware_at),
    )
    audit(
        AuditEvent.DEVIATION_CLOCK_CORRECTED,
        deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        clock=_name(clock),
        started_before=before,
        started_after=aware_at,
    )
    db.session.flush()
    start_clocks(deviation, details, actor=SYSTEM, aware_at=aware_at)


def _move_phases(
    deviation: Deviation, details: DeviationDetails, key: str, aware_at: datetime
) -> None:
    rules = {
        rule.phase: rule
        for rule in rules_for(load_clock_rules(), details.kind, details.answers, aware_at)
        if rule.key == key
    }
    for phase in [each for each in list_clocks(deviation.id) if each.key == key and each.is_open]:
        phase.started_at = aware_at
        rule = rules.get(phase.phase)
        if rule is None:
            phase.state, phase.next_due_at = ClockState.NOT_APPLICABLE, None
            phase.reason = _("Gjaldt ikke på det rettede tidspunktet.")
            continue
        _take_rule(phase, rule)
        _count_anew(deviation, phase)


def _add(deviation: Deviation, rule: ClockRule, aware_at: datetime) -> StatutoryClock:
    clock = StatutoryClock(
        deviation_id=deviation.id,
        key=rule.key,
        phase=rule.phase,
        started_at=aware_at,
        original_started_at=aware_at,
        due_at=aware_at,
        state=ClockState.RUNNING,
    )
    _take_rule(clock, rule)
    _count_anew(deviation, clock)
    db.session.add(clock)
    return clock


def _take_rule(clock: StatutoryClock, rule: ClockRule) -> None:
    clock.law, clock.recipient, clock.counts_from = rule.law, rule.recipient, rule.counts_from
    clock.limit, clock.amount, clock.is_own = rule.limit, rule.amount, rule.is_own


def _count_anew(deviation: Deviation, clock: StatutoryClock) -> None:
    """Set deadline, state and reminders from the start that the clock has now."""
    counts_from_phase = clock.counts_from not in ("", EVENT)
    sent = {
        each.phase: each.met_at
        for each in (list_clocks(deviation.id) if counts_from_phase else [])
        if each.key == clock.key and each.met_at is not None
    }
    start = start_of(clock.counts_from, clock.started_at, deviation.happened_at, sent)
    clock.due_at = due_after(start, clock.limit, clock.amount)
    at = now()
    clock.state = (
        ClockState.MISSED if is_late(at, clock.due_at, clock.limit) else ClockState.RUNNING
    )
    plan = plan_signals(start, clock.due_at, clock.limit)
    # What lies behind us is not reminded of; the climb always comes.
    place = next((i for i, each in enumerate(plan) if each.at > at), len(plan) - 1)
    clock.signal_index, clock.next_due_at = place, plan[place].at
    clock.climbed_unit_id = None


def _check(case: Case, clock: StatutoryClock, actor: Viewer) -> None:
    roles = {person: role for person, (_person_name, role) in case.copied.items()}
    if not works_clocks(actor, case.access, kind_of(case.deviation.id), roles):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if not clock.is_open:
        raise NotPossibleNow(_("Fristen er allerede avgjort."))


def _tell_story(
    case: Case, clock: StatutoryClock, code: str, text: str, actor: Viewer, **params: Any
) -> None:
    add_entry(
        case.deviation,
        code,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        text=text,
        clock=_name(clock),
        **params,
    )


def _name(clock: StatutoryClock) -> str:
    return f"{clock.key}.{clock.phase}"
