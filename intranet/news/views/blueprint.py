"""The blueprint of news, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.news.labels import CATEGORY_LABELS

blueprint = Blueprint("news", __name__)


@blueprint.record_once
def _give_words(state: Any) -> None:
    """Give every template the names of the categories, as a global that pieces know too."""
    state.app.jinja_env.globals["category_labels"] = CATEGORY_LABELS
