"""The pages of laws and regulations."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from intranet.laws.addresses import anchor_of
from intranet.laws.citers import find_citers
from intranet.laws.labels import CHANGE_LABELS, in_words
from intranet.laws.queries import history, pages
from intranet.laws.texts import LawKind
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import text_parameter

blueprint = Blueprint("laws", __name__)

_MOST_DIGITS = 9


@blueprint.get("/lover")
@requires()
def list_laws() -> str:
    """Show laws and regulations by name; first those that municipalities use every day."""
    words = text_parameter("q", 200).strip()
    kind = request.args.get("type", "")
    kind = kind if kind in set(LawKind) else ""
    after = _number("etter")
    is_front = not words and not kind and after is None
    return render_template(
        "laws/list_laws.html",
        words=words,
        kind=kind,
        laws=pages.list_laws(words, kind, after),
        municipal=pages.list_municipal_laws() if is_front else [],
    )


@blueprint.get("/lover/<path:refid>/endringer")
@requires()
def list_changes(refid: str) -> str:
    """Show what newer editions changed in a law, or in one paragraph of it, newest first."""
    section = request.args.get("paragraf", "").replace("\0", "")[:40].strip()
    law = pages.get_law(refid)
    return render_template(
        "laws/list_changes.html",
        law=law,
        section=section,
        history=history.list_changes(refid, section=section, below=_number("under")),
        labels=CHANGE_LABELS,
        in_words=in_words,
    )


@blueprint.get("/lover/<path:refid>")
@requires()
def show_law(refid: str) -> str:
    """Show a law: contents, each paragraph with an anchor of its own, and what rests on it."""
    page = pages.get_law_page(refid, text_parameter("p", 120), _number("del"))
    citers = find_citers(current_viewer(), page.law.refid)
    return render_template(
        "laws/show_law.html",
        page=page,
        citers={anchor_of(one.section): one for one in citers.paragraphs},
        citers_url=citers.url if citers.paragraphs or citers.is_named else "",
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
