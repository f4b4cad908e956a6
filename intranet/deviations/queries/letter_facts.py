"""What a case knows that a letter can begin with: proposals, which a person reads and completes."""

from __future__ import annotations

from datetime import datetime

from intranet.core.actor import Role, Viewer
from intranet.core.clock import OSLO, now
from intranet.core.settings import get_settings
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import ClockState, is_late
from intranet.deviations.letter_shapes import LetterKind, split_recipient
from intranet.deviations.letters import LETTERS
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import Case, list_actions
from intranet.deviations.queries.clocks import find_details, list_clocks
from intranet.deviations.queries.letters import list_whole_letters
from intranet.deviations.type_words import moment_words
from intranet.deviations.workflow import ActionState
from intranet.people.queries.persons import get_person
from intranet.people.queries.units import holders_of

_SAFETY = (Role.SAFETY_REPRESENTATIVE, Role.CHIEF_SAFETY_REPRESENTATIVE)
# The words of the table of deadlines.
_TITLE = "Verneombudet"


def load_facts(case: Case, kind: LetterKind, viewer: Viewer) -> dict[str, str]:
    """Return the texts by the names that `letters.LETTERS` uses as sources."""
    deviation = case.deviation
    clocks = {f"{each.key}.{each.phase}": each for each in list_clocks(deviation.id)}
    details = find_details(deviation.id)
    answered = clocks.get(".".join(LETTERS[kind].clock))
    to, copy = split_recipient(answered.recipient if answered else "")
    facts = {
        "to": to,
        "copy": copy,
        "what": deviation.what,
        "immediate": deviation.immediate_action,
        "happened": f"{_happened(deviation)}, {case.unit_name}",
        "late": answered.reason if answered else "",
        "actions": _actions(deviation.id),
        "officer": _officer(deviation.unit_id),
        "writer": _contact_of(viewer.id),
        "signature": _signature(viewer, case),
        "aware": moment_words(min(each.started_at for each in clocks.values())) if clocks else "",
        "told": _done(clocks.get("data_breach.persons")),
        "called": _done(clocks.get("work_accident.call")),
        "message": _done(clocks.get("care_event.message")),
        "safety": _safety(case),
        "employer": f"{get_settings().municipality}\n{case.unit_name}",
        **_earlier_letters(deviation.id),
    }
    answers = details.answers if details else {}
    return {**facts, **{f"answer.{key}": text for key, text in answers.items()}}


def is_letter_late(clock: StatutoryClock | None) -> bool:
    """Whether the deadline is out: the letter must then say why."""
    if clock is None:
        return False
    if clock.is_open:
        return is_late(now(), clock.due_at, clock.limit)
    return clock.state == ClockState.MISSED


def sender_address() -> str:
    """Return the sender's lines below the municipality's name, as the settings have them."""
    settings = get_settings()
    return "\n".join(line.strip() for line in settings.letter_address.split("|") if line.strip())


def _happened(deviation: Deviation) -> str:
    if deviation.is_anonymous:
        return _day(deviation.happened_at)
    return moment_words(deviation.happened_at)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%d.%m.%Y}"


def _actions(deviation_id: int) -> str:
    kept = [each for each in list_actions(deviation_id) if each.state != ActionState.DROPPED]
    return "\n".join(f"– {each.what}" for each in kept)


def _officer(unit_id: int) -> str:
    officers = holders_of(Role.DATA_PROTECTION_OFFICER, unit_id)
    return _contact_of(officers[0], "personvernombud") if officers else ""


def _contact_of(person_id: int, title: str = "") -> str:
    person = get_person(person_id)
    named = ", ".join(filter(None, (person.name, title or person.title)))
    return "\n".join(filter(None, (named, person.email, person.phone or person.mobile)))


def _signature(viewer: Viewer, case: Case) -> str:
    person = get_person(viewer.id)
    return "\n".join(filter(None, (person.name, person.title, case.unit_name)))


def _safety(case: Case) -> str:
    """The safety representatives who have a copy of the case."""
    names = [name for name, role in case.copied.values() if role in _SAFETY]
    return "\n".join((_TITLE, *names)) if names else ""


def _earlier_letters(deviation_id: int) -> dict[str, str]:
    """What finished letters of the case say: "care_message.what"; the closed ones "closed.…"."""
    found: dict[str, str] = {}
    for letter in list_whole_letters(deviation_id):
        if not letter.is_draft:
            found |= {f"{letter.kind}.{key}": text for key, text in letter.texts.items()}
            closed = letter.closed_texts.items()
            found |= {f"closed.{letter.kind}.{key}": text for key, text in closed}
    return found


def _done(clock: StatutoryClock | None) -> str:
    """What was done for a deadline: when, what, and its number."""
    if clock is None or clock.met_at is None:
        return ""
    number = f"({clock.reference})" if clock.reference else ""
    return " ".join(filter(None, (f"{moment_words(clock.met_at)}:", clock.sent_note, number)))
