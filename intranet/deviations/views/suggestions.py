"""Proposes the procedure or paragraph that was breached: the search, and only what one may see."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import Response, jsonify

from intranet.core.actor import Viewer
from intranet.deviations.views.blueprint import blueprint
from intranet.laws.queries.linking import list_references, reference_url
from intranet.library.addresses import number_of
from intranet.search.entry import Kind
from intranet.search.errors import IndexUnavailable
from intranet.search.queries import Hit, find_hits
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import text_parameter

_MOST = 6
_LONGEST = 400


@dataclass(frozen=True)
class Proposal:
    """One line to pick: what the field gets, and what the person reads."""

    value: str
    title: str
    subtitle: str


@blueprint.get("/avvik/forslag/<any(prosedyre, lov):kind>")
@requires()
def propose(kind: str) -> Response:
    """Return proposals for the script; none while the index is being built."""
    find = propose_procedures if kind == "prosedyre" else propose_laws
    return jsonify([asdict(one) for one in find(current_viewer(), text_parameter("q", 200))])


def propose_procedures(viewer: Viewer, text: str) -> list[Proposal]:
    """Return procedures in force that fit the words, by number."""
    # A document is proposed once, also when several of its files hold the words.
    found = {
        number: Proposal(number, hit.title.striptags(), hit.subtitle)
        for hit in reversed(_hits(viewer, text, (Kind.PROCEDURE,)))
        for number in [number_of(hit.key)]
    }
    return list(reversed(found.values()))[:_MOST]


def propose_laws(viewer: Viewer, text: str) -> list[Proposal]:
    """Return laws and paragraphs that fit the words, written so that the case page links them."""
    found = []
    for hit in _hits(viewer, text, (Kind.LAW, Kind.REGULATION)):
        _refid, _sign, place = hit.key.partition("#")
        title = hit.title.striptags()
        short = hit.subtitle.split(" · ")[0] if place else title
        value = f"{short} § {place}" if place else short
        # What would lead nowhere, or somewhere else, is not proposed.
        if any(reference_url(one) == hit.url for one in list_references(value)):
            found.append(Proposal(value[:200], value, title if place else hit.subtitle))
    return found[:_MOST]


def _hits(viewer: Viewer, text: str, kinds: tuple[Kind, ...]) -> tuple[Hit, ...]:
    words = text[:_LONGEST].replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()
    if len(words) < 2:
        return ()
    try:
        return find_hits(viewer, words, kinds).hits
    except IndexUnavailable:
        return ()
