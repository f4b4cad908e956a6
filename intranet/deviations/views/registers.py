"""The registers that the law demands, for those whom it names."""

from __future__ import annotations

from flask import render_template

from intranet.deviations.queries.registers import list_breaches, list_injuries
from intranet.deviations.type_policy import reads_breaches, reads_injuries
from intranet.deviations.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter


@blueprint.get("/avvik/register/arbeidsskader")
@requires(reads_injuries)
def show_injuries() -> str:
    """Show the register of arbeidsmiljøloven § 5-1."""
    page = list_injuries(current_viewer(), _before())
    return render_template("deviations/show_injuries.html", page=page)


@blueprint.get("/avvik/register/personvernbrudd")
@requires(reads_breaches)
def show_breaches() -> str:
    """Show every breach of personal data (GDPR art. 33 no. 5)."""
    page = list_breaches(current_viewer(), _before())
    return render_template("deviations/show_breaches.html", page=page)


def _before() -> int | None:
    return number_parameter("eldre")
