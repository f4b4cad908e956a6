"""The pages of laws and regulations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.laws.actions import unit_laws as keep
from intranet.laws.addresses import anchor_of
from intranet.laws.citers import find_citers
from intranet.laws.citing import citation_of
from intranet.laws.forms import AddUnitLawForm, EditUnitLawForm
from intranet.laws.labels import CHANGE_LABELS, in_words
from intranet.laws.models import UnitLaw
from intranet.laws.policy import can_keep_some_list
from intranet.laws.queries import history, pages, unit_laws
from intranet.laws.queries.targets import find_target, name_of, write_target
from intranet.laws.texts import LawKind
from intranet.people.models import Unit
from intranet.people.queries.units import get_unit, list_units, unit_choices
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import text_parameter
from intranet.web.forms import add_to_form

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


@blueprint.get("/lover/viktig")
@requires()
def list_important() -> str:
    """Show what a unit has put on its list, and what the units above it have; first the own."""
    viewer = current_viewer()
    units = list_units()
    unit_id = _number("enhet") or viewer.home_unit_id or (units[0].id if units else 0)
    return render_template(
        "laws/list_important.html",
        lists=unit_laws.list_for_unit(viewer, unit_id),
        unit=get_unit(unit_id),
        units=unit_choices(units),
        may_keep=can_keep_some_list(viewer),
        in_words=in_words,
        today=today,
    )


@blueprint.route("/lover/viktig/ny", methods=["GET", "POST"])
@requires(can_keep_some_list)
def add_important() -> Any:
    """Put a law or a paragraph on the list of a unit."""
    viewer = current_viewer()
    given = write_target(text_parameter("lov", 40), text_parameter("paragraf", 40))
    form = AddUnitLawForm(data={"unit": _number("enhet") or viewer.home_unit_id, "law": given})
    form.offer_units(unit_laws.list_kept_units(viewer))
    if not form.is_submitted():
        return render_template("laws/add_important.html", form=form)
    if not form.validate():
        return render_template("laws/add_important.html", form=form), 422
    try:
        with transaction():
            target = find_target(form.law.data or "")
            unit_id = form.unit.data or 0
            keep.add_unit_law(unit_id, target, form.note.data or "", actor=viewer)
    except InvalidInput as error:
        add_to_form(form, error)
        return render_template("laws/add_important.html", form=form), 422
    return redirect(url_for("laws.list_important", enhet=unit_id), 303)


@blueprint.route("/lover/viktig/<int:unit_law_id>", methods=["GET", "POST"])
@requires(can_keep_some_list)
def edit_important(unit_law_id: int) -> Any:
    """Change what a list says about a law; whoever saves second sees the first one's text."""
    found, unit = _kept(unit_law_id)
    form = EditUnitLawForm(data={"version": found.version, "note": found.note})
    page = {
        "form": form,
        "unit": unit,
        "name": name_of(found.refid, found.section),
        "unit_law_id": unit_law_id,
    }
    if not form.is_submitted():
        return render_template("laws/edit_important.html", **page)
    if not form.validate():
        return render_template("laws/edit_important.html", **page), 422
    try:
        with transaction():
            keep.edit_unit_law(
                unit_laws.load_unit_law(unit_law_id),
                form.note.data or "",
                version=form.version.data or 0,
                actor=current_viewer(),
            )
    except SomeoneElseWasFirst:
        theirs = unit_laws.load_unit_law(unit_law_id)
        form.version.data = theirs.version
        return render_template("laws/edit_important.html", **page, theirs=theirs.note), 409
    return redirect(url_for("laws.list_important", enhet=unit.id), 303)


@blueprint.post("/lover/viktig/<int:unit_law_id>/fjern")
@requires(can_keep_some_list)
def remove_important(unit_law_id: int) -> AnyResponse:
    """Take a law off a list."""
    _found, unit = _kept(unit_law_id)
    with transaction():
        keep.remove_unit_law(unit_laws.load_unit_law(unit_law_id), actor=current_viewer())
    return redirect(url_for("laws.list_important", enhet=unit.id), 303)


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
    viewer = current_viewer()
    citers = find_citers(viewer, page.law.refid)
    return render_template(
        "laws/show_law.html",
        page=page,
        citation=citation_of(page.law.refid, page.law.title),
        ours=unit_laws.list_notes(viewer, page.law.refid),
        may_keep=can_keep_some_list(viewer),
        citers={anchor_of(one.section): one for one in citers.paragraphs},
        citers_url=citers.url if citers.paragraphs or citers.is_named else "",
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _kept(unit_law_id: int) -> tuple[UnitLaw, Unit]:
    """Return the line and its unit: 404 when it is gone, 403 for who does not keep the list."""
    found = unit_laws.load_unit_law(unit_law_id)
    unit = get_unit(found.unit_id)
    keep.demand_keeper(unit, current_viewer())
    return found, unit
