"""The list of what is to be looked at again, for owners, leaders and quality advisers."""

from __future__ import annotations

from flask import render_template

from intranet.library.queries import reviews
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter


@blueprint.get("/bibliotek/ses-over")
@requires()
def list_reviews() -> str:
    """Show what is due or overdue of what the viewer answers for, and how much is in time."""
    viewer = current_viewer()
    return render_template(
        "library/list_reviews.html",
        timeliness=reviews.count_timeliness_for(viewer),
        page=reviews.list_due_reviews_for(viewer, number_parameter("etter") or 0),
    )
