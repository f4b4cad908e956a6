"""Keeps what is written without a name until it is delivered. Never commits, tells nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from intranet.anonymous.models import AnonymousFile, AnonymousMessage, AnonymousReport
from intranet.anonymous.queries import Followed, count_waiting, find_report, is_ended
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.receipt_code import hash_code
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile
from intranet.deviations.privacy_guard import find_identity_numbers
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import relevant_answers
from intranet.extensions import db
from intranet.people.queries.units import get_unit

# What one code may leave before the next delivery; enough for a long thought, not for a flood.
MOST_WAITING = 20
CONCERNS = ("place", "above", "chief")


@dataclass(frozen=True)
class AnonymousContent:
    """What somebody without a name reports. `answers` None: the questions were not looked at."""

    what: str
    unit_id: int
    happened_on: date
    category: str | None = None
    answers: Sequence[str] | None = None
    immediate_action: str = ""
    concerns: Sequence[str] = ()


def send_report(code: str, content: AnonymousContent, files: Sequence[CleanFile]) -> None:
    """Keep the report under its code; whoever typed the code may. Sent twice it is kept once.

    Raises InvalidInput for what cannot be used, and NotPossibleNow when the code already has
    another report, so that a second one does not vanish silently.
    """
    _check(content)
    written = _as_row(content)
    known = find_report(code)
    if known is None:
        report = AnonymousReport(code_hash=hash_code(code), sent_on=today(), content=written)
        try:
            with db.session.begin_nested():
                db.session.add(report)
        except IntegrityError:
            # The other press of the same button was quicker.
            known = find_report(code)
        else:
            _add_files(report.id, None, files)
            return
    if known is None or known.content != written:
        raise NotPossibleNow(
            _("Denne koden har allerede en melding. Begynn på nytt for å få en ny kode.")
        )


def send_message(
    followed: Followed,
    key: str,
    text: str,
    files: Sequence[CleanFile] = (),
    *,
    is_not_solved: bool = False,
) -> None:
    """Keep what the reporter adds; whoever has the code may. The same key again adds nothing."""
    if db.session.get(AnonymousMessage, key) is not None:
        return
    if is_ended(followed):
        raise NotPossibleNow(_("Saken er trukket, og du kan ikke skrive mer i den."))
    if is_not_solved and not followed.may_say_not_solved:
        raise NotPossibleNow(
            _("Du kan si fra én gang, senest 14 dager etter at avviket ble lukket.")
        )
    if not text.strip() and not files:
        raise InvalidInput(_("Skriv en melding."), "text")
    _refuse_identity_number(text, "text")
    waiting = count_waiting(followed.report.id)
    if waiting >= MOST_WAITING:
        raise NotPossibleNow(
            _("Du har mange meldinger som ikke er levert ennå. Vent til de er levert.")
        )
    message = AnonymousMessage(
        id=key,
        report_id=followed.report.id,
        sent_on=today(),
        is_not_solved=is_not_solved,
        place=waiting,
        text=text,
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError:
        return
    _add_files(followed.report.id, key, files)


def _refuse_identity_number(text: str, field: str) -> None:
    """Names are not looked for: that would ask the directory for persons, on a page that must not.

    Raises InvalidInput.
    """
    if find_identity_numbers(text):
        raise InvalidInput(_("Fjern fødselsnummeret fra teksten."), field)


def _check(content: AnonymousContent) -> None:
    if not content.what.strip():
        raise InvalidInput(_("Skriv hva som skjedde."), "what")
    _refuse_identity_number(content.what, "what")
    _refuse_identity_number(content.immediate_action, "immediate_action")
    if content.happened_on > today():
        raise InvalidInput(_("Datoen har ikke vært ennå. Rett datoen."), "day")
    if not load_categories(fresh=True).may_choose(content.category):
        raise InvalidInput(_("Denne typen er ikke i bruk lenger. Velg en annen."), "category")
    if not get_unit(content.unit_id).is_active:
        raise InvalidInput(_("Denne enheten finnes ikke lenger. Velg en annen."), "unit_id")


def _as_row(content: AnonymousContent) -> dict[str, object]:
    answers = content.answers
    if answers is not None:
        answers = relevant_answers(load_categories().table, content.category, answers)
    return {
        "what": content.what,
        "unit_id": content.unit_id,
        "happened_on": content.happened_on.isoformat(),
        "category": content.category,
        "answers": answers,
        "immediate_action": content.immediate_action,
        "concerns": [each for each in CONCERNS if each in content.concerns],
    }


def _add_files(report_id: str, message_id: str | None, files: Sequence[CleanFile]) -> None:
    for place, file in enumerate(files):
        db.session.add(
            AnonymousFile(
                report_id=report_id,
                message_id=message_id,
                place=place,
                name=file.name,
                data=file.data,
            )
        )
    db.session.flush()
