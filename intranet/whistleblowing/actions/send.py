"""Keeps what a whistleblower sends until it is delivered. Never commits, tells nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from intranet.anonymous.actions.hold import hold_message, hold_report, refuse_identity_number
from intranet.anonymous.concerned import concerned_leaders
from intranet.anonymous.rooms import WHISTLEBLOWING
from intranet.core.errors import InvalidInput
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile
from intranet.people.queries.units import get_unit
from intranet.whistleblowing.actions.opening import demand_recipients, demand_somebody_besides
from intranet.whistleblowing.queries.cases import list_recipients
from intranet.whistleblowing.queries.following import Followed
from intranet.whistleblowing.queries.sendings import has_sending
from intranet.whistleblowing.workflow import Category


@dataclass(frozen=True)
class Notice:
    """What somebody blows the whistle on. Only `what` must be there."""

    what: str
    happened: str = ""
    unit_id: int | None = None
    categories: Sequence[str] = ()
    concerns: str = ""
    contact: str = ""
    # Recipients who shall not see it.
    without_ids: Sequence[int] = field(default_factory=list)
    # Leaders whom it concerns, as `concerned_leaders` names them.
    leaders: Sequence[str] = ()


def send_notice(code: str, notice: Notice, files: Sequence[CleanFile]) -> None:
    """Keep the notice under its code; whoever typed the code may. Raises InvalidInput."""
    if not notice.what.strip():
        raise InvalidInput(_("Skriv hva det gjelder."), "what")
    for name in ("what", "concerns", "contact", "happened"):
        refuse_identity_number(getattr(notice, name), name)
    if notice.unit_id is not None and not get_unit(notice.unit_id).is_active:
        raise InvalidInput(_("Denne enheten finnes ikke lenger. Velg en annen."), "unit_id")
    recipients = dict(list_recipients())
    known = set(recipients)
    demand_recipients()
    # A recipient who is named as the one it concerns is left out without being ticked.
    named = {
        person_id
        for person_id, words in recipients.items()
        if words.partition(",")[0].casefold() in notice.concerns.casefold()
    }
    leaders = concerned_leaders(notice.unit_id, notice.leaders)
    without = sorted({*(known & {*notice.without_ids, *named}), *leaders})
    if without:
        demand_somebody_besides(without)
    content = asdict(notice) | {
        "categories": [each for each in Category if each in notice.categories],
        "without_ids": without,
    }
    del content["leaders"]
    hold_report(code, WHISTLEBLOWING, content, files)


def send_more(
    followed: Followed,
    key: str,
    text: str,
    files: Sequence[CleanFile] = (),
    *,
    is_retaliation: bool = False,
) -> None:
    """Keep what the whistleblower adds; whoever has the code may, also when the case is closed.

    The same sending again adds nothing, neither while it waits nor when it is delivered.
    """
    key = key_of_sending(key, text)
    case = followed.case
    if case is not None and has_sending(case.whistle.id, None, key):
        return
    hold_message(followed.report.id, key, text, files, is_special=is_retaliation)
