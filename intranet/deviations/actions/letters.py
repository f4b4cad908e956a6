"""Begins, saves, finishes, sends and discards the letters of a case. Never commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import ReceivedFile, record_file
from intranet.core.text import _
from intranet.deviations.actions.clocks import Sent, settle_clock
from intranet.deviations.actions.steps import add_entry, audit
from intranet.deviations.letter_document import LetterDocument
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import (
    finishes_letter,
    reads_closed_letters,
    waits_for_reopening,
    writes_letters,
)
from intranet.deviations.letter_shapes import Draft, LetterKind, LetterState, Shape, missing_fields
from intranet.deviations.letters import LETTERS, kinds_for
from intranet.deviations.policy import acts_for
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import kind_of, list_clocks
from intranet.deviations.queries.letter_facts import is_letter_late
from intranet.deviations.queries.letters import find_clock_of, lock_case, next_number_of
from intranet.extensions import db


@dataclass(frozen=True)
class Finished:
    """The letter as it was read before it was finished, and its PDF when it has one."""

    document: LetterDocument
    number: int
    pdf: ReceivedFile | None = None


def start_letter(case: Case, kind: LetterKind, draft: Draft, *, actor: Viewer) -> DeviationLetter:
    """Begin a letter; those who work with the case's deadlines may. It changes nothing else."""
    _demand_writer(case, actor)
    clocks = [(clock.key, clock.phase) for clock in list_clocks(case.deviation.id)]
    if kind not in kinds_for(kind_of(case.deviation.id), clocks):
        raise NotPossibleNow(_("Velg først hva slags hendelse det er. Da vet vi hvilke brev."))
    letter = DeviationLetter(
        deviation_id=case.deviation.id,
        kind=kind,
        state=LetterState.DRAFT,
        texts={},
        closed_texts={},
        created_by=actor.id,
        changed_by=actor.id,
    )
    _write(case, letter, draft, actor)
    db.session.add(letter)
    db.session.flush()
    _audit(AuditEvent.DEVIATION_LETTER_STARTED, case, letter, actor)
    return letter


def save_letter(
    case: Case, letter: DeviationLetter, draft: Draft, *, actor: Viewer, version: int
) -> None:
    """Keep the draft. What the writer may not read stays as it was."""
    _demand_draft(case, letter, actor, version)
    _write(case, letter, draft, actor)
    db.session.flush()
    _audit(AuditEvent.DEVIATION_LETTER_SAVED, case, letter, actor)


def finish_letter(
    case: Case, letter: DeviationLetter, made: Finished, *, actor: Viewer, version: int
) -> None:
    """Freeze the letter as it was read; who can read all of it may. The deadline is not touched.

    Raises InvalidInput when something that the law demands is not written.
    """
    _demand_draft(case, letter, actor, version)
    kind = LetterKind(letter.kind)
    if not finishes_letter(actor, case.access, kind_of(case.deviation.id), _roles_of(case), kind):
        raise NotAllowed(_("Bare den som behandler saken, kan gjøre dette ferdig."))
    lock_case(case.deviation.id)
    if made.number != next_number_of(case.deviation.id, kind):
        raise SomeoneElseWasFirst(
            _("Noen andre ble ferdig med det samme mens du holdt på. Se på det først.")
        )
    is_late = is_letter_late(find_clock_of(case.deviation.id, kind))
    rule = LETTERS[kind]
    if missing_fields(rule, letter.values, number=made.number, is_late=is_late):
        raise InvalidInput(_("Noe som loven krever, mangler. Fyll ut det først."))
    stored = record_file(made.pdf, actor=actor) if made.pdf else None
    letter.state, letter.number = LetterState.FINISHED, made.number
    letter.document = made.document.as_data()
    letter.stored_file_id = stored.id if stored else None
    letter.finished_at, letter.finished_by = now(), actor.id
    db.session.flush()
    details = {"sha256": made.pdf.sha256} if made.pdf else {}
    _audit(AuditEvent.DEVIATION_LETTER_FINISHED, case, letter, actor, **details)
    _tell_story(case, letter, "letter_finished", actor)


def send_letter(
    case: Case, letter: DeviationLetter, sent: Sent, *, actor: Viewer, settles: bool
) -> None:
    """Write down when and how the letter was sent; with `settles`, mark its deadline too.

    Sent by a person, outside the portal: nothing leaves the house by this.
    """
    _demand_writer(case, actor)
    if letter.state != LetterState.FINISHED or LETTERS[letter.kind].shape == Shape.DECISION:
        raise NotPossibleNow(_("Gjør det ferdig før du skriver at det er sendt."))
    if letter.sent_at is not None:
        raise NotPossibleNow(_("Det står allerede når dette ble sendt."))
    if sent.at > now():
        raise InvalidInput(_("Tidspunktet har ikke vært ennå. Rett dato eller klokkeslett."), "day")
    if sent.at < case.deviation.happened_at:
        raise InvalidInput(_("Tidspunktet er før hendelsen. Rett dato eller klokkeslett."), "day")
    clock = find_clock_of(case.deviation.id, LetterKind(letter.kind))
    if settles and clock is not None and clock.is_open:
        settle_clock(case, clock, sent, actor=actor)
    letter.sent_at, letter.sent_by = sent.at, actor.id
    letter.sent_note, letter.sent_reference = sent.note, sent.reference
    db.session.flush()
    _audit(AuditEvent.DEVIATION_LETTER_SENT, case, letter, actor, sent_at=sent.at)
    _tell_story(case, letter, "letter_sent", actor, text=sent.note)


def discard_letter(case: Case, letter: DeviationLetter, *, actor: Viewer, version: int) -> None:
    """Lay a draft away; it stays with the case and is no longer worked on."""
    _demand_draft(case, letter, actor, version)
    letter.state, letter.changed_by, letter.changed_at = LetterState.DISCARDED, actor.id, now()
    db.session.flush()
    _audit(AuditEvent.DEVIATION_LETTER_DISCARDED, case, letter, actor)
    _tell_story(case, letter, "letter_discarded", actor)


def note_reading(case: Case, letter: DeviationLetter, *, actor: Viewer) -> None:
    """Leave in the audit who opened the letter, and whether names and health were in it."""
    reads_closed = reads_closed_letters(actor, case.access) and bool(letter.closed_texts)
    _audit(AuditEvent.DEVIATION_LETTER_READ, case, letter, actor, closed=reads_closed)


def note_download(case: Case, letter: DeviationLetter, *, actor: Viewer) -> None:
    """Leave in the audit who fetched the PDF."""
    _audit(AuditEvent.DEVIATION_LETTER_DOWNLOADED, case, letter, actor)


def _write(case: Case, letter: DeviationLetter, draft: Draft, actor: Viewer) -> None:
    reads_closed = reads_closed_letters(actor, case.access)
    texts, closed = dict(letter.texts), dict(letter.closed_texts)
    for each in LETTERS[LetterKind(letter.kind)].fields:
        if each.key not in draft.texts or (each.is_closed and not reads_closed):
            continue
        kept = closed if each.is_closed else texts
        kept[each.key] = draft.texts[each.key].strip()
    letter.texts = {key: text for key, text in texts.items() if text}
    letter.closed_texts = {key: text for key, text in closed.items() if text}
    letter.language, letter.privacy_reason = draft.language, draft.privacy_reason
    letter.changed_by, letter.changed_at = actor.id, now()


def _demand_writer(case: Case, actor: Viewer) -> None:
    kind, roles = kind_of(case.deviation.id), _roles_of(case)
    if waits_for_reopening(actor, case.access, kind, roles):
        raise NotPossibleNow(_("Saken er avvist eller trukket. Da kan ingen skrive brev i den."))
    if not writes_letters(actor, case.access, kind, roles):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))


def _demand_draft(case: Case, letter: DeviationLetter, actor: Viewer, version: int) -> None:
    _demand_writer(case, actor)
    if not letter.is_draft:
        raise NotPossibleNow(_("Dette er ferdig og kan ikke endres. Lag et nytt."))
    if version != letter.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret dette mens du holdt på. Se hva som er nytt før du lagrer igjen.")
        )


def _roles_of(case: Case) -> dict[int, str]:
    return {person: role for person, (_person_name, role) in case.copied.items()}


def _audit(
    event: AuditEvent, case: Case, letter: DeviationLetter, actor: Viewer, **details: Any
) -> None:
    audit(
        event,
        case.deviation,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        letter=letter.id,
        kind=letter.kind,
        **details,
    )


def _tell_story(
    case: Case, letter: DeviationLetter, code: str, actor: Viewer, *, text: str = ""
) -> None:
    add_entry(
        case.deviation,
        code,
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        text=text,
        letter=f"{letter.kind}.{letter.number or ''}",
    )
