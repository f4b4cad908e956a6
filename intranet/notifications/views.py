"""The bell's page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.paging import Page
from intranet.core.transaction import transaction
from intranet.notifications import queries
from intranet.notifications.actions import mark_notices_read
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/varsler")
@requires()
def list_notices() -> str:
    """Show the person's notices, newest first."""
    rows = queries.list_notices_for(current_viewer(), before=number_parameter("for"))
    page = Page.of(rows, lambda row: str(row.id))
    return render_template("notifications/list_notices.html", page=page)


@blueprint.post("/varsler/<int:notice_id>/aapne")
@requires()
def open_notice(notice_id: int) -> Response:
    """Mark one notice as read and go to what it is about."""
    viewer = current_viewer()
    notice = queries.get_notice_for(viewer, notice_id)
    url = notice.url
    with transaction():
        mark_notices_read(actor=viewer, notice_ids=[notice_id])
    return redirect(url)  # type: ignore[return-value]


@blueprint.post("/varsler/lest")
@requires()
def read_all_notices() -> Response:
    """Mark all as read."""
    with transaction():
        mark_notices_read(actor=current_viewer())
    return redirect(url_for("notifications.list_notices"))  # type: ignore[return-value]
