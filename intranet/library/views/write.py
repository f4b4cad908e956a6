"""The pages for writers: new documents, drafts, their files, and the review answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.file_types import ALLOWED, PICTURE_MEDIA_TYPES
from intranet.core.files import accepted_extensions, receive_upload, text_of_received
from intranet.core.keyset import page_request
from intranet.core.text import _
from intranet.core.text_checks import check_text
from intranet.core.transaction import transaction
from intranet.core.word_diff import compare_texts
from intranet.library.actions import files as file_actions
from intranet.library.actions import review, write
from intranet.library.forms import (
    AnswerReviewForm,
    AttachFileForm,
    EditDocumentForm,
    WriteDocumentForm,
    contents_of,
    offer_choices,
    offer_kinds,
    values_of,
)
from intranet.library.policy import can_write_for_unit, can_write_somewhere
from intranet.library.queries import documents, revisions
from intranet.library.queries.documents import DocumentPage
from intranet.library.queries.revisions import RevisionPage
from intranet.library.queries.supplements import find_supplemented
from intranet.library.queries.types import list_types
from intranet.library.review import ReviewFinding
from intranet.library.views.blueprint import blueprint
from intranet.library.views.read import render_document
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.get("/bibliotek/arbeid")
@requires()
def list_work() -> str:
    """Show the drafts that the person may work on."""
    viewer = current_viewer()
    return render_template(
        "library/list_work.html",
        page=documents.list_work_for(viewer, page_request(request.args)),
        may_write=can_write_somewhere(viewer),
    )


@blueprint.route("/bibliotek/ny", methods=["GET", "POST"])
@requires(can_write_somewhere)
def write_document() -> Any:
    """Start a new document."""
    viewer = current_viewer()
    form = WriteDocumentForm(data={"unit": viewer.home_unit_id, "kind": "PRO"})
    units = list_units()
    offer_choices(form, units)
    offer_kinds(form, list_types(), [u for u in units if can_write_for_unit(viewer, u.path)])
    if not form.is_submitted():
        return render_template("library/write_document.html", form=form)
    number = _write(form, viewer) if form.validate() else None
    if number is None:
        page = render_template("library/write_document.html", form=form, form_has_errors=True)
        return page, 422
    return redirect(url_for("library.edit_document", number=number))


@blueprint.route("/bibliotek/<string:number>/rediger", methods=["GET", "POST"])
@requires()
def edit_document(number: str) -> Any:
    """Write on the draft; whoever saves second sees the first one's text beside the own."""
    document, revision = _editable(number)
    form = EditDocumentForm(data=values_of(revision))
    offer_choices(form, list_units())
    if not form.is_submitted():
        return _render_edit(document, revision, form)
    if not form.validate():
        return _render_edit(document, revision, form, status=422)
    try:
        with transaction():
            write.edit_draft(
                documents.load_document(number),
                contents_of(form),
                version=form.version.data,
                actor=current_viewer(),
            )
    except InvalidInput as error:
        add_to_form(form, error)
        return _render_edit(document, revision, form, status=422)
    except SomeoneElseWasFirst:
        return _render_conflict(number, form)
    return redirect(_after_saving(document.number, revision.number))


@blueprint.post("/bibliotek/<string:number>/ny-versjon")
@requires()
def start_revision(number: str) -> AnyResponse:
    """Begin the next revision of a document."""
    documents.get_document_for(current_viewer(), number)
    with transaction():
        write.start_revision(documents.load_document(number), actor=current_viewer())
    return redirect(url_for("library.edit_document", number=number))


@blueprint.post("/bibliotek/<string:number>/legg-bort")
@requires()
def drop_draft(number: str) -> AnyResponse:
    """Lay the draft aside."""
    documents.get_document_for(current_viewer(), number)
    with transaction():
        write.drop_draft(documents.load_document(number), actor=current_viewer())
    return redirect(url_for("library.show_document", number=number))


@blueprint.post("/bibliotek/<string:number>/vedlegg")
@requires()
def attach_file(number: str) -> Any:
    """Attach a file to the draft. It is checked before the transaction begins."""
    document, revision = _editable(number)
    form = AttachFileForm()
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise InvalidInput(_("Velg en fil."), field="file")
        received = receive_upload(upload.stream, upload.filename)
        text = text_of_received(received)
        with transaction():
            file_actions.attach_file(
                documents.load_document(number), received, text, actor=current_viewer()
            )
    except InvalidInput as error:
        add_to_form(form, error)
        draft = EditDocumentForm(formdata=None, data=values_of(revision))
        offer_choices(draft, list_units())
        return _render_edit(document, revision, draft, file_form=form, status=422)
    return redirect(url_for("library.edit_document", number=number, _anchor="vedlegg"))


@blueprint.post("/bibliotek/<string:number>/vedlegg/<int:file_id>/fjern")
@requires()
def remove_file(number: str, file_id: int) -> AnyResponse:
    """Remove a file from the draft."""
    document, _revision = _editable(number)
    revisions.get_file_for(current_viewer(), document, file_id)
    with transaction():
        file_actions.remove_file(documents.load_document(number), file_id, actor=current_viewer())
    return redirect(url_for("library.edit_document", number=number, _anchor="vedlegg"))


@blueprint.post("/bibliotek/<string:number>/fortsatt-riktig")
@requires()
def answer_review(number: str) -> AnyResponse:
    """Keep what was found, and go where it leads."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    form = AnswerReviewForm()
    is_valid = form.validate()
    if document.can_answer_review and not is_valid:
        return make_response(render_document(viewer, document, review_form=form), 422)
    finding = ReviewFinding(form.finding.data) if is_valid else ReviewFinding.RIGHT
    if finding is ReviewFinding.WITHDRAW and document.can_withdraw:
        return redirect(url_for("library.withdraw_document", number=number))
    with transaction():
        review.answer_review(
            documents.load_document(number), form.note.data or "", finding=finding, actor=viewer
        )
    begins = finding in (ReviewFinding.SMALL, ReviewFinding.REVISE)
    endpoint = "library.edit_document" if begins else "library.show_document"
    return redirect(url_for(endpoint, number=number))


def _write(form: WriteDocumentForm, viewer: Viewer) -> str | None:
    """Keep the new document; return its number, or None when the form says what is wrong."""
    try:
        with transaction():
            return write.write_document(
                contents_of(form),
                prefix=form.kind.data,
                unit_id=form.unit.data,
                actor=viewer,
            ).number
    except InvalidInput as error:
        add_to_form(form, error)
        return None


def _editable(number: str) -> tuple[DocumentPage, RevisionPage]:
    """Return document and draft; 404 when hidden, 409 when it is no draft now."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    revision = revisions.get_working_for(viewer, document)
    if not revision.can_edit:
        raise NotPossibleNow(_("Denne versjonen kan ikke redigeres nå."))
    return document, revision


def _pictures(number: str, files: Sequence[Any]) -> list[dict[str, str]]:
    """Return the attached pictures by name, with the address that the text points at."""
    return [
        {
            "name": file.name,
            "address": url_for(
                "library.show_picture", number=number, stored_id=file.stored_file_id
            ),
        }
        for file in files
        if file.media_type in PICTURE_MEDIA_TYPES
    ]


def _after_saving(number: str, version: int) -> str:
    """Return where the pressed button leads: on writing, or to the draft as readers will see it."""
    if request.form.get("step") == "show":
        return url_for("library.show_revision", number=number, version=version)
    return url_for("library.edit_document", number=number)


def _render_conflict(number: str, form: EditDocumentForm) -> Any:
    """Keep what was typed, show what the other saved, and let the person save over it knowingly."""
    document, theirs = _editable(number)
    form.version.data = theirs.version
    form.version.raw_data = None
    changes = compare_texts(theirs.body, form.body.data or "")
    return _render_edit(document, theirs, form, status=409, changes=changes)


def _render_edit(
    document: DocumentPage,
    revision: RevisionPage,
    form: EditDocumentForm,
    *,
    status: int = 200,
    file_form: AttachFileForm | None = None,
    changes: Any = None,
) -> tuple[str, int]:
    files = revisions.list_files(revision.id)
    page = render_template(
        "library/edit_document.html",
        document=document,
        revision=revision,
        form=form,
        file_form=file_form or AttachFileForm(formdata=None),
        files=files,
        pictures=_pictures(document.number, files),
        central=find_supplemented(document.supplements_id),
        remarks=check_text(form.body.data or ""),
        accept=accepted_extensions(ALLOWED),
        changes=changes,
        form_has_errors=status == 422,
    )
    return page, status
