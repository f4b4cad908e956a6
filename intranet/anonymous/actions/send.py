"""Keeps what is written without a name until it is delivered. Never commits, tells nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from intranet.anonymous.actions.hold import hold_message, hold_report, refuse_identity_number
from intranet.anonymous.models import AnonymousMessage
from intranet.anonymous.queries import Followed, is_ended
from intranet.anonymous.rooms import DEVIATIONS
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile
from intranet.deviations.actions.report import judge
from intranet.deviations.queries.sendings import has_sending
from intranet.deviations.queries.settings import load_categories
from intranet.extensions import db
from intranet.people.queries.units import get_unit

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

    Raises InvalidInput for what cannot be used, and what `hold_report` raises.
    """
    _check(content)
    hold_report(code, DEVIATIONS, _as_row(content), files)


def send_message(
    followed: Followed,
    key: str,
    text: str,
    files: Sequence[CleanFile] = (),
    *,
    is_not_solved: bool = False,
) -> None:
    """Keep what the reporter adds; whoever has the code may.

    The same sending again adds nothing, neither while it waits nor when it is delivered.
    """
    key = key_of_sending(key, text)
    case = followed.case
    if db.session.get(AnonymousMessage, key) is not None or (
        case is not None and has_sending(case.deviation.id, None, key)
    ):
        return
    if is_ended(followed):
        raise NotPossibleNow(_("Saken er trukket, og du kan ikke skrive mer i den."))
    if is_not_solved and not followed.may_say_not_solved:
        raise NotPossibleNow(
            _("Du kan si fra én gang, senest 14 dager etter at avviket ble lukket.")
        )
    hold_message(followed.report.id, key, text, files, is_special=is_not_solved)


def _check(content: AnonymousContent) -> None:
    if not content.what.strip():
        raise InvalidInput(_("Skriv hva som skjedde."), "what")
    refuse_identity_number(content.what, "what")
    refuse_identity_number(content.immediate_action, "immediate_action")
    if content.happened_on > today():
        raise InvalidInput(_("Datoen har ikke vært ennå. Rett datoen."), "day")
    if not load_categories(fresh=True).may_choose(content.category):
        raise InvalidInput(_("Denne typen er ikke i bruk lenger. Velg en annen."), "category")
    if not get_unit(content.unit_id).is_active:
        raise InvalidInput(_("Denne enheten finnes ikke lenger. Velg en annen."), "unit_id")


def _as_row(content: AnonymousContent) -> dict[str, object]:
    # Judged now, by the questions that were asked: they may be others when it is delivered.
    judged = judge(load_categories(), content.category, content.answers)
    return {
        "what": content.what,
        "unit_id": content.unit_id,
        "happened_on": content.happened_on.isoformat(),
        "category": content.category,
        "answers": None if content.answers is None else judged.answers,
        "judged": {
            "answers": judged.answers,
            "words": judged.words,
            "severity": judged.severity,
            "is_assessed": judged.is_assessed,
        },
        "immediate_action": content.immediate_action,
        "concerns": [each for each in CONCERNS if each in content.concerns],
    }
