"""Finds the deviation of somebody without a name who wants it handled as whistleblowing."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.anonymous.models import AnonymousReport
from intranet.anonymous.queries import get_report, list_waiting
from intranet.anonymous.rooms import DEVIATIONS
from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.deviations.queries.cases import Case, get_case


@dataclass(frozen=True)
class Asking:
    """What the code opens, and whether the wish waits to be delivered already."""

    report: AnonymousReport
    case: Case
    has_asked: bool


def get_asking(typed: str | None) -> Asking:
    """Return the deviation that the code opens. Raises NotFound, also before it is delivered.

    A deviation that was sent on from whistleblowing is none: its code opens the notice.
    """
    report = get_report(typed)
    if report.room != DEVIATIONS:
        raise NotFound(_("Saken behandles allerede som varsling. Bruk koden på denne siden."))
    if report.deviation_id is None:
        raise NotFound(_("Meldingen er ikke levert ennå. Vent til den er levert."))
    has_asked = any(each.is_wish for each in list_waiting(report.id))
    return Asking(report, get_case(report.deviation_id), has_asked)
