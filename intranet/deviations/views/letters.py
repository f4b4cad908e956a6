"""The page of one letter: read through, finish, fetch the PDF, say that it was sent, discard."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now, oslo_moment
from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import letters as actions
from intranet.deviations.actions.clocks import Sent
from intranet.deviations.actions.letter_pdf import typeset_letter
from intranet.deviations.actions.steps import keep_privacy_reason
from intranet.deviations.letter_document import FRAMES
from intranet.deviations.letter_forms import LetterStepForm, SendLetterForm
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import (
    finishes_letter,
    reads_closed_letters,
    writes_letters,
)
from intranet.deviations.letter_shapes import LetterKind
from intranet.deviations.letter_words import LEADS, field_words, letter_name
from intranet.deviations.letters import LETTERS
from intranet.deviations.queries import letters as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.queries.letter_places import document_of, missing_in, place_of
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.letter_pages import (
    demand_writer,
    shown_document,
)
from intranet.deviations.views.opening import open_case
from intranet.deviations.views.special import roles_of
from intranet.people.queries.persons import names_of
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form

REFUSALS = (InvalidInput, NotPossibleNow, SomeoneElseWasFirst)


@blueprint.get("/avvik/<int:number>/brev/<int:letter_id>")
@requires()
def show_letter(number: int, letter_id: int) -> Any:
    """Show the letter as it will stand on paper; that it was read goes into the audit."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    with transaction():
        actions.note_reading(case, letter, actor=viewer)
    case = get_deviation_for(viewer, number)
    return _letter_page(case, queries.get_letter_for(viewer, case, letter_id), viewer)


@blueprint.post("/avvik/<int:number>/brev/<int:letter_id>/ferdig")
@requires()
def finish_letter(number: int, letter_id: int) -> Any:
    """Freeze the letter as it was read and make its PDF."""
    viewer, form = current_viewer(), LetterStepForm()
    case = get_deviation_for(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    demand_writer(case, viewer)
    version = -1 if form.version.data is None else int(form.version.data)
    kind = LetterKind(letter.kind)
    if not letter.is_draft or version != letter.version or missing_in(case, letter):
        # The action says which; nothing is typeset for a letter that cannot be finished.
        made = actions.Finished(document_of(case, letter), place_of(case, kind).number)
    else:
        document = document_of(case, letter, dated=True)
        made = actions.Finished(
            document, place_of(case, kind).number, typeset_letter(case, kind, document)
        )
    try:
        with transaction():
            fresh = get_deviation_for(viewer, number)
            same = queries.get_letter_for(viewer, fresh, letter_id)
            actions.finish_letter(fresh, same, made, actor=viewer, version=version)
    except REFUSALS as error:
        status = 422 if isinstance(error, InvalidInput) else 409
        fresh = get_deviation_for(viewer, number)
        same = queries.get_letter_for(viewer, fresh, letter_id)
        return _letter_page(fresh, same, viewer, status=status, refused=str(error.message))
    return redirect(url_for("deviations.show_letter", number=number, letter_id=letter_id))


@blueprint.post("/avvik/<int:number>/brev/<int:letter_id>/pdf")
@requires()
def download_letter(number: int, letter_id: int) -> Response:
    """Send the PDF; with names or health in it only to those who may read the closed part."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    stored = queries.get_pdf_of(letter)
    if document_of(case, letter).has_closed and not reads_closed_letters(viewer, case.access):
        raise NotAllowed(
            _("Brevet har navn eller helse i seg. Bare den som behandler saken, kan hente det.")
        )
    with transaction():
        actions.note_download(case, letter, actor=viewer)
    return send_stored_file(stored)


@blueprint.post("/avvik/<int:number>/brev/<int:letter_id>/forkast")
@requires()
def discard_letter(number: int, letter_id: int) -> Any:
    """Lay a draft away."""
    viewer, form = current_viewer(), LetterStepForm()
    version = -1 if form.version.data is None else int(form.version.data)
    with transaction():
        case = get_deviation_for(viewer, number)
        letter = queries.get_letter_for(viewer, case, letter_id)
        actions.discard_letter(case, letter, actor=viewer, version=version)
    flash(_("Utkastet er forkastet."), "success")
    return redirect(url_for("deviations.show_deviation", number=number))


@blueprint.route("/avvik/<int:number>/brev/<int:letter_id>/sendt", methods=["GET", "POST"])
@requires()
def send_letter(number: int, letter_id: int) -> Any:
    """Say when and how the letter was sent; the deadline is marked only when that is ticked."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    letter = queries.get_letter_for(viewer, case, letter_id)
    demand_writer(case, viewer)
    form = SendLetterForm(data=_sending_now(letter))
    if not form.is_submitted():
        return _sending_page(case, letter, form, 200)
    if not form.validate() or holds_back(form, ["note", "reason"], viewer):
        return _sending_page(case, letter, form, 422)
    sent = Sent(
        oslo_moment(form.day.data, form.clock.data),
        form.note.data or "",
        form.reference.data or "",
        form.reason.data or "",
    )
    try:
        with transaction():
            fresh = get_deviation_for(viewer, number)
            same = queries.get_letter_for(viewer, fresh, letter_id)
            actions.send_letter(fresh, same, sent, actor=viewer, settles=bool(form.settles.data))
            keep_privacy_reason(fresh.deviation, form.privacy_reason.data or "", actor=viewer)
    except REFUSALS as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        fresh = get_deviation_for(viewer, number)
        same = queries.get_letter_for(viewer, fresh, letter_id)
        return _sending_page(fresh, same, form, status)
    flash(_("Det er skrevet ned når og hvordan det ble sendt."), "success")
    return redirect(url_for("deviations.show_deviation", number=number))


def _letter_page(
    case: Case, letter: DeviationLetter, viewer: Viewer, *, status: int = 200, refused: str = ""
) -> tuple[str, int]:
    kind = LetterKind(letter.kind)
    rule, roles, case_kind = LETTERS[kind], roles_of(case), kind_of(case.deviation.id)
    reads_closed = reads_closed_letters(viewer, case.access)
    document = shown_document(case, letter, viewer)
    place = place_of(case, kind)
    page = render_template(
        "deviations/show_letter.html",
        case=case,
        deviation=case.deviation,
        letter=letter,
        rule=rule,
        name=letter_name(kind, letter.number or place.number),
        lead=LEADS[kind],
        document=document,
        frame=FRAMES[letter.language],
        missing=[field_words(kind, key)[0] for key in missing_in(case, letter)]
        if letter.is_draft
        else [],
        form=LetterStepForm(formdata=None, data={"version": letter.version}),
        clock=place.clock,
        writes=writes_letters(viewer, case.access, case_kind, roles),
        finishes=finishes_letter(viewer, case.access, case_kind, roles, kind),
        fetches=letter.stored_file_id is not None and (reads_closed or not document.has_closed),
        names=names_of([letter.changed_by, letter.finished_by, letter.sent_by]),
        refused=refused,
        form_has_errors=status != 200,
    )
    return page, status


def _sending_now(letter: DeviationLetter) -> dict[str, Any]:
    local = now().astimezone(OSLO)
    name = letter_name(letter.kind, letter.number)
    return {
        "day": local.date(),
        "clock": local.time().replace(second=0, microsecond=0),
        "note": _("%(letter)s er sendt til %(who)s.", letter=name, who=_receiver(letter)),
        "reason": letter.texts.get("late", ""),
        "settles": True,
    }


def _receiver(letter: DeviationLetter) -> str:
    """Return to whom, when that is no secret; names stand on the lines below."""
    lines = letter.texts.get("to", "").strip().splitlines()
    return lines[0].strip() if lines else _("mottakeren")


def _sending_page(case: Case, letter: DeviationLetter, form: Any, status: int) -> tuple[str, int]:
    place = place_of(case, LetterKind(letter.kind))
    page = render_template(
        "deviations/send_letter.html",
        case=case,
        deviation=case.deviation,
        letter=letter,
        name=letter_name(letter.kind, letter.number),
        clock=place.clock if place.clock and place.clock.is_open else None,
        is_late=place.is_late,
        form=form,
        form_has_errors=status != 200,
    )
    return page, status
