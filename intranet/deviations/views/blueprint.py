"""The blueprint that the pages share, and the words that their templates use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.deviations import words
from intranet.deviations.headline import headline
from intranet.deviations.numbers import number_words
from intranet.deviations.risk import band_of
from intranet.deviations.risk_words import BANDS, CONSEQUENCES, PROBABILITIES
from intranet.deviations.step_looks import STEP_LOOKS
from intranet.laws.queries.linking import link_references

blueprint = Blueprint("deviations", __name__)


@blueprint.context_processor
def add_words() -> dict[str, Any]:
    """Give templates the words for states, severities and the rest."""
    return {
        "state_words": words.STATES,
        "severity_words": words.SEVERITIES,
        "category_name": words.category_name,
        "answer_words": words.answer_words,
        "in_language": words.in_language,
        "deadline_words": words.DEADLINES,
        "awaited_words": words.AWAITED,
        "action_words": words.ACTION_STATES,
        "risk_band": band_of,
        "risk_words": BANDS,
        "consequence_words": CONSEQUENCES,
        "probability_words": PROBABILITIES,
        "effect_words": words.EFFECTS,
        "role_words": words.ROLES,
        "event_words": words.event_words,
        "event_icons": words.EVENT_ICONS,
        "number_words": number_words,
        "headline": headline,
        "link_laws": link_references,
        "step_looks": STEP_LOOKS,
    }
