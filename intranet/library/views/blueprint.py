"""The library's blueprint, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.core.clock import today
from intranet.laws.labels import in_words
from intranet.library.labels import DOCUMENT_LABELS, REVISION_LABELS

blueprint = Blueprint("library", __name__)


@blueprint.context_processor
def add_labels() -> dict[str, Any]:
    """Give the library's templates the names of the states, the day, and a day with its year."""
    return {
        "document_labels": DOCUMENT_LABELS,
        "revision_labels": REVISION_LABELS,
        "today": today,
        "in_words": in_words,
    }
