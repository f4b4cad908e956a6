"""A hearing as its author runs it: sent, extended, closed. Never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select, update

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.writes import table_of, write
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.hearing_signals import (
    end_hearing,
    lock_document,
    people_of,
    tell_of_hearing,
)
from intranet.library.actions.permits import advance, allow, demand_version, record_on
from intranet.library.hearing import (
    MOST_PERSONS,
    REASON_LENGTH,
    WORDS_LENGTH,
    is_open,
    may_last_until,
    reminder_day,
)
from intranet.library.hearing_models import Hearing, HearingFile, HearingRequest
from intranet.library.lifecycle import RevisionState, Step
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.queries.access import facts_of
from intranet.library.queries.hearing_people import (
    find_persons,
    list_known_units,
    list_named,
    list_people_of,
)
from intranet.library.queries.hearings import count_unanswered, find_open_hearing, load_hearing
from intranet.library.queries.revisions import load_working_revision

_ADD_REQUESTS = insert(table_of(HearingRequest))


def send_to_hearing(
    document: Document,
    *,
    unit_ids: Sequence[int],
    names: Sequence[str] = (),
    person_ids: Sequence[int] = (),
    due_on: date,
    words: str = "",
    version: int | None,
    actor: Viewer,
) -> Hearing:
    """Ask units and persons about the draft as it is now. Those who work on the document may.

    Those asked are who works in the units, and below them, today. Each gets a task, a notice and a
    mail. Text and files are held as they are. Raises InvalidInput that names the field, and
    SomeoneElseWasFirst for an older draft.
    """
    allow(policy.can_work_on_document(actor, facts_of(document)))
    lock_document(document.id)
    revision = load_working_revision(document)
    if revision.state == RevisionState.HEARING:
        return _already_sent(document, due_on, actor)
    demand_version(revision, version)
    _check(revision, due_on, words)
    people = _asked(unit_ids, [*person_ids, *find_persons(names)], actor)
    advance(revision, Step.SEND_TO_HEARING)
    hearing = Hearing(
        document_id=document.id,
        revision_number=revision.number,
        title=revision.title,
        body=revision.body,
        words=words,
        unit_ids=sorted(set(unit_ids)),
        due_on=due_on,
        started_by=actor.id,
    )
    db.session.add(hearing)
    db.session.flush()
    _hold_files(hearing, revision)
    _ask(hearing, people)
    record_on(
        AuditEvent.DOCUMENT_HEARING_SENT,
        document,
        actor=actor,
        revision=revision.number,
        due_on=due_on,
        persons=len(people),
    )
    tell_of_hearing(people, document, hearing, "document.hearing_asked")
    return hearing


def extend_hearing(
    document: Document, hearing_id: int, due_on: date, *, version: int | None, actor: Viewer
) -> None:
    """Set a later deadline; all who were asked are told. Those who work on the document may."""
    hearing = _open_hearing(document, hearing_id, actor)
    if hearing.due_on == due_on:
        return
    _demand_shown(hearing, version)
    if due_on < hearing.due_on:
        raise InvalidInput(_("Den nye fristen må være senere enn den som gjelder."), field="due_on")
    _check_day(due_on)
    hearing.due_on = due_on
    db.session.flush()
    db.session.execute(
        update(HearingRequest)
        .where(HearingRequest.hearing_id == hearing.id, HearingRequest.answered_at.is_(None))
        .values(remind_on=reminder_day(due_on, today()))
        .execution_options(synchronize_session=False)
    )
    record_on(
        AuditEvent.DOCUMENT_HEARING_EXTENDED,
        document,
        actor=actor,
        revision=hearing.revision_number,
        due_on=due_on,
    )
    tell_of_hearing(people_of(hearing), document, hearing, "document.hearing_extended")


def close_hearing(
    document: Document, hearing_id: int, reason: str, *, version: int | None, actor: Viewer
) -> None:
    """End the hearing before its deadline, with a reason. Those who work on the document may."""
    allow(policy.can_work_on_document(actor, facts_of(document)))
    lock_document(document.id)
    hearing = load_hearing(hearing_id, document.id)
    if hearing.closed_at is not None:
        if hearing.closed_by == actor.id and hearing.close_reason == reason:
            return
        raise SomeoneElseWasFirst(_("Høringen er allerede avsluttet."))
    _demand_shown(hearing, version)
    if not reason:
        raise InvalidInput(_("Skriv hvorfor høringen avsluttes."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 1000 tegn."), field="reason")
    end_hearing(document, hearing, reason, actor=actor)
    tell_of_hearing(people_of(hearing), document, hearing, "document.hearing_closed")


def demand_heard(document: Document, revision: Revision) -> None:
    """Raise NotPossibleNow while the revision is on hearing, or a comment has no answer."""
    if revision.state == RevisionState.HEARING:
        raise NotPossibleNow(
            _("Utkastet er på høring. Vent til fristen er ute, eller avslutt høringen først.")
        )
    missing = count_unanswered(document.id, revision.number)
    if missing:
        raise NotPossibleNow(
            _(
                "Merknader i høringen som mangler svar: %(count)d. Svar på dem før du sender "
                "utkastet til godkjenning.",
                count=missing,
            )
        )


def _already_sent(document: Document, due_on: date, actor: Viewer) -> Hearing:
    """Return what a second press of the same button has just sent. Raises NotPossibleNow."""
    hearing = find_open_hearing(document.id)
    if hearing is None or (hearing.started_by, hearing.due_on) != (actor.id, due_on):
        raise NotPossibleNow(_("Utkastet er allerede på høring."))
    return hearing


def _ask(hearing: Hearing, people: Mapping[int, bool]) -> None:
    remind_on = reminder_day(hearing.due_on, today())
    rows = [
        {
            "hearing_id": hearing.id,
            "person_id": person_id,
            "is_named": is_named,
            "remind_on": remind_on,
            "has_no_comments": False,
        }
        for person_id, is_named in people.items()
    ]
    write(_ADD_REQUESTS, rows)


def _check(revision: Revision, due_on: date, words: str) -> None:
    if not revision.body:
        raise NotPossibleNow(_("Skriv teksten før du sender den på høring."))
    _check_day(due_on)
    if len(words) > WORDS_LENGTH:
        raise InvalidInput(_("Teksten kan ha høyst 2000 tegn."), field="words")


def _check_day(due_on: date) -> None:
    if not may_last_until(due_on, today()):
        raise InvalidInput(_("Velg en dag fra og med i morgen, og innen ett år."), field="due_on")


def _asked(unit_ids: Sequence[int], person_ids: Sequence[int], actor: Viewer) -> dict[int, bool]:
    """Return who is asked, and whether by name. Whoever sends it is not asked."""
    if not unit_ids and not person_ids:
        raise InvalidInput(_("Velg minst én enhet, eller legg til minst én person."), field="units")
    if len(person_ids) > MOST_PERSONS:
        raise InvalidInput(
            _("Velg høyst %(most)d personer. Velg heller en enhet.", most=MOST_PERSONS),
            field="persons",
        )
    if set(list_known_units(unit_ids)) != set(unit_ids):
        raise InvalidInput(_("Velg enheter fra listen."), field="units")
    people = dict.fromkeys(list_people_of(unit_ids), False)
    people.update(dict.fromkeys([person for person, _name in list_named(person_ids)], True))
    people.pop(actor.id, None)
    if not people:
        raise InvalidInput(_("Ingen andre enn du ville bli spurt. Velg flere."), field="units")
    return people


def _hold_files(hearing: Hearing, revision: Revision) -> None:
    """Let the hearing keep the files as they are now, as it keeps the text."""
    attached = select(RevisionFile.stored_file_id).where(RevisionFile.revision_id == revision.id)
    for stored_id in db.session.scalars(attached).all():
        db.session.add(HearingFile(hearing_id=hearing.id, stored_file_id=stored_id))
    db.session.flush()


def _open_hearing(document: Document, hearing_id: int, actor: Viewer) -> Hearing:
    allow(policy.can_work_on_document(actor, facts_of(document)))
    hearing = load_hearing(hearing_id, document.id)
    if not is_open(hearing.closed_at is not None, hearing.due_on, today()):
        raise NotPossibleNow(_("Høringen er avsluttet."))
    return hearing


def _demand_shown(hearing: Hearing, version: int | None) -> None:
    if version != hearing.version:
        raise SomeoneElseWasFirst(_("Noen andre har endret høringen mens du holdt på."))
