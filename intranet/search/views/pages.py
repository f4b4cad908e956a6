"""The result page and the suggestions below the box."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from intranet.core.faults import Fault, find_fault
from intranet.core.transaction import transaction
from intranet.search import queries
from intranet.search.actions import Outcome, note_question
from intranet.search.errors import IndexUnavailable
from intranet.search.kinds import LOOKS
from intranet.search.policy import can_tend_search
from intranet.search.views import tending
from intranet.search.views.asked import Asked, read_asked, typed_text
from intranet.search.views.blueprint import blueprint
from intranet.search.views.facets import SHOWN, chips_of, groups_of, kind_choices
from intranet.search.views.groups import group_hits
from intranet.web.access import current_viewer, requires

__all__ = ["blueprint", "tending"]

_PATIENCE = 0.5


@blueprint.get("/sok")
@requires()
def show_search() -> tuple[str, int] | str:
    """What was found of what this person may see; everything about the search is in the address."""
    asked, viewer = read_asked(), current_viewer()
    try:
        results = queries.find_hits(
            viewer,
            asked.text,
            page=asked.page,
            filters=asked.filters,
            literally=asked.literally,
        )
    except IndexUnavailable:
        return render_template("search/show_search.html", text=asked.text, is_building=True), 503
    people = queries.answer_with_people(viewer, results) if asked.is_plain else []
    if asked.is_plain and asked.text and not (results.total or people or results.pinned):
        _note_missed(asked.text)
    return render_template(
        "search/show_search.html",
        text=asked.text,
        results=results,
        people=people,
        can_tend=can_tend_search(viewer),
        found=group_hits(
            (hit for hit in results.hits if not results.exact or hit.key != results.exact.key),
            asked,
        ),
        kinds=kind_choices(asked, results.facets),
        groups=groups_of(asked, results.facets),
        chips=chips_of(asked, results.doc_name),
        shown=SHOWN,
        everything_url=replace(asked, filters={}, page=1).url,
        newer_url=replace(asked, page=asked.page - 1).url if asked.page > 1 else None,
        older_url=replace(asked, page=asked.page + 1).url if asked.page < results.pages else None,
        literal_url=Asked(asked.text, {}, literally=True).url,
        looks=LOOKS,
    )


def _note_missed(text: str) -> None:
    """Note that a question found nothing; where nothing can be written just now, it is left out.

    Nothing on the page tells whether it was kept: that would tell whose names are known here.
    """
    try:
        with transaction(patience=_PATIENCE):
            note_question(text, Outcome.MISSED)
    except SQLAlchemyError as error:
        if find_fault(error) not in (Fault.BUSY, Fault.FULL, Fault.READ_ONLY):
            raise


@blueprint.get("/sok/forslag")
@requires()
def suggest() -> Response:
    """The best titles that begin so, as a list for the script; empty while the index is being
    built.
    """
    try:
        found = queries.suggest(current_viewer(), typed_text())
    except IndexUnavailable:
        found = []
    rows = [
        {
            "title": one.title,
            "url": one.url,
            "kind": str(LOOKS[one.kind].one),
            "subtitle": one.subtitle,
        }
        for one in found
    ]
    return jsonify(rows)
