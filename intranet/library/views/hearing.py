"""The pages of a hearing as a whole: sending it, reading it, extending and closing it."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for

from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library.actions import hearing as actions
from intranet.library.hearing import WHOLE, HearingAnswer
from intranet.library.hearing_forms import (
    CloseHearingForm,
    CommentForm,
    ExtendHearingForm,
    SendToHearingForm,
    add_person,
    offer_persons,
    offer_places,
    offer_units,
    place_name,
)
from intranet.library.lifecycle import RevisionState
from intranet.library.queries import documents, hearing_parts, hearings, revisions
from intranet.library.queries.hearing_people import find_person, list_named
from intranet.library.queries.hearings import HearingPage
from intranet.library.views.blueprint import blueprint
from intranet.library.views.text import render_blocks
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form


@blueprint.route("/bibliotek/<string:number>/horing/ny", methods=["GET", "POST"])
@requires()
def send_to_hearing(number: str) -> Any:
    """Send the draft on hearing: who is asked, until when, and with which words."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    revision = revisions.get_working_for(viewer, document)
    form = _sending_form(revision.version)
    status = 200
    if not form.is_submitted() and revision.state != RevisionState.DRAFT:
        raise NotPossibleNow(_("Bare et utkast kan sendes på høring."))
    is_more = "more" in request.form
    # In this order: to validate a form forgets what was found wrong before.
    is_right = form.is_submitted() and (is_more or form.validate())
    is_found = _add_typed(form)
    if is_more:
        status = 200 if is_found else 422
    elif is_right and is_found:
        try:
            with transaction():
                sent = actions.send_to_hearing(
                    documents.load_document(number),
                    unit_ids=form.units.data or [],
                    person_ids=form.persons.data or [],
                    due_on=form.due_on.data,
                    words=form.words.data or "",
                    version=form.version.data,
                    actor=viewer,
                )
                hearing_id = sent.id
            return _to(document.number, hearing_id)
        except (InvalidInput, SomeoneElseWasFirst) as error:
            status = _refuse(form, error, revisions.get_working_for(viewer, document).version)
    elif form.is_submitted():
        status = 422
    page = render_template(
        "library/send_to_hearing.html",
        document=document,
        revision=revision,
        form=form,
        form_has_errors=status != 200,
    )
    return page, status


def _sending_form(version: int) -> SendToHearingForm:
    form = SendToHearingForm(data={"version": version})
    offer_units(form, list_units())
    offer_persons(form, list_named(form.persons.data or []))
    return form


def _add_typed(form: SendToHearingForm) -> bool:
    """Put whoever is typed on the list; False and a word at the field when nobody is found."""
    typed = form.person.data or ""
    if not typed:
        return True
    # Before it is looked up: no name has signs that a database cannot take.
    if not form.person.validate(form):
        return False
    try:
        found = find_person(typed)
    except InvalidInput as error:
        form.person.errors = [*form.person.errors, str(error.message)]
        return False
    add_person(form, found.id, found.name)
    return True


@blueprint.get("/bibliotek/<string:number>/horing/<int:hearing_id>")
@requires()
def show_hearing(number: str, hearing_id: int) -> Any:
    """Show the text that was sent, with what was said about it and what it was answered."""
    return render_hearing(hearings.get_hearing_for(current_viewer(), number, hearing_id))


@blueprint.get("/bibliotek/<string:number>/horing/<int:hearing_id>/spurte")
@requires()
def list_hearing_people(number: str, hearing_id: int) -> str:
    """Show everybody who was asked, and whether they answered, fifty at a time."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    return render_template(
        "library/list_hearing_people.html",
        hearing=hearing,
        counts=hearing_parts.count_asked(hearing.id),
        page=hearing_parts.list_asked(hearing.id, number_parameter("etter")),
    )


@blueprint.get("/bibliotek/<string:number>/horing/<int:hearing_id>/fil/<int:stored_id>")
@requires()
def download_hearing_file(number: str, hearing_id: int, stored_id: int) -> Response:
    """Send a file that the draft had when it was sent on hearing."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    return send_stored_file(hearing_parts.get_hearing_file(hearing.id, stored_id))


@blueprint.post("/bibliotek/<string:number>/horing/<int:hearing_id>/forleng")
@requires()
def extend_hearing(number: str, hearing_id: int) -> Any:
    """Set a later deadline."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    form = ExtendHearingForm()
    if not form.validate():
        return render_hearing(hearing, extend_form=form, status=422)
    try:
        with transaction():
            actions.extend_hearing(
                documents.load_document(number),
                hearing_id,
                form.due_on.data,
                version=form.version.data,
                actor=current_viewer(),
            )
    except (InvalidInput, SomeoneElseWasFirst) as error:
        fresh = hearings.get_hearing_for(current_viewer(), number, hearing_id)
        status = _refuse(form, error, fresh.version)
        return render_hearing(fresh, extend_form=form, status=status)
    return _to(hearing.number, hearing_id)


@blueprint.post("/bibliotek/<string:number>/horing/<int:hearing_id>/avslutt")
@requires()
def close_hearing(number: str, hearing_id: int) -> Any:
    """End the hearing before its deadline."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    form = CloseHearingForm()
    if not form.validate():
        return render_hearing(hearing, close_form=form, status=422)
    try:
        with transaction():
            actions.close_hearing(
                documents.load_document(number),
                hearing_id,
                form.reason.data or "",
                version=form.version.data,
                actor=current_viewer(),
            )
    except (InvalidInput, SomeoneElseWasFirst) as error:
        fresh = hearings.get_hearing_for(current_viewer(), number, hearing_id)
        status = _refuse(form, error, fresh.version)
        return render_hearing(fresh, close_form=form, status=status)
    return _to(hearing.number, hearing_id)


def render_hearing(
    hearing: HearingPage,
    *,
    comment_form: CommentForm | None = None,
    extend_form: ExtendHearingForm | None = None,
    close_form: CloseHearingForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """Return the hearing's page; a form that was sent is shown as it was."""
    blocks = render_blocks(hearing.body)
    comments = hearings.list_comments(hearing.id)
    by_place: dict[int, list[Any]] = {}
    for comment in comments:
        by_place.setdefault(comment.place, []).append(comment)
    shown = {"version": hearing.version}
    place = number_parameter("avsnitt") or WHOLE
    form = comment_form or CommentForm(
        formdata=None, data={"place": place if place <= len(blocks) else WHOLE}
    )
    offer_places(form, blocks)
    viewer = current_viewer()
    others = hearings.list_hearings_for(viewer, hearing.document_id, hearing.revision_number)
    page = render_template(
        "library/show_hearing.html",
        hearing=hearing,
        blocks=blocks,
        comments=by_place,
        comment_count=len(comments),
        unanswered=[each for each in comments if each.answer == HearingAnswer.NONE],
        asked=hearing_parts.list_asked(hearing.id, most=hearing_parts.FEW),
        counts=hearing_parts.count_asked(hearing.id),
        files=hearing_parts.list_hearing_files(hearing.id),
        units=documents.names_of_units(hearing.unit_ids),
        others=[other for other in others if other.id != hearing.id],
        place_name=place_name,
        comment_form=form,
        extend_form=extend_form or ExtendHearingForm(formdata=None, data=shown),
        close_form=close_form or CloseHearingForm(formdata=None, data=shown),
        form_has_errors=status != 200,
    )
    return page, status


def _to(number: str, hearing_id: int) -> Any:
    return redirect(url_for("library.show_hearing", number=number, hearing_id=hearing_id))


def _refuse(form: Any, error: InvalidInput | SomeoneElseWasFirst, version: int) -> int:
    """Show the refusal in the form, with the version as it is now; return the status."""
    add_to_form(form, error)
    if isinstance(error, InvalidInput):
        return 422
    form.version.data, form.version.raw_data = version, None
    return 409
