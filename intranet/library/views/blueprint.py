"""The library's blueprint, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.core.clock import today
from intranet.library.labels import DOCUMENT_LABELS, REVISION_LABELS

blueprint = Blueprint("library", __name__)


@blueprint.context_processor
def add_labels() -> dict[str, Any]:
    """Give the library's templates the names of the states, and the day."""
    return {
        "document_labels": DOCUMENT_LABELS,
        "revision_labels": REVISION_LABELS,
        "today": today,
    }
