"""How a case begins, whichever way it came: numbered, without those whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from intranet.core.clock import add_working_days, today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.models import next_number
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.deviations.numbers import case_number
from intranet.deviations.queries.routes import find_last_recipient_id
from intranet.extensions import db
from intranet.whistleblowing.models import WhistleCase, WhistleParty
from intranet.whistleblowing.queries.cases import list_recipients


def open_case(whistle: WhistleCase, excluded_ids: Iterable[int]) -> WhistleCase:
    """Number the case, set its first deadline, and exclude whom it concerns. Tells nobody."""
    year = today().year
    whistle.number = case_number(year, next_number(f"whistle-{year}"))
    whistle.due_on = add_working_days(today(), get_settings().whistle_confirm_days)
    db.session.add(whistle)
    db.session.flush()
    for person_id in sorted(set(excluded_ids)):
        db.session.add(WhistleParty(case_id=whistle.id, person_id=person_id))
    db.session.flush()
    return whistle


def demand_recipients() -> None:
    """Raise NotPossibleNow when nobody would get the notice."""
    if not list_recipients() and find_last_recipient_id() is None:
        raise NotPossibleNow(
            _(
                "Kommunen har ikke valgt mottakere av varsler her ennå. Bruk kommunens rutine, "
                "eller varsle et tilsyn eller en annen offentlig myndighet."
            )
        )


def demand_somebody_besides(excluded_ids: Collection[int]) -> None:
    """Raise InvalidInput when those who are left out are all who could get the notice.

    When it is all recipients, the person whom the settings name gets it.
    """
    known = {person_id for person_id, _name in list_recipients()}
    last = find_last_recipient_id()
    if known <= set(excluded_ids) and (last is None or last in excluded_ids):
        raise InvalidInput(
            _(
                "Da er det ingen i kommunen som kan ta imot varselet her. Ta bort et kryss, "
                "eller varsle et tilsyn eller en annen offentlig myndighet."
            ),
            "without_ids",
        )
