"""What a code opens. Knows no person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intranet.anonymous.models import AnonymousReport
from intranet.anonymous.queries import Waiting, get_report, list_waiting
from intranet.anonymous.rooms import WHISTLEBLOWING
from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.people.queries.units import get_unit
from intranet.whistleblowing.models import WhistleOffer
from intranet.whistleblowing.queries.cases import (
    Case,
    FileRow,
    find_case_of_report,
    find_offer,
    list_entries,
    list_files,
)


@dataclass(frozen=True)
class Followed:
    """A notice as its code shows it; `case` is None until it is delivered."""

    report: AnonymousReport
    case: Case | None
    entries: Sequence[Any]
    files: Sequence[FileRow]
    waiting: Sequence[Waiting]
    # What waits for a yes or no, with the unit's name.
    offer: tuple[WhistleOffer, str] | None = None
    has_accepted: bool = False


def get_followed(typed: str | None) -> Followed:
    """Return what the code opens. Raises NotFound, the same for every wrong code (AN-10)."""
    report = get_report(typed)
    if report.room != WHISTLEBLOWING:
        raise NotFound(_("Denne koden hører til en anonym melding om avvik."))
    waiting = list_waiting(report.id)
    case = find_case_of_report(report.id)
    if case is None:
        return Followed(report, None, (), (), waiting)
    entries = list_entries(case.whistle.id, public_only=True)
    files = list_files(case.whistle.id, public_only=True)
    offer = find_offer(case.whistle.id)
    is_open = offer is not None and offer.is_accepted is None
    return Followed(
        report,
        case,
        entries,
        files,
        waiting,
        (offer, get_unit(offer.unit_id).name) if offer is not None and is_open else None,
        has_accepted=offer is not None and offer.is_accepted is True,
    )
