"""The library's blueprint, which each file of pages adds to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from intranet.core.clock import OSLO, now
from intranet.core.text import _
from intranet.laws.labels import in_words
from intranet.library.labels import DOCUMENT_LABELS, REVISION_LABELS

blueprint = Blueprint("library", __name__)


def printed_line(number: str, version: int) -> str:
    """Return what a page on paper says of itself: it is as old as its date."""
    return _(
        "Ukontrollert utskrift, skrevet ut %(when)s. %(number)s, versjon %(version)s.",
        when=f"{now().astimezone(OSLO):%d.%m.%Y kl. %H.%M}",
        number=number,
        version=version,
    )


@blueprint.record_once
def _give_words(state: Any) -> None:
    """Give every template the names of the states, and a day with its year.

    As globals, so that pieces that are imported know them and are made once.
    """
    state.app.jinja_env.globals.update(
        document_labels=DOCUMENT_LABELS,
        revision_labels=REVISION_LABELS,
        in_words=in_words,
        printed_line=printed_line,
    )
