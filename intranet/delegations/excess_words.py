"""What to say when somebody passes on more than they hold, and at which field."""

from __future__ import annotations

from datetime import date

from intranet.core.text import _
from intranet.delegations.amounts import write_amount
from intranet.delegations.rules import Chain, Excess

FIELDS = {
    Excess.OUTSIDE_UNIT: "unit",
    Excess.AMOUNT: "amount",
    Excess.WITHOUT_LIMIT: "amount",
    Excess.STARTS_BEFORE: "starts_on",
    Excess.ENDS_AFTER: "ends_on",
    Excess.WITHOUT_END: "ends_on",
}


def say_excess(excess: Excess, chain: Chain, unit_name: str) -> str:
    """Return why it is refused, with the limit that holds."""
    parent = chain[0]
    if excess is Excess.OUTSIDE_UNIT:
        return _(
            "Du har fullmakten bare i %(unit)s og enhetene under. Velg en av dem.", unit=unit_name
        )
    if excess in (Excess.AMOUNT, Excess.WITHOUT_LIMIT):
        limit = write_amount(parent.amount or 0)
        if excess is Excess.AMOUNT:
            return _("Du kan selv gå til %(amount)s kroner. Skriv ikke mer.", amount=limit)
        return _("Du kan selv gå til %(amount)s kroner. Skriv et beløp.", amount=limit)
    if excess is Excess.STARTS_BEFORE:
        first = max(grant.starts_on for grant in chain)
        return _("Du har selv fullmakten først fra %(day)s.", day=_written(first))
    if excess in (Excess.ENDS_AFTER, Excess.WITHOUT_END):
        last = _written(parent.last_day or parent.starts_on)
        if excess is Excess.ENDS_AFTER:
            return _("Du har selv fullmakten bare til og med %(day)s.", day=last)
        return _("Du har selv fullmakten bare til og med %(day)s. Skriv siste dag.", day=last)
    if excess is Excess.KEPT:
        return _("Denne fullmakten kan ikke gis videre.")
    if excess is Excess.TOO_LONG_CHAIN:
        return _("Fullmakten er gitt videre så mange ganger at den ikke kan gis videre igjen.")
    return _("Fullmakten gjelder ikke nå, og kan ikke gis videre.")


def _written(day: date) -> str:
    return f"{day:%d.%m.%Y}"
