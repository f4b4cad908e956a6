"""The blueprint of news, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.news.labels import CATEGORY_LABELS

blueprint = Blueprint("news", __name__)


@blueprint.context_processor
def add_labels() -> dict[str, Any]:
    """Give the templates of news the names of the categories."""
    return {"category_labels": CATEGORY_LABELS}
