"""What the standing of a delegation is called, and in which colour."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _, _l
from intranet.delegations.amounts import write_amount
from intranet.delegations.rules import Standing

STANDING_LABELS: dict[Standing, tuple[Any, str]] = {
    Standing.IN_FORCE: (_l("Gjelder"), "success"),
    Standing.COMING: (_l("Gjelder ikke ennå"), "info"),
    Standing.ENDED: (_l("Utløpt"), "neutral"),
    Standing.WITHDRAWN: (_l("Trukket tilbake"), "neutral"),
    Standing.LAPSED: (_l("Falt bort"), "warning"),
    Standing.BROKEN: (_l("Gjelder ikke: det den bygger på, gjelder ikke"), "warning"),
}


def amount_words(row: Any) -> str:
    """Return how far the delegation goes; nothing for a kind that has no amount."""
    if not row.has_amount:
        return ""
    if row.amount is None:
        return _("uten beløpsgrense")
    return _("inntil %(amount)s kroner", amount=write_amount(row.amount))
