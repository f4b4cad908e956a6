"""What is done with vacancies: written, edited, announced, withdrawn. Never commits."""

from __future__ import annotations

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.people.queries.persons import names_of
from intranet.people.queries.units import get_unit
from intranet.search.actions import mark_changed
from intranet.vacancies.contents import Fault, VacancyContents, find_fault
from intranet.vacancies.deadline import RESOLUTION, VacancyState, whole_minute
from intranet.vacancies.models import Vacancy, VacancyAnnouncement, VacancyClock
from intranet.vacancies.policy import can_edit_vacancy
from intranet.vacancies.queries import count_employees, find_vacancy_by_key

FAULTS = {
    Fault.TITLE_MISSING: _l("Skriv hva stillingen heter."),
    Fault.TOO_LONG: _l("Teksten er for lang. Kort den ned."),
    Fault.PERCENTAGE: _l("Stillingsprosenten må være over 0 og høyst 100."),
    Fault.DURATION_MISSING: _l(
        "Skriv hvor lenge den midlertidige stillingen varer, eller hvorfor."
    ),
    Fault.WORKPLACE_MISSING: _l("Skriv hvor arbeidsstedet er."),
    Fault.BODY_MISSING: _l("Beskriv stillingen."),
    Fault.HOW_TO_APPLY_MISSING: _l("Skriv hvordan man søker."),
    Fault.DEADLINE_MISSING: _l("Sett en søknadsfrist."),
    Fault.DEADLINE_PASSED: _l("Søknadsfristen må være fram i tid."),
}
AUDIENCE = "employees"
CHANNEL = "intranet"
_FIELDS = (
    "title", "unit_id", "terms", "duration", "workplace", "salary", "contact_id", "requirements",
    "body", "how_to_apply", "deadline_at", "is_public", "percentage_hundredths",
)  # fmt: skip


def doc_key(vacancy_id: int) -> str:
    """Return the vacancy's key in the search index."""
    return f"stilling/{vacancy_id}"


def write_vacancy(
    contents: VacancyContents, *, actor: Actor, send_key: str | None = None
) -> Vacancy:
    """Keep a new draft. Leaders of the unit or above may, and HR. Sent twice it is kept once."""
    already = find_vacancy_by_key(send_key) if send_key else None
    if already is not None:
        return already
    _allow(actor, contents.unit_id)
    _check(contents)
    vacancy = Vacancy(state=VacancyState.DRAFT, send_key=send_key)
    _fill(vacancy, contents, actor)
    db.session.add(vacancy)
    db.session.flush()
    _record(AuditEvent.VACANCY_WRITTEN, vacancy, actor)
    return vacancy


def edit_vacancy(
    vacancy: Vacancy, contents: VacancyContents, *, version: int, actor: Actor
) -> None:
    """Change a vacancy. A change of a published one is announced anew and proven so.

    Leaders of the unit or above may, and HR; to move it to another unit one must be so there too.
    `version` is the one that the form showed: raises SomeoneElseWasFirst when it is no longer so.
    """
    _allow(actor, vacancy.unit_id)
    _allow(actor, contents.unit_id)
    if vacancy.version != version:
        raise SomeoneElseWasFirst(_("Noen andre lagret stillingen mens du skrev."), field="version")
    keeps_deadline = contents.deadline_at == vacancy.deadline_at
    _check(contents, may_be_past=keeps_deadline and vacancy.state != VacancyState.DRAFT)
    before = {name: getattr(vacancy, name) for name in _FIELDS}
    _fill(vacancy, contents, actor)
    db.session.flush()
    changed = [name for name in _FIELDS if getattr(vacancy, name) != before[name]]
    if changed and vacancy.state == VacancyState.PUBLISHED:
        _announce(vacancy, actor)
    _tell_search(vacancy)
    _record(
        AuditEvent.VACANCY_EDITED, vacancy, actor,
        {"changed": changed, "deadline_before": before["deadline_at"],
         "deadline_after": vacancy.deadline_at},
    )  # fmt: skip


def publish_vacancy(vacancy: Vacancy, *, actor: Actor) -> None:
    """Announce it to all employees and keep the proof. Leaders of the unit or above may, and HR.

    Raises NotPossibleNow when it is announced already or its deadline has passed.
    """
    _allow(actor, vacancy.unit_id)
    at = now()
    if vacancy.state == VacancyState.PUBLISHED:
        raise NotPossibleNow(_("Stillingen er allerede lyst ut."))
    if vacancy.deadline_at <= at:
        raise NotPossibleNow(_("Søknadsfristen har gått ut. Sett en ny frist først."))
    vacancy.state = VacancyState.PUBLISHED
    vacancy.published_at = at
    vacancy.published_by = actor.id
    db.session.flush()
    _announce(vacancy, actor)
    _tell_search(vacancy)
    _record(
        AuditEvent.VACANCY_PUBLISHED, vacancy, actor,
        {"deadline_at": vacancy.deadline_at, "is_public": vacancy.is_public},
    )  # fmt: skip


def withdraw_vacancy(vacancy: Vacancy, *, actor: Actor) -> None:
    """Take it back: nobody can apply any more, and those who kept the address see that it is so."""
    _allow(actor, vacancy.unit_id)
    if vacancy.state == VacancyState.WITHDRAWN:
        raise NotPossibleNow(_("Stillingen er allerede trukket."))
    vacancy.state = VacancyState.WITHDRAWN
    db.session.flush()
    _tell_search(vacancy)
    _record(AuditEvent.VACANCY_WITHDRAWN, vacancy, actor)


def pass_deadline(clock: VacancyClock) -> None:
    """Tell search that a vacancy has closed by itself. Calling it twice changes nothing."""
    _tell_search(db.session.get_one(Vacancy, clock.vacancy_id))


def _allow(actor: Actor, unit_id: int) -> None:
    if actor is SYSTEM:
        return
    if not isinstance(actor, Viewer) or not can_edit_vacancy(actor, get_unit(unit_id).path):
        raise NotAllowed(
            _("Bare lederen for enheten, ledere over og HR kan lyse ut stillinger der.")
        )


def _check(contents: VacancyContents, *, may_be_past: bool = False) -> None:
    deadline = contents.deadline_at
    at = min(now(), deadline - RESOLUTION) if may_be_past and deadline else now()
    fault = find_fault(contents, at=at)
    if fault is not None:
        field, kind = fault
        raise InvalidInput(str(FAULTS[kind]), field=field)


def _fill(vacancy: Vacancy, contents: VacancyContents, actor: Actor) -> None:
    for name in _FIELDS:
        if name not in ("deadline_at", "percentage_hundredths"):
            setattr(vacancy, name, getattr(contents, name))
    assert contents.deadline_at is not None
    vacancy.deadline_at = whole_minute(contents.deadline_at)
    vacancy.percentage_hundredths = int(contents.percentage * 100)
    vacancy.changed_at = now()
    vacancy.changed_by = actor.id


def _announce(vacancy: Vacancy, actor: Actor) -> None:
    """Keep what was announced in full: an announcement is a record that is never thrown away."""
    db.session.add(
        VacancyAnnouncement(
            vacancy_id=vacancy.id,
            announced_at=now(),
            announced_by=actor.id,
            audience=AUDIENCE,
            channel=CHANNEL,
            recipient_count=count_employees(),
            deadline_at=vacancy.deadline_at,
            text=_announced_text(vacancy),
        )
    )
    db.session.flush()


def _announced_text(vacancy: Vacancy) -> str:
    deadline = vacancy.deadline_at.astimezone(OSLO)
    contact = names_of([vacancy.contact_id]).get(vacancy.contact_id or 0, "")
    facts = (
        ("Enhet", get_unit(vacancy.unit_id).name),
        ("Stillingsprosent", f"{vacancy.percentage:f}"),
        ("Ansettelsesform", f"{vacancy.terms} {vacancy.duration}".strip()),
        ("Arbeidssted", vacancy.workplace),
        ("Lønn", vacancy.salary),
        ("Kontakt", contact),
        ("Søk slik", vacancy.how_to_apply),
        ("Søknadsfrist", f"{deadline:%Y-%m-%d %H:%M}"),
    )
    lines = "\n".join(f"{label}: {value}" for label, value in facts)
    return f"{vacancy.title}\n\n{lines}\n\n{vacancy.body}\n\n{vacancy.requirements}".strip()


def _record(
    event: AuditEvent, vacancy: Vacancy, actor: Actor, details: dict[str, object] | None = None
) -> None:
    record(
        event, actor=actor, subject="vacancy", subject_id=vacancy.id, unit_id=vacancy.unit_id,
        details=details,
    )  # fmt: skip


def _tell_search(vacancy: Vacancy) -> None:
    """Have it indexed as it is now, and again when its deadline passes."""
    mark_changed(doc_key(vacancy.id))
    is_ahead = vacancy.state == VacancyState.PUBLISHED and vacancy.deadline_at > now()
    clock = db.session.get(VacancyClock, vacancy.id)
    if not is_ahead:
        if clock is not None:
            db.session.delete(clock)
    elif clock is None:
        db.session.add(VacancyClock(vacancy_id=vacancy.id, due_at=vacancy.deadline_at))
    else:
        clock.due_at = vacancy.deadline_at
    db.session.flush()
