"""The pages of approval and withdrawal."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.core.word_diff import compare_texts, count_changes
from intranet.library.actions import approve, schedule
from intranet.library.forms import (
    ApproveRevisionForm,
    CallBackForm,
    ReturnRevisionForm,
    VersionForm,
    WithdrawDocumentForm,
)
from intranet.library.lifecycle import RevisionState
from intranet.library.policy import may_approve_for_unit
from intranet.library.queries import documents, revisions
from intranet.library.queries.documents import DocumentPage
from intranet.library.queries.revisions import RevisionPage
from intranet.library.queries.supplements import find_supplemented
from intranet.library.views.blueprint import blueprint
from intranet.library.views.text import render_body
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.post("/bibliotek/<string:number>/til-godkjenning")
@requires()
def send_to_approval(number: str) -> AnyResponse:
    """Ask for approval of the draft as it was shown."""
    document = documents.get_document_for(current_viewer(), number)
    form = VersionForm()
    form.validate()
    with transaction():
        revision = approve.send_to_approval(
            documents.load_document(number), version=form.version.data, actor=current_viewer()
        )
        version = revision.number
    return redirect(url_for("library.show_revision", number=document.number, version=version))


@blueprint.post("/bibliotek/<string:number>/ta-tilbake")
@requires()
def take_back(number: str) -> AnyResponse:
    """Make it a draft again."""
    documents.get_document_for(current_viewer(), number)
    with transaction():
        approve.take_back(documents.load_document(number), actor=current_viewer())
    return redirect(url_for("library.edit_document", number=number))


@blueprint.get("/bibliotek/<string:number>/godkjenning")
@requires()
def show_approval(number: str) -> Any:
    """Show what is to be approved, and what it changes."""
    document, revision = _working(number)
    return _render_approval(document, revision)


@blueprint.post("/bibliotek/<string:number>/godkjenn")
@requires()
def approve_revision(number: str) -> Any:
    """Approve the revision that was shown, and publish it at once or on its day."""
    document, revision = _working(number)
    form = ApproveRevisionForm()
    if not form.validate():
        return _render_approval(document, revision, approve_form=form, status=422)
    try:
        with transaction():
            approve.approve_revision(
                documents.load_document(number),
                version=form.version.data,
                valid_from=form.valid_from.data,
                actor=current_viewer(),
            )
    except InvalidInput as error:
        add_to_form(form, error)
        return _render_approval(document, revision, approve_form=form, status=422)
    except SomeoneElseWasFirst as error:
        return _render_approval(document, revision, refusal=error.message, status=409)
    return redirect(url_for("library.show_document", number=document.number))


@blueprint.route("/bibliotek/<string:number>/kall-tilbake", methods=["GET", "POST"])
@requires()
def call_back(number: str) -> Any:
    """Make what is approved with a day to come a draft again, with a reason."""
    document, revision = _working(number)
    form, status = CallBackForm(data={"version": revision.version}), 200
    if revision.state != RevisionState.SCHEDULED:
        raise NotPossibleNow(_("Ingen godkjent versjon venter på dagen sin."))
    if form.is_submitted():
        status = 422
        if form.validate():
            with transaction():
                schedule.call_back(
                    documents.load_document(number),
                    form.reason.data or "",
                    version=form.version.data,
                    actor=current_viewer(),
                )
            return redirect(
                url_for("library.show_revision", number=document.number, version=revision.number)
            )
    page = render_template(
        "library/call_back.html",
        document=document,
        revision=revision,
        form=form,
        form_has_errors=status != 200,
    )
    return page, status


@blueprint.post("/bibliotek/<string:number>/send-tilbake")
@requires()
def return_revision(number: str) -> Any:
    """Send the revision back to its writer with a reason."""
    document, revision = _working(number)
    form = ReturnRevisionForm()
    if not form.validate():
        return _render_approval(document, revision, form=form, status=422)
    try:
        with transaction():
            approve.return_revision(
                documents.load_document(number),
                form.reason.data or "",
                version=form.version.data,
                actor=current_viewer(),
            )
    except SomeoneElseWasFirst as error:
        form.version.data, form.version.raw_data = revision.version, None
        return _render_approval(document, revision, form=form, refusal=error.message, status=409)
    return redirect(url_for("library.show_document", number=document.number))


@blueprint.route("/bibliotek/<string:number>/trekk-tilbake", methods=["GET", "POST"])
@requires()
def withdraw_document(number: str) -> Any:
    """Take a document out of force, with the reason and what applies instead."""
    document = documents.get_document_for(current_viewer(), number)
    if not may_approve_for_unit(current_viewer(), document.facts.unit_path):
        raise NotAllowed(_("Du kan ikke trekke tilbake dette dokumentet."))
    if not document.can_withdraw:
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    form, status = WithdrawDocumentForm(), 200
    if form.is_submitted() and form.validate():
        try:
            with transaction():
                approve.withdraw_document(
                    documents.load_document(number),
                    form.reason.data or "",
                    successor_number=form.successor.data or "",
                    actor=current_viewer(),
                )
            return redirect(url_for("library.show_document", number=document.number))
        except (InvalidInput, NotPossibleNow) as error:
            add_to_form(form, error)
            status = 422 if isinstance(error, InvalidInput) else 409
    elif form.is_submitted():
        status = 422
    page = render_template(
        "library/withdraw_document.html",
        document=document,
        form=form,
        form_has_errors=status != 200,
    )
    return page, status


def _working(number: str) -> tuple[DocumentPage, RevisionPage]:
    """Return document and revision in the works; 404 for those who may not see it."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    return document, revisions.get_working_for(viewer, document)


def _render_approval(
    document: DocumentPage,
    revision: RevisionPage,
    *,
    form: ReturnRevisionForm | None = None,
    approve_form: ApproveRevisionForm | None = None,
    refusal: object = "",
    status: int = 200,
) -> tuple[str, int]:
    shown = {"version": revision.version}
    former = revisions.find_former_text(document.id, revision.number)
    changes = compare_texts(former.body, revision.body) if former else []
    page = render_template(
        "library/show_approval.html",
        document=document,
        revision=revision,
        body=render_body(revision.body),
        files=revisions.list_files(revision.id),
        units=documents.units_of(document, revision.valid_for),
        central=find_supplemented(document.supplements_id),
        former=former,
        changes=changes,
        change_count=count_changes(changes),
        approve_form=approve_form or ApproveRevisionForm(formdata=None, data=shown),
        return_form=form or ReturnRevisionForm(formdata=None, data=shown),
        refusal=refusal,
        form_has_errors=status == 422,
    )
    return page, status
