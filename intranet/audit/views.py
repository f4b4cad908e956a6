"""The audit log as a page for administrators and the data protection officer."""

from __future__ import annotations

from flask import Blueprint, render_template

from intranet.audit import queries
from intranet.audit.detail_words import list_details
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
    return render_template(
        "audit/list_events.html",
        page=page,
        details_of=queries.details_of,
        list_details=list_details,
        event_words=EVENTS,
    )
