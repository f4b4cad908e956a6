"""The result page and the suggestions below the box."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from intranet.search import queries
from intranet.search.entry import Kind
from intranet.search.errors import IndexUnavailable
from intranet.search.kinds import BY_SLUG, LOOKS, KindLook
from intranet.web.access import current_viewer, requires

blueprint = Blueprint("search", __name__)

_LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Facet:
    """A kind as a link that chooses it, or as a chip whose link lets it go."""

    look: KindLook
    count: int
    url: str
    is_chosen: bool


@blueprint.get("/sok")
@requires()
def show_search() -> tuple[str, int] | str:
    """What was found of what this person may see; everything about the search is in the address."""
    text, kinds, page = _text(), _kinds(), _page()
    literally = request.args.get("ordrett") == "1"
    try:
        results = queries.find_hits(current_viewer(), text, kinds, page, literally=literally)
    except IndexUnavailable:
        return render_template("search/show_search.html", text=text, is_building=True), 503
    return render_template(
        "search/show_search.html",
        text=text,
        results=results,
        facets=_facets(text, kinds, results),
        everything_url=_address(text, frozenset()),
        newer_url=_address(text, kinds, page - 1) if page > 1 else None,
        older_url=_address(text, kinds, page + 1) if page < results.pages else None,
        literal_url=url_for("search.show_search", q=text, ordrett=1),
        looks=LOOKS,
    )


@blueprint.get("/sok/forslag")
@requires()
def suggest() -> Response:
    """The best titles that begin so, as a list for the script; empty while the index is being
    built.
    """
    try:
        found = queries.suggest(current_viewer(), _text())
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


def _text() -> str:
    # NUL and lone surrogates cannot be shown in a page; the parser drops them anyway.
    typed = request.args.get("q", "")[:_LONGEST_TEXT].replace("\0", "")
    return typed.encode("utf-8", "ignore").decode("utf-8").strip()


def _kinds() -> frozenset[Kind]:
    return frozenset(BY_SLUG[slug] for slug in request.args.getlist("type") if slug in BY_SLUG)


def _page() -> int:
    typed = request.args.get("side", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 1
    return min(max(number, 1), queries.MOST_PAGES)


def _address(text: str, kinds: frozenset[Kind], page: int = 1) -> str:
    slugs = [look.slug for kind, look in LOOKS.items() if kind in kinds]
    literally = request.args.get("ordrett") or None
    return url_for(
        "search.show_search", q=text, type=slugs, side=page if page > 1 else None, ordrett=literally
    )


def _facets(text: str, chosen: frozenset[Kind], results: queries.Results) -> list[Facet]:
    counts = dict(results.facets)
    return [
        Facet(
            look,
            counts.get(kind, 0),
            _address(text, chosen ^ {kind}),
            kind in chosen,
        )
        for kind, look in LOOKS.items()
        if counts.get(kind, 0) or kind in chosen
    ]
