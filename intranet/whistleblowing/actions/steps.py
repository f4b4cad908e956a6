"""What recipients and investigators do, and what each step shares. Never commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import add_working_days, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.people.queries.persons import names_of
from intranet.whistleblowing.models import (
    WhistleCase,
    WhistleCheck,
    WhistleEntry,
    WhistleOpening,
    WhistleParty,
    WhistleReader,
)
from intranet.whistleblowing.policy import parts_of
from intranet.whistleblowing.queries.cases import Case, receivers_of
from intranet.whistleblowing.workflow import (
    CHECK_MONTHS,
    WhistleState,
    WhistleStep,
    add_months,
    is_possible,
    is_theirs,
)


@dataclass(frozen=True)
class Whistleblower:
    """Whoever it was; the only thing that story and audit are told."""

    id: None = None
    name: str = "Varsler"


WHISTLEBLOWER: Actor = Whistleblower()


def confirm_case(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Tell the whistleblower that it is received; recipients may."""
    check_step(case, WhistleStep.CONFIRM, actor, version)
    whistle = case.whistle
    whistle.state, whistle.confirmed_on = WhistleState.CONFIRMED, today()
    whistle.due_on = add_working_days(whistle.received_on, get_settings().whistle_assess_days)
    add_entry(whistle, "confirm", actor=actor, is_public=True)
    audit(AuditEvent.WHISTLE_CONFIRMED, whistle, actor=actor)


def assess_case(
    case: Case,
    explanation: str,
    *,
    is_whistleblowing: bool,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Say whether it is whistleblowing, with an explanation to the whistleblower; recipients may.

    What is none is led to the right route by the explanation, and is then closed.
    """
    check_step(case, WhistleStep.ASSESS, actor, version)
    demand(explanation, _("Skriv en forklaring til den som varslet."), "explanation")
    whistle = case.whistle
    whistle.state, whistle.assessed_on = WhistleState.ASSESSED, today()
    whistle.is_whistleblowing, whistle.due_on = is_whistleblowing, None
    code = "assess_yes" if is_whistleblowing else "assess_no"
    add_entry(whistle, code, actor=actor, is_public=True, text=explanation)
    audit(AuditEvent.WHISTLE_ASSESSED, whistle, actor=actor)


def appoint_investigator(
    case: Case, person_id: int, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Let somebody whom it does not concern investigate; recipients may."""
    check_step(case, WhistleStep.APPOINT, actor, version)
    _let_in(case, person_id, reason, actor=actor, is_investigator=True)
    case.whistle.state = WhistleState.INVESTIGATING
    add_entry(case.whistle, "investigating", actor=actor, is_public=True)
    audit(AuditEvent.WHISTLE_INVESTIGATOR_APPOINTED, case.whistle, actor=actor)


def name_reader(
    case: Case, person_id: int, reason: str, *, actor: Viewer, version: int | None = None
) -> None:
    """Let somebody read the case, with a reason that is kept; recipients may."""
    check_step(case, WhistleStep.NAME_READER, actor, version)
    _let_in(case, person_id, reason, actor=actor, is_investigator=False)
    audit(AuditEvent.WHISTLE_READER_NAMED, case.whistle, actor=actor)


def exclude_person(
    case: Case, person_id: int, *, actor: Viewer, version: int | None = None
) -> None:
    """Say that it concerns somebody, who from now on sees nothing of it; recipients may."""
    check_step(case, WhistleStep.EXCLUDE, actor, version)
    if person_id in case.access.excluded_ids:
        raise InvalidInput(_("Denne personen er ført opp allerede."), "person")
    if person_id == case.access.reporter_id:
        raise InvalidInput(_("Denne personen har meldt saken. Velg en annen."), "person")
    others = receivers_of(case) - {person_id}
    last = case.access.above_chief_id
    gone = {person_id, *case.access.excluded_ids, case.access.reporter_id}
    if not others and (last is None or last in gone):
        raise InvalidInput(
            _("Da er det ingen igjen som kan ta saken. Utpek en mottaker til først."), "person"
        )
    db.session.add(WhistleParty(case_id=case.whistle.id, person_id=person_id))
    add_entry(case.whistle, "exclude", actor=actor, name=names_of([person_id]).get(person_id, ""))
    audit(AuditEvent.WHISTLE_PERSON_EXCLUDED, case.whistle, actor=actor)
    _touch(case.whistle)


def close_case(case: Case, conclusion: str, *, actor: Viewer, version: int | None = None) -> None:
    """End the case with a conclusion to the whistleblower; recipients may.

    From then on the recipients ask for retaliation after 1, 3, 6 and 12 months.
    """
    check_step(case, WhistleStep.CLOSE, actor, version)
    demand(conclusion, _("Skriv konklusjonen til den som varslet."), "conclusion")
    whistle = case.whistle
    whistle.state, whistle.closed_on = WhistleState.CLOSED, today()
    whistle.conclusion, whistle.due_on = conclusion, None
    for months in CHECK_MONTHS:
        db.session.add(
            WhistleCheck(case_id=whistle.id, months=months, due_on=add_months(today(), months))
        )
    add_entry(whistle, "close", actor=actor, is_public=True, text=conclusion)
    audit(AuditEvent.WHISTLE_CLOSED, whistle, actor=actor)


def do_check(case: Case, months: int, note: str, *, actor: Viewer) -> None:
    """Note what came of asking for retaliation; recipients may, from its day on."""
    check_step(case, WhistleStep.CHECK, actor)
    check = None
    if months in CHECK_MONTHS:
        check = db.session.get(WhistleCheck, (case.whistle.id, months))
    if check is None or check.done_on is not None or check.due_on > today():
        raise NotPossibleNow(_("Denne oppfølgingen er gjort eller skal ikke gjøres ennå."))
    demand(note, _("Skriv hva dere fant ut."), "note")
    check.done_on, check.done_by, check.note = today(), actor.id, note
    add_entry(case.whistle, "check", actor=actor, text=note, months=months)
    audit(AuditEvent.WHISTLE_CHECKED, case.whistle, actor=actor)


def note_opening(case: Case, *, actor: Viewer, file_id: int | None = None) -> None:
    """Leave with the case, and in the audit, that the person read it or fetched the file."""
    db.session.add(WhistleOpening(case_id=case.whistle.id, person_id=actor.id, file_id=file_id))
    audit(AuditEvent.WHISTLE_OPENED, case.whistle, actor=actor)


def add_entry(
    whistle: WhistleCase,
    code: str,
    *,
    actor: Actor,
    is_public: bool = False,
    is_from_whistleblower: bool = False,
    text: str = "",
    send_key: str | None = None,
    **params: Any,
) -> WhistleEntry:
    """Add one line to the story and flush."""
    entry = WhistleEntry(
        case_id=whistle.id,
        code=code,
        params=params,
        text=text,
        is_public=is_public,
        is_from_whistleblower=is_from_whistleblower,
        author_id=actor.id,
        send_key=send_key,
    )
    db.session.add(entry)
    db.session.flush()
    if is_public and not is_from_whistleblower:
        tell_reporter(whistle, entry, actor=actor)
    return entry


def tell_reporter(whistle: WhistleCase, entry: WhistleEntry, *, actor: Actor) -> None:
    """Tell who reported it by name; whoever has a code comes back by themselves."""
    notify(
        [whistle.reporter_id] if whistle.reporter_id != actor.id else [],
        event="whistle.answered",
        subject_key=f"whistle:{whistle.id}:e{entry.id}",
        title=_("Noe venter på deg i portalen"),
        url=f"/varsling/min/{whistle.id}",
    )


def audit(event: AuditEvent, whistle: WhistleCase, *, actor: Actor) -> None:
    """Record that it happened: no number, no unit, no words."""
    record(event, actor=actor, subject="whistle_case", subject_id=whistle.id)


def tell(whistle: WhistleCase, person_ids: Iterable[int], *, key: object, actor: Actor) -> None:
    """Tell those who handle the case that something waits, and nothing else (EM-03)."""
    notify(
        [each for each in person_ids if each != actor.id],
        event="whistle.waits",
        subject_key=f"whistle:{whistle.id}:{key}",
        title=_("Noe venter på deg i portalen"),
        url=f"/varsling/sak/{whistle.id}",
    )


def tell_handlers(case: Case, *, key: object, actor: Actor) -> None:
    """Tell recipients and investigators."""
    people = receivers_of(case) | (case.access.investigator_ids - case.access.excluded_ids)
    tell(case.whistle, people, key=key, actor=actor)


def _let_in(
    case: Case, person_id: int, reason: str, *, actor: Viewer, is_investigator: bool
) -> None:
    access = case.access
    if person_id in access.excluded_ids:
        raise InvalidInput(_("Saken gjelder denne personen. Velg en annen."), "person")
    if person_id == access.reporter_id:
        raise InvalidInput(_("Denne personen har meldt saken. Velg en annen."), "person")
    demand(reason, _("Skriv hvorfor."), "reason")
    known = db.session.get(WhistleReader, (case.whistle.id, person_id))
    if known is not None and (known.is_investigator or not is_investigator):
        raise InvalidInput(_("Denne personen er med i saken allerede."), "person")
    if known is not None:
        known.is_investigator, known.reason = True, reason
    else:
        db.session.add(
            WhistleReader(
                case_id=case.whistle.id,
                person_id=person_id,
                is_investigator=is_investigator,
                reason=reason,
                created_by=actor.id,
            )
        )
    code = "appoint" if is_investigator else "name_reader"
    name = names_of([person_id]).get(person_id, "")
    entry = add_entry(case.whistle, code, actor=actor, text=reason, name=name)
    tell(case.whistle, [person_id], key=f"e{entry.id}", actor=actor)
    _touch(case.whistle)


def _touch(whistle: WhistleCase) -> None:
    """Raise the version although no column changes: the next page must be fresh."""
    flag_modified(whistle, "state")
    db.session.flush()


def check_step(case: Case, step: WhistleStep, actor: Viewer, version: int | None = None) -> None:
    """Refuse the step unless the page was fresh, the actor may take it and the state allows it."""
    whistle = case.whistle
    if version is not None and version != whistle.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret saken mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )
    if not is_theirs(step, parts_of(actor, case.access)):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if not is_possible(whistle.state, step, is_whistleblowing=whistle.is_whistleblowing):
        raise NotPossibleNow(_("Dette kan ikke gjøres i saken nå."))


def demand(text: str, missing: str, field: str) -> None:
    if not text.strip():
        raise InvalidInput(missing, field)
