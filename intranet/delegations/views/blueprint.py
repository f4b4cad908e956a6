"""The register's blueprint, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.core.clock import today
from intranet.delegations.amounts import write_amount
from intranet.delegations.labels import STANDING_LABELS, amount_words
from intranet.laws.queries.linking import link_references
from intranet.web.filters import full_day

blueprint = Blueprint("delegations", __name__)


@blueprint.context_processor
def add_labels() -> dict[str, Any]:
    """Give the templates the names of the standings, amounts in words, and days with their year."""
    return {
        "standing_labels": STANDING_LABELS,
        "amount_words": amount_words,
        "write_amount": write_amount,
        "full_day": full_day,
        "link_references": link_references,
        "today": today,
    }
