"""A poster to hang on the wall: scan it, and the form knows where you are."""

from __future__ import annotations

from flask import render_template, request, url_for

from intranet.core.errors import NotFound
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.deviations.views.blueprint import blueprint
from intranet.people.queries.units import get_unit
from intranet.web.access import requires
from intranet.web.qr_code import draw_code

SIZES = ("a4", "a5")


@blueprint.get("/avvik/plakat/<int:unit_id>")
@requires()
def show_poster(unit_id: int) -> str:
    """Show the poster of a unit, to be printed on A4 or A5."""
    unit = get_unit(unit_id)
    if not unit.is_active:
        raise NotFound(_("Vi finner ikke denne enheten."))
    chosen = request.args.get("papir", "")
    address = get_settings().base_url.rstrip("/") + url_for(
        "deviations.report_deviation", sted=unit.id
    )
    return render_template(
        "deviations/show_poster.html",
        unit=unit,
        address=address,
        code=draw_code(address),
        size=chosen if chosen in SIZES else SIZES[0],
        sizes=SIZES,
    )
