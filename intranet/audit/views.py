"""The audit log as a page for administrators and the data protection officer."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, render_template

from intranet.audit import queries
from intranet.audit.detail_words import Codes, list_details
from intranet.audit.words import EVENTS
from intranet.core.paging import Page
from intranet.web.access import requires
from intranet.web.addresses import number_parameter, text_parameter

blueprint = Blueprint("audit", __name__)


@blueprint.get("/revisjonslogg")
@requires(queries.can_read_audit)
def list_events() -> str:
    """Show who did what, newest first."""
    before = number_parameter("for")
    rows = queries.list_events(before=before, event=text_parameter("hendelse", 60))
    page = Page.of(rows, lambda row: str(row.sequence))
    details = [queries.details_of(row) for row in page.rows]
    codes = codes_of(details)
    return render_template(
        "audit/list_events.html",
        page=page,
        told=[
            list(list_details(row.subject, row.subject_id, each, codes))
            for row, each in zip(page.rows, details, strict=True)
        ],
        event_words=EVENTS,
    )


def codes_of(details: Sequence[Mapping[str, Any]]) -> Codes:
    """Return what the rooms call the codes of these details."""
    found: dict[str, ChainMap[str, Any]] = {}
    for source in current_app.extensions["audit_codes"]:
        for name, words in source(details).items():
            found.setdefault(name, ChainMap()).maps.append(words)
    return found
