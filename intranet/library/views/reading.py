"""The pages of read receipts: confirming, who must read, and who has."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library import policy
from intranet.library.actions import reading as actions
from intranet.library.queries import documents, reading
from intranet.library.queries.documents import DocumentPage
from intranet.library.reading import questions_of, wrong_places
from intranet.library.reading_forms import (
    AddReadersForm,
    ConfirmReadingForm,
    ReadersFilterForm,
    answers_of,
    chosen_readers,
    mark_wrong,
    offer_questions,
    offer_readers,
    readers_label,
)
from intranet.library.views.blueprint import blueprint
from intranet.library.views.read import render_document
from intranet.login.leaving import leave
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.forms import add_to_form


@blueprint.post("/bibliotek/<string:number>/lest")
@requires()
def confirm_reading(number: str) -> Any:
    """Keep that the version shown is read; on a shared device, log out in the same press."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    questions = questions_of(document.questions)
    form = ConfirmReadingForm()
    offer_questions(form, questions)
    form.validate()
    try:
        with transaction():
            actions.confirm_reading(
                documents.load_document(number), form.version.data, answers_of(form), actor=viewer
            )
    except (InvalidInput, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        mark_wrong(form, questions, wrong_places(questions, answers_of(form)))
        status = 422 if isinstance(error, InvalidInput) else 409
        fresh = documents.get_document_for(viewer, number)
        return render_document(viewer, fresh, confirm_form=form), status
    if request.form.get("leave"):
        return leave(lest=1)
    return redirect(url_for("library.show_document", number=document.number, _anchor="lest"))


@blueprint.get("/bibliotek/<string:number>/lesere")
@requires()
def edit_readers(number: str) -> Any:
    """Show who must read the document, and the form for asking more."""
    return _render_readers(_worked_on(number), AddReadersForm(formdata=None))


@blueprint.post("/bibliotek/<string:number>/lesere")
@requires()
def add_readers(number: str) -> Any:
    """Ask a group in a place to read the document."""
    document = _worked_on(number)
    form = AddReadersForm()
    _offer(form, document)
    if not form.validate():
        return _render_readers(document, form, status=422)
    readers, value = chosen_readers(form)
    try:
        with transaction():
            actions.add_reading_rule(
                documents.load_document(number),
                unit_id=form.unit.data,
                readers=readers,
                value=value,
                days=form.days.data,
                actor=current_viewer(),
            )
    except InvalidInput as error:
        add_to_form(form, error)
        return _render_readers(document, form, status=422)
    return redirect(url_for("library.edit_readers", number=document.number))


@blueprint.post("/bibliotek/<string:number>/lesere/<int:rule_id>/fjern")
@requires()
def remove_readers(number: str, rule_id: int) -> AnyResponse:
    """No longer ask a group."""
    document = _worked_on(number)
    with transaction():
        actions.remove_reading_rule(
            documents.load_document(number), rule_id, actor=current_viewer()
        )
    return redirect(url_for("library.edit_readers", number=document.number))


@blueprint.get("/bibliotek/<string:number>/lest")
@requires()
def list_readers(number: str) -> str:
    """Show how far the reading has come in the units that the viewer answers for."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    if not policy.can_see_some_readers(viewer, document.facts):
        raise NotAllowed(_("Bare eieren, ledere og kvalitetsrådgivere ser hvem som har lest."))
    coverage = reading.list_coverage_for(viewer, document)
    unit_id, has_read = number_parameter("enhet"), request.args.get("vis") == "lest"
    form = ReadersFilterForm(
        formdata=None, data={"enhet": unit_id, "vis": "lest" if has_read else ""}
    )
    form.enhet.choices = [
        ("", _("Alle enheter")),
        *((row.id, row.name) for row in coverage.units if row.id),
    ]
    form.vis.choices = [("", _("De som mangler")), ("lest", _("De som har lest"))]
    return render_template(
        "library/list_readers.html",
        document=document,
        coverage=coverage,
        form=form,
        has_read=has_read,
        unit_id=unit_id,
        page=reading.list_readers_for(
            viewer,
            document,
            has_read=has_read,
            unit_id=unit_id,
            after=number_parameter("etter") or 0,
        ),
    )


def _worked_on(number: str) -> DocumentPage:
    """Return the document to those who work on it. Raises NotFound or NotAllowed."""
    document = documents.get_document_for(current_viewer(), number)
    if not document.can_work:
        raise NotAllowed(
            _("Bare de som arbeider med dokumentet, bestemmer hvem som skal lese det.")
        )
    return document


def _offer(form: AddReadersForm, document: DocumentPage) -> None:
    viewer = current_viewer()
    units = [
        unit
        for unit in list_units()
        if policy.can_require_readers(viewer, document.facts, unit.path)
    ]
    offer_readers(form, units, reading.list_titles())


def _render_readers(
    document: DocumentPage, form: AddReadersForm, *, status: int = 200
) -> tuple[str, int]:
    _offer(form, document)
    page = render_template(
        "library/edit_readers.html",
        document=document,
        form=form,
        rules=reading.list_rules(document.id),
        readers_label=readers_label,
        may_see_readers=policy.can_see_some_readers(current_viewer(), document.facts),
        form_has_errors=status == 422,
    )
    return page, status
