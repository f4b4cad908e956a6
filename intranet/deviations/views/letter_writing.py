"""Writing a letter: a form with what the case knows, one field per thing that the law demands."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import letters as actions
from intranet.deviations.actions.steps import keep_privacy_reason
from intranet.deviations.letter_forms import (
    PREFIX,
    draft_of,
    guarded_names,
    letter_form,
    mark_needed,
)
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import reads_closed_letters, sees_letters
from intranet.deviations.letter_shapes import (
    Language,
    LetterField,
    LetterKind,
    fill_in,
    shown_fields,
)
from intranet.deviations.letter_words import LEADS, letter_name
from intranet.deviations.letters import BY_SLUG, LETTERS, kinds_for
from intranet.deviations.queries import letters as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.clocks import kind_of, list_clocks
from intranet.deviations.queries.letter_facts import load_facts
from intranet.deviations.queries.letter_places import Place, place_of
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.letter_pages import demand_writer
from intranet.deviations.views.opening import open_case
from intranet.web.access import current_viewer, requires


@blueprint.route("/avvik/<int:number>/brev/ny/<string:slug>", methods=["GET", "POST"])
@requires()
def add_letter(number: int, slug: str) -> Any:
    """Begin a letter: the form holds what the case knows, and nothing is kept until it is saved."""
    viewer = current_viewer()
    case, kind = get_deviation_for(viewer, number), BY_SLUG.get(slug)
    if kind is None or not sees_letters(viewer, case.access):
        raise NotFound(_("Vi finner ikke dette brevet."))
    demand_writer(case, viewer)
    clocks = [(clock.key, clock.phase) for clock in list_clocks(case.deviation.id)]
    if kind not in kinds_for(kind_of(case.deviation.id), clocks):
        raise NotPossibleNow(_("Velg først hva slags hendelse det er. Da vet vi hvilke brev."))
    place = place_of(case, kind)
    form = _form(case, place, viewer, _proposal(case, place, viewer))
    if not form.is_submitted():
        draft = queries.find_draft(case.deviation.id, kind)
        return _page(case, place, form, 200, draft=draft)
    if not form.validate() or _held_back(form, place, case, viewer):
        return _page(case, place, form, 422)
    with transaction():
        fresh = get_deviation_for(viewer, number)
        letter = actions.start_letter(fresh, kind, draft_of(form), actor=viewer)
        keep_privacy_reason(fresh.deviation, letter.privacy_reason, actor=viewer)
        letter_id = letter.id
    return _saved(number, letter_id)


@blueprint.route("/avvik/<int:number>/brev/<int:letter_id>/skriv", methods=["GET", "POST"])
@requires()
def edit_letter(number: int, letter_id: int) -> Any:
    """Go on with a draft."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    demand_writer(case, viewer)
    if not letter.is_draft:
        raise NotPossibleNow(_("Dette er ferdig og kan ikke endres. Lag et nytt."))
    place = place_of(case, LetterKind(letter.kind))
    form = _form(case, place, viewer, _kept(letter, case, viewer))
    if not form.is_submitted():
        with transaction():
            actions.note_reading(case, letter, actor=viewer)
        return _page(case, place, form, 200, letter=letter)
    if not form.validate() or _held_back(form, place, case, viewer):
        return _page(case, place, form, 422, letter=letter)
    try:
        with transaction():
            _save(number, letter_id, form, viewer)
    except SomeoneElseWasFirst as error:
        return _show_both(number, letter_id, place, form, error, viewer)
    return _saved(number, letter_id)


def _save(number: int, letter_id: int, form: Any, viewer: Viewer) -> None:
    case = get_deviation_for(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    before = letter.privacy_reason
    version = -1 if form.version.data is None else int(form.version.data)
    actions.save_letter(case, letter, draft_of(form), actor=viewer, version=version)
    if letter.privacy_reason != before:
        keep_privacy_reason(case.deviation, letter.privacy_reason, actor=viewer)


def _saved(number: int, letter_id: int) -> Any:
    flash(_("Utkastet er lagret. Les gjennom det før du gjør det ferdig."), "success")
    return redirect(url_for("deviations.show_letter", number=number, letter_id=letter_id))


def _show_both(
    number: int,
    letter_id: int,
    place: Place,
    form: Any,
    error: SomeoneElseWasFirst,
    viewer: Viewer,
) -> Any:
    """Show what was typed beside what is saved now; the next press replaces it knowingly."""
    case = get_deviation_for(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    if not letter.is_draft:
        raise error
    saved = _kept(letter, case, viewer)
    theirs = {
        field.name: saved.get(field.name, "")
        for field in form
        if field.name.startswith(PREFIX) and (field.data or "") != saved.get(field.name, "")
    }
    form.version.data, form.version.raw_data = letter.version, None
    form.form_errors.append(str(error.message))
    return _page(case, place, form, 409, letter=letter, theirs=theirs)


def _form(case: Case, place: Place, viewer: Viewer, proposal: dict[str, Any]) -> Any:
    fields = _fields(case, place, viewer)
    made = letter_form(place.kind, fields, number=place.number, is_late=place.is_late)
    return mark_needed(made(data=proposal))


def _proposal(case: Case, place: Place, viewer: Viewer) -> dict[str, Any]:
    facts = load_facts(case, place.kind, viewer)
    earlier = place.earlier.values if place.earlier else None
    filled = fill_in(LETTERS[place.kind], facts, earlier)
    language = place.earlier.language if place.earlier else _own_language(viewer)
    texts = {PREFIX + key: text for key, text in filled.items()}
    return {**texts, "language": language, "version": 0}


def _own_language(viewer: Viewer) -> Language:
    return Language.NYNORSK if viewer.language == Language.NYNORSK else Language.BOKMAL


def _kept(letter: DeviationLetter, case: Case, viewer: Viewer) -> dict[str, Any]:
    texts = letter.values if reads_closed_letters(viewer, case.access) else letter.texts
    return {
        **{PREFIX + key: text for key, text in texts.items()},
        "language": letter.language,
        "privacy_reason": letter.privacy_reason,
        "version": letter.version,
    }


def _held_back(form: Any, place: Place, case: Case, viewer: Viewer) -> bool:
    """Look the texts through when the letter goes to others than an authority."""
    if not LETTERS[place.kind].is_guarded:
        return False
    return holds_back(form, guarded_names(_fields(case, place, viewer)), viewer)


def _fields(case: Case, place: Place, viewer: Viewer) -> list[LetterField]:
    return shown_fields(
        LETTERS[place.kind],
        number=place.number,
        is_late=place.is_late,
        reads_closed=reads_closed_letters(viewer, case.access),
    )


def _page(
    case: Case,
    place: Place,
    form: Any,
    status: int,
    *,
    letter: DeviationLetter | None = None,
    draft: DeviationLetter | None = None,
    theirs: dict[str, str] | None = None,
) -> tuple[str, int]:
    page = render_template(
        "deviations/write_letter.html",
        case=case,
        deviation=case.deviation,
        form=form,
        form_has_errors=status != 200,
        place=place,
        letter=letter,
        draft=draft,
        theirs=theirs or {},
        name=letter_name(place.kind, place.number),
        lead=LEADS[place.kind],
        has_proposal=letter is None and request.method == "GET",
    )
    return page, status
